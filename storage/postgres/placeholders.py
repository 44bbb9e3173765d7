"""Statements with ``?`` for their parameters, as PostgreSQL wants them: ``$1``, ``$2``."""

import re
from functools import lru_cache
from itertools import count

_PLACES = re.compile(r"'[^']*'|\?")


@lru_cache(maxsize=2_000)
def numbered(sql: str) -> str:
    """The statement with numbers in place of question marks; those in texts stay."""
    numbers = count(1)
    return _PLACES.sub(lambda one: f"${next(numbers)}" if one[0] == "?" else one[0], sql)
