"""Subscriptions as a file, and back: what a chat has set up, to keep or to set up elsewhere."""
