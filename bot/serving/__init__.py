"""What people write to the bot, press and ask inline, received and answered."""
