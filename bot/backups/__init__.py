"""Backups: made of a database in use, one a day if wished; and what they must not bring back."""
