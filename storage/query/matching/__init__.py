"""Saved queries against a post: which of very many it matches."""
