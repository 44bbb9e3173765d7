"""Where posts come from: Telegram's pushes, scans of channels, their history, their web pages."""
