"""The reader of pages of ``t.me``."""
