"""Compares posts: which are copies, which report one event, what is new to a reader. Pure."""
