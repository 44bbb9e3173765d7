"""Values as they are handed to SQLite."""

from collections.abc import Iterable, Iterator, Sequence, Sized
from itertools import islice

from storage.connection import Statement
from storage.document_json import NUL, storable

MADE_AT_ONCE = 200
"""The number of rows that are made before SQLite takes the first of them."""


def made(rows: Iterable[Sequence[object]]) -> Iterator[list[object]]:
    """The rows with clean values, made ``MADE_AT_ONCE`` at a time: if Python and SQLite took turns
    at every row, each would drive the other's data out of the processor's caches, and adding rows
    to the index would take a third longer."""
    left = iter(rows)
    while some := [clean(row) for row in islice(left, MADE_AT_ONCE)]:
        yield from some


def clean(parameters: Sequence[object]) -> list[object]:
    """The values, with U+FFFD for lone surrogates and NUL, which not every engine can store."""
    return [
        storable(value)
        if isinstance(value, str) and (NUL in value or not value.isascii())
        else value
        for value in parameters
    ]


def filled(statements: Iterable[Statement]) -> list[Statement]:
    """The statements without those that have no rows. One whose rows are a generator stays: how
    many it gives is known only once it has run."""
    return [(sql, rows) for sql, rows in statements if not isinstance(rows, Sized) or len(rows)]
