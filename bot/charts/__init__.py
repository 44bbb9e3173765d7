"""Pictures of numbers: drawn by a process of their own, which can be killed."""
