"""A chat that goes on under another id, or that is forgotten: in all tables at once."""
