"""How texts begin, and the names in them."""
