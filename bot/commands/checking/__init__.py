"""What ``dateline check`` looks at: the machine, the accounts, each channel."""
