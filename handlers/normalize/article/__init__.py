"""The reader of articles of news pages."""
