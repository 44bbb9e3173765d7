"""Articles of news pages, read into documents."""
