"""Files of material, found and read: here, or ahead of us in a process of its own."""
