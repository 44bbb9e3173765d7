"""Documents in the order of their time, newest first: also those that spilled out of their second.

A document's *position* is the first row id of its second with its own row id behind. Positions are
in the order of time. So are row ids alone, but for what is ``spilled``
(``storage.documents.free_row_ids``): that is seldom anything, read beside the rest and sorted in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from storage import row_ids
from storage.connection import Connection, Row

Position = tuple[int, int]

HIGHEST: Position = ((1 << 63) - 1, 0)
"""Behind every position."""

_ALL = """
    SELECT id, json AS value FROM document
    WHERE id >= ? AND id < ? AND id NOT IN (SELECT document_id FROM spilled)
    ORDER BY id DESC LIMIT ?
"""
_FOUND = """
    SELECT id, json AS value FROM document WHERE id IN (
        SELECT rowid FROM document_index WHERE document_index MATCH ?
        AND rowid >= ? AND rowid < ? AND rowid NOT IN (SELECT document_id FROM spilled)
        ORDER BY rowid DESC LIMIT ?
    ) ORDER BY id DESC
"""
# A word in the title counts threefold; marks and forms beside their terms nothing.
_SCORED = """
    SELECT rowid AS id, bm25(document_index, 1.0, 3.0, 0.0, 1.0, 1.0) AS value FROM document_index
    WHERE document_index MATCH ?
    AND rowid >= ? AND rowid < ? AND rowid NOT IN (SELECT document_id FROM spilled)
    ORDER BY rowid DESC LIMIT ?
"""
_COUNT_ALL = """
    SELECT count(*) AS n FROM (
        SELECT id FROM document
        WHERE id >= ? AND id < ? AND id NOT IN (SELECT document_id FROM spilled) LIMIT ?
    )
"""
_COUNT_FOUND = """
    SELECT count(*) AS n FROM (
        SELECT rowid FROM document_index WHERE document_index MATCH ?
        AND rowid >= ? AND rowid < ? AND rowid NOT IN (SELECT document_id FROM spilled) LIMIT ?
    )
"""

_SPAN = """
    SELECT min(document_id) AS low, max(document_id) AS high FROM spilled
    WHERE first_id >= ? AND (first_id, document_id) < (?, ?)
"""
_SPILLED_ALL = """
    SELECT document_id AS id, first_id, NULL AS score FROM spilled
    WHERE first_id >= ? AND (first_id, document_id) < (?, ?)
    ORDER BY first_id DESC, document_id DESC LIMIT ?
"""
# The index goes first: looked up for one document after the other it would be read each time.
_SPILLED_FOUND = """
    SELECT s.document_id AS id, s.first_id, bm25(document_index, 1.0, 3.0, 0.0, 1.0, 1.0) AS score
    FROM document_index CROSS JOIN spilled AS s ON s.document_id = document_index.rowid
    WHERE document_index MATCH ? AND document_index.rowid BETWEEN ? AND ?
    AND s.first_id >= ? AND (s.first_id, s.document_id) < (?, ?)
    ORDER BY s.first_id DESC, s.document_id DESC LIMIT ?
"""
_WITH_JSON = """
    SELECT id, first_id, (SELECT json FROM document WHERE document.id = s.id) AS value
    FROM (:spilled) AS s
"""
_WITH_SCORE = "SELECT id, first_id, score AS value FROM (:spilled)"


@dataclass(frozen=True, slots=True)
class Stretch:
    """The documents from the beginning of the second ``low`` to before ``high``: those that
    ``expression`` finds in the index, or all where it is empty."""

    expression: str
    low: int
    high: Position

    @property
    def ordinary(self) -> tuple[Any, ...]:
        """What is asked of the index, and for the ids between which nothing is spilled."""
        first, row_id = self.high
        ids = (self.low, min(max(first, row_id), first + row_ids.PER_SECOND))
        return (self.expression, *ids) if self.expression else ids

    @property
    def spilled(self) -> tuple[Any, ...]:
        """What is asked for of the spilled."""
        return (self.low, *self.high)

    def below(self, position: Position) -> "Stretch":
        """What of it comes before a position."""
        return replace(self, high=min(self.high, position))


@dataclass(frozen=True, slots=True)
class Standing:
    """A document's row id and position; ``value`` is what was asked for: its JSON or score."""

    id: int
    position: Position
    value: Any


async def fetch_json(conn: Connection, stretch: Stretch, limit: int) -> list[Standing]:
    """The JSON of the newest documents of a stretch, ``limit`` at most."""
    sql = _FOUND if stretch.expression else _ALL
    rows = await conn.fetch_all(sql, (*stretch.ordinary, limit))
    return await _with_spilled(conn, stretch, limit, rows, _WITH_JSON)


async def fetch_scores(conn: Connection, stretch: Stretch, limit: int) -> list[Standing]:
    """How well the newest documents that are found in a stretch answer: FTS5's, less is better."""
    rows = await conn.fetch_all(_SCORED, (*stretch.ordinary, limit))
    return await _with_spilled(conn, stretch, limit, rows, _WITH_SCORE)


async def count(conn: Connection, stretch: Stretch, *, up_to: int) -> int:
    """How many documents a stretch has; ``up_to`` when there are as many or more."""
    sql = _COUNT_FOUND if stretch.expression else _COUNT_ALL
    row = await conn.fetch_one(sql, (*stretch.ordinary, up_to))
    counted = 0 if row is None else int(row["n"])
    return counted + len(await _list_spilled(conn, stretch, up_to - counted, _WITH_SCORE))


async def find_position(conn: Connection, row_id: int) -> Position:
    """Where the document with this row id stands; as if it were not spilled, if it is not there."""
    row = await conn.fetch_one("SELECT first_id FROM spilled WHERE document_id = ?", (row_id,))
    return (_first_of(row_id) if row is None else row["first_id"], row_id)


def _first_of(row_id: int) -> int:
    return row_id - row_id % row_ids.PER_SECOND


async def _with_spilled(
    conn: Connection, stretch: Stretch, limit: int, rows: Sequence[Row], form: str
) -> list[Standing]:
    """The rows that were found, with those of the spilled ones that are as new."""
    found = [Standing(row["id"], (_first_of(row["id"]), row["id"]), row["value"]) for row in rows]
    if len(found) == limit:
        stretch = replace(stretch, low=max(stretch.low, found[-1].position[0]))
    spilled = await _list_spilled(conn, stretch, limit, form)
    both = (
        sorted([*found, *spilled], key=lambda one: one.position, reverse=True) if spilled else found
    )
    return both[:limit]


async def _list_spilled(
    conn: Connection, stretch: Stretch, limit: int, form: str
) -> list[Standing]:
    span = await conn.fetch_one(_SPAN, stretch.spilled)
    if span is None or span["low"] is None or limit <= 0:
        return []
    if stretch.expression:
        sql = form.replace(":spilled", _SPILLED_FOUND)
        asked = (stretch.expression, span["low"], span["high"], *stretch.spilled, limit)
    else:
        sql, asked = form.replace(":spilled", _SPILLED_ALL), (*stretch.spilled, limit)
    rows = await conn.fetch_all(sql, asked)
    return [Standing(row["id"], (row["first_id"], row["id"]), row["value"]) for row in rows]
