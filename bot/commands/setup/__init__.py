"""``dateline setup``: from nothing to a service that can run, one question after the other."""
