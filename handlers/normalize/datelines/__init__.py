"""``MOSCOW, April 17. /TASS/.``: datelines and the words that make them."""
