"""Channels and posts as people name them, and what of a channel somebody follows. Pure."""
