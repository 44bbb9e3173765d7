"""How the service does: watched, measured, and told to whoever wants to hear of it."""
