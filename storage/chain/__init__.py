"""The chain of documents: an entry for every version that was stored, and a head for each day."""
