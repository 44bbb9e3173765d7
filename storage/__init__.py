"""What is known, and how it is asked for. Knows no Telegram."""
