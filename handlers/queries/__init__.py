"""Queries as people build them: narrowed, proposed, kept while results are turned, explained."""
