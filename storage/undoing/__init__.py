"""What is kept of things that were removed, so that they can be put back."""
