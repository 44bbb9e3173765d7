"""A database as it stands in the other engine: SQLite's in PostgreSQL, and back."""
