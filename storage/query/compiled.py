"""What a query is to an engine's index: an expression in its words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Compiled:
    """An expression of an engine's. Unless it is ``exact``, it finds more than is asked for; where
    it is empty, whatever is there may be asked for."""

    expression: str
    exact: bool


EVERYTHING = Compiled("", exact=True)
