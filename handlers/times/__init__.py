"""Times and zones as people write them, and when somebody wants to hear. Pure."""
