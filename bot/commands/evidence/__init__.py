"""``dateline evidence``: posts with their history and their place in the chain, signed."""
