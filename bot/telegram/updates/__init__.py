"""What Telegram pushes, taken in by Telethon without ever going deaf."""
