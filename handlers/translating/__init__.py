"""Posts in the reader's language, where the operator has a translator."""
