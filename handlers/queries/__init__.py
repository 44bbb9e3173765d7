"""Queries as people build them with buttons: narrowed, proposed, kept while pages are turned."""
