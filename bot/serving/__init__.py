"""The bot's desk: what people write, press and ask inline, answered."""
