"""Channels and posts as people name them, by link, name or number; and following a channel."""
