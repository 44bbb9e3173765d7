"""Heads of the chain, put where others date them: in a channel, by an authority (RFC 3161)."""
