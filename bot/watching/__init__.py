"""What the watched channels post: pushed, scanned, read back, or read off their pages."""
