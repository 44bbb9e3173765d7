"""How the process lives: what every room of ``bot`` stands on, and that knows no Telegram."""
