"""Channel pages that were flattened to text, read into documents."""
