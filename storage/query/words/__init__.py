"""Words, and what they are found under: folded, in all their forms, however they are written."""
