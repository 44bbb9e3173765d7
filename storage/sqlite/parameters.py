"""Values as they are handed to SQLite."""

from collections.abc import Iterable, Iterator, Sequence, Sized
from itertools import islice

from storage.connection import Statement
from storage.document_json import NUL, storable

MADE_AT_ONCE = 200


def made(rows: Iterable[Sequence[object]]) -> Iterator[list[object]]:
    """The rows, some made before the first of them is taken: where Python and SQLite take turns at
    each row, neither finds in the processor's caches what it needs, and rows of the index take a
    third longer."""
    left = iter(rows)
    while some := [clean(row) for row in islice(left, MADE_AT_ONCE)]:
        yield from some


def clean(parameters: Sequence[object]) -> list[object]:
    """Lone surrogates and NUL, which no text may hold on every engine, become U+FFFD."""
    return [
        storable(value)
        if isinstance(value, str) and (NUL in value or not value.isascii())
        else value
        for value in parameters
    ]


def filled(statements: Iterable[Statement]) -> list[Statement]:
    """Those that may have rows; of a generator nobody knows before it is run."""
    return [(sql, rows) for sql, rows in statements if not isinstance(rows, Sized) or len(rows)]
