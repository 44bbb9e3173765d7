"""Sending the outbox: what is due is rendered, sent at the pace, and its outcome recorded."""
