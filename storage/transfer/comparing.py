"""Whether two databases hold the same: every row of every table, by counts and hashes."""

import asyncio
import struct
from collections.abc import Sequence
from hashlib import sha256

from msgspec import Struct

from storage.connection import Connection
from storage.errors import StorageError
from storage.transfer import tables as tables_module
from storage.transfer.copying import Shown
from storage.transfer.fitting import Fitting
from storage.transfer.tables import Table, Values


class Compared(Struct, frozen=True, kw_only=True):
    """A table that both hold alike: how many rows, and their SHA-256 in the order of keys."""

    table: str
    rows: int
    digest: str


async def compare(
    old: Connection, new: Connection, table: Table, fitting: Fitting, shown: Shown, where: str
) -> Compared:
    """Look through a table on both sides. Raises StorageError at the first row that differs."""
    ours, theirs = sha256(), sha256()
    total, done = await tables_module.count(old, table), 0
    others = tables_module.list_pages(new, table)
    none: Sequence[Values] = []  # with an empty tuple in its place anext of Python 3.11 fails
    with shown(f"comparing {table.name}") as tell:
        async for rows in tables_module.list_pages(old, table):
            found = await anext(others, none)
            expected = fitting.fit(table, rows)
            held = _without_index(table, found)
            await asyncio.to_thread(ours.update, canonical(_without_index(table, expected)))
            await asyncio.to_thread(theirs.update, canonical(held))
            if ours.digest() != theirs.digest():
                raise _differs(table, rows, expected, found, where)
            done += len(rows)
            tell(done, total)
    more = await anext(others, none)
    if more:
        raise _unlike(table, table.key_of(more[0]), where)
    return Compared(table=table.name, rows=done, digest=ours.hexdigest())


def canonical(rows: Sequence[Values]) -> bytes:
    """Rows as bytes that no other rows have: each value behind what it is and how long."""
    parts: list[bytes] = []
    for row in rows:
        parts.append(b"(%d" % len(row))
        for value in row:
            if value is None:
                parts.append(b"n")
            elif isinstance(value, str):
                text = value.encode()
                parts += (b"t%d:" % len(text), text)
            elif isinstance(value, bytes):
                parts += (b"b%d:" % len(value), value)
            elif isinstance(value, float):
                parts += (b"f", struct.pack(">d", value))
            else:
                parts.append(b"i%d;" % value)
    return b"".join(parts)


def _without_index(table: Table, rows: Sequence[Values]) -> Sequence[Values]:
    """Whether a document stands in the index is each database's own."""
    if table.name != "document":
        return rows
    place = table.columns.index("analysis")
    return [(*row[:place], *row[place + 1 :]) for row in rows]


def _differs(
    table: Table,
    rows: Sequence[Values],
    expected: Sequence[Values],
    found: Sequence[Values],
    where: str,
) -> StorageError:
    pairs = zip(rows, _without_index(table, expected), _without_index(table, found), strict=False)
    first = next((row for row, one, other in pairs if one != other), rows[-1])
    return _unlike(table, table.key_of(first), where)


def _unlike(table: Table, key: Sequence[object], where: str) -> StorageError:
    return StorageError(
        f"{table.name} {', '.join(map(repr, key))} is not as in the old database",
        where=where,
        hint="somebody wrote into one of them meanwhile: remove the new one, and begin anew",
    )
