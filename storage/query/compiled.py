"""A compiled query: an expression for an engine's index."""

from msgspec import Struct


class Compiled(Struct, frozen=True):
    """An expression of an engine. If not ``exact``, it finds a superset of the matches; if empty,
    every document is a candidate."""

    expression: str
    exact: bool


EVERYTHING = Compiled("", exact=True)
