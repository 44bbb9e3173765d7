"""What the bot says of digests, plans and reviews."""
