"""Digests: what came in, composed now or at a time of the chat's own."""
