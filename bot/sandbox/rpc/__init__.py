"""The calls that clients make, grouped as Telegram groups them."""
