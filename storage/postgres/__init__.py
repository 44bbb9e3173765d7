"""PostgreSQL behind the seam: its schema, and how statements are put to it."""
