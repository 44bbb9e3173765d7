"""``dateline run``: the rooms wired together, started in order, stopped cleanly."""
