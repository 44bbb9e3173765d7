"""SQLite behind the seam: connections, files, pages, schema and migrations."""
