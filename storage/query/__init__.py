"""The one query language, for alerts and for search. Pure."""
