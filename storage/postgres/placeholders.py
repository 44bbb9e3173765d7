"""Turns ``?`` placeholders, and numbered ones (``?1``), into PostgreSQL's ``$1``, ``$2``, …."""

import re
from functools import lru_cache
from itertools import count

_PLACES = re.compile(r"'[^']*'|\?(\d*)")


@lru_cache(maxsize=2_000)
def numbered(sql: str) -> str:
    """The statement with numbered placeholders; question marks in string literals stay.

    A statement numbers all of them itself, or none.
    """
    numbers = count(1)
    return _PLACES.sub(lambda one: one[0] if one[1] is None else f"${one[1] or next(numbers)}", sql)
