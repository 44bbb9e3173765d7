"""The database: its records, its SQL, the query language. Knows no Telegram."""
