"""Signals: what a chat is told when a channel falls silent, or posts of a query surge."""
