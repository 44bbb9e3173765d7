"""The words the bot speaks, by language."""
