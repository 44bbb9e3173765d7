"""Who does what in the sandbox, and who is told of it."""
