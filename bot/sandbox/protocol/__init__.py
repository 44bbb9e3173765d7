"""What goes over the connection: framing, ciphers, keys, sessions."""
