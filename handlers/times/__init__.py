"""Times and zones as people write them; when digests are due and alerts may be sent. Pure."""
