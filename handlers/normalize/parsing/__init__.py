"""Parsers used by all readers: encodings, HTML, JSON, entities, dates, addresses."""
