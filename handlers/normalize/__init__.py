"""Readers of every format of posts: each makes documents. Pure."""
