"""Several that watch: which channels are whose, and what the account of each may open."""
