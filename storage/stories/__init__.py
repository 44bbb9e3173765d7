"""Which posts say the same, or tell of one event, and what each reader got of it."""
