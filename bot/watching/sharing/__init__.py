"""Divides the channels among several watching processes, and keeps what each one's account may
open."""
