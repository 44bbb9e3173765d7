"""The text index in SQLite: FTS5, asked over one connection.

It holds no texts ("contentless"): to remove a document from it, the same terms must be given that
were put in.
"""

import json
from collections.abc import Iterable, Sequence, Set
from itertools import chain

from storage.connection import Connection, Row
from storage.query import compile_fts5
from storage.query.compile_fts5 import Fts5Query, encode, index_row
from storage.query.compiled import Bound, Compiled
from storage.query.tree import Node
from storage.query.words.analysis import Analysed

_MERGE = "INSERT INTO document_index (document_index, rank) VALUES ('merge', ?)"
_CLEAR = "INSERT INTO document_index (document_index) VALUES ('delete-all')"
ADD = (
    "INSERT INTO document_index (rowid, body, title, mark, form, attached)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)
_REMOVE = (
    "INSERT INTO document_index (document_index, rowid, body, title, mark, form, attached)"
    " VALUES ('delete', ?, ?, ?, ?, ?, ?)"
)
_NEWEST = """
    SELECT id, json AS value FROM document WHERE id IN (
        SELECT rowid FROM document_index WHERE document_index MATCH ?
        AND rowid >= ? AND rowid < ? AND rowid NOT IN (SELECT document_id FROM spilled)
        ORDER BY rowid DESC LIMIT ?
    ) ORDER BY id DESC
"""
# A word in the title counts threefold, marks nothing; forms where they are asked for.
_SCORE = """
    SELECT rowid AS id, bm25(document_index, 1.0, 3.0, 0.0, ?, 1.0) AS value FROM document_index
    WHERE document_index MATCH ?
    AND rowid >= ? AND rowid < ? AND rowid NOT IN (SELECT document_id FROM spilled)
    ORDER BY rowid DESC LIMIT ?
"""
_COUNT = """
    SELECT count(*) AS n FROM (
        SELECT rowid FROM document_index WHERE document_index MATCH ?
        AND rowid >= ? AND rowid < ? AND rowid NOT IN (SELECT document_id FROM spilled) LIMIT ?
    )
"""
_IDS = """
    SELECT rowid AS id FROM document_index WHERE document_index MATCH ?
    AND rowid >= ? AND rowid < ? AND rowid NOT IN (SELECT document_id FROM spilled)
    ORDER BY rowid DESC LIMIT ?
"""
_BY_CHANNEL = """
    SELECT d.channel_id, count(*) AS posts FROM document_index
    CROSS JOIN document AS d ON d.id = document_index.rowid
    WHERE document_index MATCH ? AND document_index.rowid >= ? AND document_index.rowid < ?
    AND document_index.rowid NOT IN (SELECT document_id FROM spilled) GROUP BY d.channel_id
"""
# The index comes first: it would otherwise be read again for each document.
_SPILLED = """
    SELECT s.document_id AS id, s.first_id, bm25(document_index, 1.0, 3.0, 0.0, ?, 1.0) AS score
    FROM document_index CROSS JOIN spilled AS s ON s.document_id = document_index.rowid
    WHERE document_index MATCH ? AND document_index.rowid BETWEEN ? AND ?
    AND s.first_id >= ? AND (s.first_id, s.document_id) < (?, ?)
    ORDER BY s.first_id DESC, s.document_id DESC LIMIT ?
"""
# Where a score is the sum of several expressions'. The newest of all are among the newest of each.
_SUM = "SELECT id, sum(value) AS value FROM ({}) GROUP BY id ORDER BY id DESC LIMIT ?"
_SUM_SPILLED = """
    SELECT id, first_id, sum(score) AS score FROM ({}) GROUP BY id, first_id
    ORDER BY first_id DESC, id DESC LIMIT ?
"""
_HELD = (
    "SELECT key FROM json_each(?) WHERE EXISTS (SELECT 1 FROM document_index"
    " WHERE document_index MATCH 'form : (' || value || ')')"
)

BESIDE = 100
"""A phrase is scored without column filters if at most one in this many of the documents found has
it among its forms alone: FTS5 counts those too when it estimates how rare the phrase is."""


class Fts5Index:
    """A ``storage.connection.Index``: see there."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def compile(
        self, root: Node, *, common: Set[str] = frozenset(), bound: Bound = "above"
    ) -> Compiled:
        """A query tree as an FTS5 expression."""
        return compile_fts5.compile_query(root, common=common, bound=bound)

    async def add(self, entries: Iterable[tuple[int, Analysed]]) -> None:
        """Index documents; a generator runs on SQLite's thread."""
        await self._conn.execute_many(ADD, ((id, *index_row(entry)) for id, entry in entries))

    async def remove(self, entries: Iterable[tuple[int, Analysed]]) -> None:
        """Take documents out."""
        await self._conn.execute_many(_REMOVE, ((id, *index_row(entry)) for id, entry in entries))

    async def clear(self) -> None:
        """Take everything out."""
        await self._conn.execute(_CLEAR)

    async def merge(self, pages: int, *, begins: bool) -> bool:
        """Merge this many pages of the index towards a single segment: only then it contains no
        term of removed documents any more. Returns whether more may remain; ``begins``: this is
        the first call of a merge."""
        before = self._conn.changes
        await self._conn.execute(_MERGE, (-pages if begins else pages,))
        return self._conn.changes - before >= 2

    async def newest(self, asked: Compiled, low: int, high: int, limit: int) -> Sequence[Row]:
        """The newest that are found, with their JSON."""
        return await self._conn.fetch_all(_NEWEST, (asked.expression, low, high, limit))

    async def score(self, asked: Compiled, low: int, high: int, limit: int) -> Sequence[Row]:
        """The newest that are found, with FTS5's BM25 score; lower is better."""
        if isinstance(asked, Fts5Query) and asked.unnamed:
            rows = await self._score_unnamed(asked, low, high, limit)
            if rows is not None:
                return rows
        weight = _weigh_forms(asked)
        given = [(weight, one, low, high, limit) for one in _list_scored(asked)]
        if len(given) == 1:
            return await self._conn.fetch_all(_SCORE, given[0])
        return await self._conn.fetch_all(
            _SUM.format(_union(_SCORE, given)), (*chain(*given), limit)
        )

    async def _score_unnamed(
        self, asked: Fts5Query, low: int, high: int, limit: int
    ) -> Sequence[Row] | None:
        """The same for a phrase, faster. None if so many documents hold it only in the column of
        forms that FTS5's estimate of how rare it is would differ (``BESIDE``)."""
        most = limit + 2 * limit // BESIDE
        rows = await self._conn.fetch_all(_SCORE, (0.0, asked.unnamed, low, high, most))
        found = [row for row in rows if row["value"] < 0]
        beside = len(rows) - len(found)
        return found[:limit] if beside * BESIDE <= len(rows) else None

    async def count(self, asked: Compiled, low: int, high: int, limit: int) -> int:
        """How many are found, ``limit`` at most."""
        row = await self._conn.fetch_one(_COUNT, (asked.expression, low, high, limit))
        return 0 if row is None else int(row["n"])

    async def list_ids(self, asked: Compiled, low: int, high: int, limit: int) -> list[int]:
        """The row ids of the newest matches."""
        rows = await self._conn.fetch_all(_IDS, (asked.expression, low, high, limit))
        return [row["id"] for row in rows]

    async def count_by_channel(self, asked: Compiled, low: int, high: int) -> Sequence[Row]:
        """The number of matches in each channel."""
        return await self._conn.fetch_all(_BY_CHANNEL, (asked.expression, low, high))

    async def list_spilled(
        self, asked: Compiled, place: tuple[int, int, int], ids: tuple[int, int], limit: int
    ) -> Sequence[Row]:
        """The matches among the spilled documents."""
        weight = _weigh_forms(asked)
        given = [(weight, one, *ids, *place, limit) for one in _list_scored(asked)]
        sql = _SUM_SPILLED.format(_union(_SPILLED, given))
        return await self._conn.fetch_all(sql, (*chain(*given), limit))

    async def list_held(self, groups: Sequence[Sequence[str]]) -> list[int]:
        """The indexes of the groups with a form that is in the index, in one hop."""
        asked = [" OR ".join(f'"{encode(form)}"' for form in group) for group in groups]
        rows = await self._conn.fetch_all(_HELD, (json.dumps(asked),)) if asked else []
        return [int(row["key"]) for row in rows]


def _list_scored(asked: Compiled) -> Sequence[str]:
    """The expressions of which each document's scores are added up."""
    apart = asked.apart if isinstance(asked, Fts5Query) else ()
    return apart or (asked.expression,)


def _union(sql: str, given: Sequence[object]) -> str:
    return " UNION ALL ".join([f"SELECT * FROM ({sql})"] * len(given))  # noqa: S608


def _weigh_forms(asked: Compiled) -> float:
    """The weight of the column of forms."""
    return 0.0 if isinstance(asked, Fts5Query) and not asked.forms else 1.0
