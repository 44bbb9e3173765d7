"""Digests and reviews: composed at once, or at a time that the chat chose."""
