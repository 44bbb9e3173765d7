"""Documents: storing and merging them, their revisions, their index, and search."""
