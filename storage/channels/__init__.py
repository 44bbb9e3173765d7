"""Channels: what is watched, how far it is read, who else is asked for."""
