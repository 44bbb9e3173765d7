"""Receives what Telegram pushes, also where Telethon by itself would stop receiving."""
