"""``/search``, ``/export`` and inline mode: what a query finds, by pages."""
