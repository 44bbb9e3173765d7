"""Judging posts: which say the same, which are of one event, what is news to a reader. Pure."""
