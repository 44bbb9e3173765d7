"""What the bot says to people of themselves and of their chats."""
