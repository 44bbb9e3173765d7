"""Parses queries as people write them: words, phrases, filters, dates; and errors."""
