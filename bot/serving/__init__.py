"""Receives and answers what people write to the bot, press, and ask inline."""
