"""Whether a database holds together: the file, what points at what, the index, the outbox."""
