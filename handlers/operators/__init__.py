"""What the operator sees and is told."""
