"""Queries as people write them, read: words, phrases, filters, dates, and what is wrong."""
