"""A compiled query: an expression for an engine's index."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Compiled:
    """An expression of an engine. If not ``exact``, it finds a superset of the matches; if empty,
    every document is a candidate."""

    expression: str
    exact: bool


EVERYTHING = Compiled("", exact=True)
