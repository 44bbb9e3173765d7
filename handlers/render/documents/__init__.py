"""Documents as files: canonical text, JSON Lines, CSV, and the file they were read from."""
