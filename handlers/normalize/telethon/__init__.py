"""Telethon's messages, live or in files, read into documents."""
