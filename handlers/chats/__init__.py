"""A chat's own affairs: the welcome, settings, quiet hours, leaving, and being forgotten."""
