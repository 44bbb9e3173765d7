"""Matches a post with very many saved queries."""
