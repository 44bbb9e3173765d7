"""Feeds and pages over HTTP, for who has their secret address."""
