"""What the bot says of channels to those who read."""
