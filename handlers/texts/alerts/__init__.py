"""What the bot says of alerts, and of why one came."""
