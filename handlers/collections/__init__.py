"""Collections: posts that a chat puts by, shown, changed and handed out as a brief."""
