"""Telegram Desktop's exports, HTML and JSON, read into documents."""
