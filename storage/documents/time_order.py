"""Documents in order of time, newest first, including those that spilled out of their second.

A document's *position* is the first row id of its second, and then its own row id. Positions are in
order of time. So are row ids alone, except for documents in ``spilled``
(``storage.documents.free_row_ids``); there are seldom any, and they are read separately and merged.
"""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from storage import row_ids
from storage.connection import Connection, Row, fetch_in
from storage.query.compiled import Compiled
from storage.structs import replace

Position = tuple[int, int]

HIGHEST: Position = ((1 << 63) - 1, 0)
"""After every position."""

_ALL = """
    SELECT id, json AS value FROM document
    WHERE id >= ? AND id < ? AND id NOT IN (SELECT document_id FROM spilled)
    ORDER BY id DESC LIMIT ?
"""
_ALL_IDS = """
    SELECT id FROM document
    WHERE id >= ? AND id < ? AND id NOT IN (SELECT document_id FROM spilled)
    ORDER BY id DESC LIMIT ?
"""
_COUNT_ALL = """
    SELECT count(*) AS n FROM (
        SELECT id FROM document
        WHERE id >= ? AND id < ? AND id NOT IN (SELECT document_id FROM spilled) LIMIT ?
    ) AS found
"""
_JSON = "SELECT id, json FROM document WHERE id IN (:values)"
_SPAN = """
    SELECT min(document_id) AS low, max(document_id) AS high FROM spilled
    WHERE first_id >= ? AND (first_id, document_id) < (?, ?)
"""
_SPILLED_ALL = """
    SELECT document_id AS id, first_id, NULL AS score FROM spilled
    WHERE first_id >= ? AND (first_id, document_id) < (?, ?)
    ORDER BY first_id DESC, document_id DESC LIMIT ?
"""


class Stretch(Struct, frozen=True):
    """The documents from the beginning of the second ``low`` to before ``high``: those that
    ``asked`` finds in the index, or all if its expression is empty."""

    asked: Compiled
    low: int
    high: Position

    @property
    def ordinary(self) -> tuple[int, int]:
        """The range of row ids, without spilled documents."""
        first, row_id = self.high
        return (self.low, min(max(first, row_id), first + row_ids.PER_SECOND))

    @property
    def spilled(self) -> tuple[int, int, int]:
        """The parameters for spilled documents."""
        return (self.low, *self.high)

    def below(self, position: Position) -> "Stretch":
        """The part of it before a position."""
        return replace(self, high=min(self.high, position))


class Standing(Struct, frozen=True):
    """A document's row id and position; ``value``: its JSON or its score."""

    id: int
    position: Position
    value: Any


async def fetch_json(conn: Connection, stretch: Stretch, limit: int) -> list[Standing]:
    """The JSON of the newest documents of a stretch, at most ``limit``."""
    if stretch.asked.expression:
        rows = await conn.index.newest(stretch.asked, *stretch.ordinary, limit)
    else:
        rows = await conn.fetch_all(_ALL, (*stretch.ordinary, limit))
    spilled = await _list_spilled(conn, _reaching(stretch, rows, limit), limit)
    documents = await fetch_in(conn, _JSON, [row["id"] for row in spilled])
    json = {row["id"]: row["json"] for row in documents}
    return _joined(rows, spilled, limit, lambda row: json[row["id"]])


async def fetch_scores(conn: Connection, stretch: Stretch, limit: int) -> list[tuple[int, float]]:
    """The row ids and scores (lower is better) of the newest documents found in a stretch."""
    rows = await conn.index.score(stretch.asked, *stretch.ordinary, limit)
    spilled = await _list_spilled(conn, _reaching(stretch, rows, limit), limit)
    if not spilled:  # nearly always, and there may be a thousand of the others
        return [(row["id"], row["value"]) for row in rows]
    joined = _joined(rows, spilled, limit, lambda row: row["score"])
    return [(one.id, one.value) for one in joined]


async def list_ids(conn: Connection, stretch: Stretch, limit: int) -> list[int]:
    """The row ids of the newest documents of a stretch, at most ``limit``."""
    if stretch.asked.expression:
        ids = await conn.index.list_ids(stretch.asked, *stretch.ordinary, limit)
    else:
        rows = await conn.fetch_all(_ALL_IDS, (*stretch.ordinary, limit))
        ids = [row["id"] for row in rows]
    return [*ids, *await list_spilled_ids(conn, stretch, limit - len(ids))]


async def list_spilled_ids(conn: Connection, stretch: Stretch, limit: int) -> list[int]:
    """The row ids of spilled documents of a stretch, at most ``limit``."""
    return [row["id"] for row in await _list_spilled(conn, stretch, limit)]


async def count(conn: Connection, stretch: Stretch, *, up_to: int) -> int:
    """The number of documents of a stretch, ``up_to`` at most."""
    if stretch.asked.expression:
        counted = await conn.index.count(stretch.asked, *stretch.ordinary, up_to)
    else:
        row = await conn.fetch_one(_COUNT_ALL, (*stretch.ordinary, up_to))
        counted = 0 if row is None else int(row["n"])
    return counted + len(await _list_spilled(conn, stretch, up_to - counted))


async def find_position(conn: Connection, row_id: int) -> Position:
    """The position of the document with this row id; if it does not exist, as if it were not
    spilled."""
    row = await conn.fetch_one("SELECT first_id FROM spilled WHERE document_id = ?", (row_id,))
    return (_first_of(row_id) if row is None else row["first_id"], row_id)


def _first_of(row_id: int) -> int:
    return row_id - row_id % row_ids.PER_SECOND


def _reaching(stretch: Stretch, rows: Sequence[Row], limit: int) -> Stretch:
    """The part of a stretch that is as new as the rows found."""
    if len(rows) < limit or not rows:
        return stretch
    return replace(stretch, low=max(stretch.low, _first_of(rows[-1]["id"])))


def _joined(
    rows: Sequence[Row], spilled: Sequence[Row], limit: int, value: Callable[[Row], Any]
) -> list[Standing]:
    """The rows found, merged with the spilled ones, newest first."""
    found = [Standing(row["id"], (_first_of(row["id"]), row["id"]), row["value"]) for row in rows]
    if not spilled:
        return found
    found += [Standing(row["id"], (row["first_id"], row["id"]), value(row)) for row in spilled]
    return sorted(found, key=lambda one: one.position, reverse=True)[:limit]


async def _list_spilled(conn: Connection, stretch: Stretch, limit: int) -> Sequence[Row]:
    span = await conn.fetch_one(_SPAN, stretch.spilled)
    if span is None or span["low"] is None or limit <= 0:
        return []
    if stretch.asked.expression:
        ids = (span["low"], span["high"])
        return await conn.index.list_spilled(stretch.asked, stretch.spilled, ids, limit)
    return await conn.fetch_all(_SPILLED_ALL, (*stretch.spilled, limit))
