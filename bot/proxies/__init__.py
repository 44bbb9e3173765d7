"""Ways to Telegram where it is blocked: what PROXY names, which is used, how they are spoken to."""
