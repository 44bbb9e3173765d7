"""The chain of documents: an entry for each stored version, and a head for each day."""
