"""Where every post is stored, whatever its source, with all that follows from it. Imports no other
room of ``bot``."""
