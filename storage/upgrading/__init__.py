"""What an upgrade will do to a database, told before it is done."""
