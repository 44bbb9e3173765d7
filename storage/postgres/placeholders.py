"""Turns ``?`` placeholders into PostgreSQL's ``$1``, ``$2``, …."""

import re
from functools import lru_cache
from itertools import count

_PLACES = re.compile(r"'[^']*'|\?")


@lru_cache(maxsize=2_000)
def numbered(sql: str) -> str:
    """The statement with numbered placeholders; question marks in string literals stay."""
    numbers = count(1)
    return _PLACES.sub(lambda one: f"${next(numbers)}" if one[0] == "?" else one[0], sql)
