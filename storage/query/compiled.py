"""A compiled query: an expression for an engine's index."""

from typing import Literal, TypeAlias

from msgspec import Struct

Bound: TypeAlias = Literal["above", "below", "scored"]
"""Where an index can't express a query, the expression finds all that matches, and more; or only
what matches, but not all of it, nothing if it is empty; or more as it may be for relevance: what
makes documents doubtful has a score too."""


class Compiled(Struct, frozen=True):
    """An expression of an engine. If not ``exact``, it finds a superset of the matches (or what
    ``Bound`` says); if empty, every document is a candidate."""

    expression: str
    exact: bool


EVERYTHING = Compiled("", exact=True)
