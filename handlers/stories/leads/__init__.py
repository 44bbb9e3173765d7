"""What a text begins with, and the names in it."""
