"""The commands for programs: their tokens, and tools for an assistant."""
