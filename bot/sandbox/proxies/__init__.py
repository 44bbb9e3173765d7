"""Proxies of the common kinds that lead to the sandbox."""
