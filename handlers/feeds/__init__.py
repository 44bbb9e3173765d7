"""``/feed``: feeds of a chat, made, listed and revoked; and what is read to serve one."""
