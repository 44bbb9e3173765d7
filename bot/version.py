"""The version, in one place: the wheel, ``dateline --version`` and the clients report it."""

__version__ = "0.1.0"
