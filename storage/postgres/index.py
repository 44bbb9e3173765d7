"""The text index in PostgreSQL: a tsvector a document, asked over one connection.

Its index (GIN) gives no order: the newest are looked for among a thousand of the newest, then in
ever longer stretches (``find_indexed`` in the schema). What a tsvector can't hold, or a tsquery not
say, is decided on the document.
"""

import asyncio
from collections.abc import Iterable, Sequence, Set
from typing import Any

from storage.connection import Connection, Row
from storage.document_json import parse
from storage.postgres import asking
from storage.postgres.asking import Asked
from storage.postgres.lexemes import FORM, lexeme, quoted, write_vector
from storage.postgres.weighing import weigh
from storage.query import evaluate
from storage.query.compiled import Compiled
from storage.query.tree import Node
from storage.query.words import analysis
from storage.query.words.analysis import Analysed

WINDOW = 1_000
"""Documents among which the newest are looked for first, at least."""
GROWTH = 32
_AT_ONCE = 500

_ADD = """
    INSERT INTO document_index (id, size, beyond, terms)
    SELECT a.id, a.size, a.beyond, CAST(a.terms AS TSVECTOR)
    FROM unnest(
        CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BOOLEAN[]), CAST(? AS TEXT[])
    ) AS a (id, size, beyond, terms)
    ON CONFLICT (id) DO UPDATE
    SET size = excluded.size, beyond = excluded.beyond, terms = excluded.terms
"""
_REMOVE = "DELETE FROM document_index WHERE id = ANY(?)"
_FOUND = "SELECT id, size, beyond FROM find_indexed(CAST(? AS TSQUERY), ?, ?, ?, ?, ?)"
_FOUND_JSON = """
    SELECT f.id, f.beyond, (SELECT d.json FROM document AS d WHERE d.id = f.id) AS value
    FROM find_indexed(CAST(? AS TSQUERY), ?, ?, ?, ?, ?) AS f
"""
_BY_CHANNEL = """
    SELECT channel_id, count(*) AS posts FROM document WHERE id = ANY(?) GROUP BY channel_id
"""
_EVERY = 10_000_000
_SPILLED = """
    SELECT s.document_id AS id, s.first_id, i.size FROM spilled AS s
    JOIN document_index AS i ON i.id = s.document_id
    WHERE i.terms @@ CAST(? AS tsquery) AND s.first_id >= ?
    AND (s.first_id, s.document_id) < (CAST(? AS BIGINT), CAST(? AS BIGINT))
    ORDER BY s.first_id DESC, s.document_id DESC
"""
_JSON = "SELECT id, json AS value FROM document WHERE id = ANY(?) ORDER BY id DESC"
_HELD = """
    SELECT n FROM unnest(CAST(? AS TEXT[])) WITH ORDINALITY AS asked (query, n)
    WHERE EXISTS (SELECT 1 FROM document_index WHERE terms @@ CAST(query AS tsquery)) ORDER BY n
"""


class TermsIndex:
    """A ``storage.connection.Index``: see there."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def compile(self, root: Node, *, common: Set[str] = frozenset()) -> Compiled:
        """A query tree as a tsquery."""
        return asking.compile_query(root, common=common)

    async def add(self, entries: Iterable[tuple[int, Analysed]]) -> None:
        """Index documents; a generator of entries runs on a thread."""
        rows = await asyncio.to_thread(_rows, entries)
        for start in range(0, len(rows), _AT_ONCE):
            columns = zip(*rows[start : start + _AT_ONCE], strict=True)
            await self._conn.execute(_ADD, [*map(list, columns)])

    async def remove(self, entries: Iterable[tuple[int, Analysed]]) -> None:
        """Take documents out."""
        if ids := [id for id, _ in entries]:
            await self._conn.execute(_REMOVE, (ids,))

    async def clear(self) -> None:
        """Take everything out."""
        await self._conn.execute("DELETE FROM document_index")

    async def merge(self, pages: int, *, begins: bool) -> bool:
        """Nothing to do: what was taken out goes with the rows that ``scrub`` wipes out."""
        return False

    async def newest(self, asked: Compiled, low: int, high: int, limit: int) -> Sequence[Row]:
        """The newest that are found, with their JSON."""
        return await self._walk(_FOUND_JSON, asked, low, high, limit)

    async def score(self, asked: Compiled, low: int, high: int, limit: int) -> Sequence[Row]:
        """The newest that are found, with how well they answer."""
        found = await self._walk(_FOUND, asked, low, high, limit)
        scores = await weigh(self._conn, _of(asked).phrases, _sizes(found))
        return [{"id": row["id"], "value": scores[row["id"]]} for row in found]

    async def count(self, asked: Compiled, low: int, high: int, limit: int) -> int:
        """How many are found, ``limit`` at most."""
        return len(await self._walk(_FOUND, asked, low, high, limit))

    async def list_ids(self, asked: Compiled, low: int, high: int, limit: int) -> list[int]:
        """The row ids of the newest that are found."""
        return [row["id"] for row in await self._walk(_FOUND, asked, low, high, limit)]

    async def count_by_channel(self, asked: Compiled, low: int, high: int) -> Sequence[Row]:
        """How many posts of each channel are found."""
        ids = await self.list_ids(asked, low, high, _EVERY)
        return await self._conn.fetch_all(_BY_CHANNEL, (ids,)) if ids else []

    async def list_spilled(
        self, asked: Compiled, place: tuple[int, int, int], ids: tuple[int, int], limit: int
    ) -> Sequence[Row]:
        """What is found of the spilled."""
        rows = await self._conn.fetch_all(_SPILLED, (asked.expression, *place))
        answers = {*await self._list_answers(_of(asked), [row["id"] for row in rows])}
        taken: list[dict[str, Any]] = [dict(row) for row in rows if row["id"] in answers][:limit]
        scores = await weigh(self._conn, _of(asked).phrases, _sizes(taken))
        return [{**row, "score": scores[row["id"]]} for row in taken]

    async def list_held(self, groups: Sequence[Sequence[str]]) -> list[int]:
        """Which of the groups of forms are held; what is beyond a tsvector is not asked."""
        asked = [" | ".join(quoted(lexeme(FORM, form)) for form in group) for group in groups]
        rows = await self._conn.fetch_all(_HELD, (asked,)) if asked else []
        return [int(row["n"]) - 1 for row in rows]

    async def _walk(
        self, sql: str, asked: Compiled, low: int, high: int, limit: int
    ) -> Sequence[Row]:
        """The rows of what answers, newest first, ``limit`` at most."""
        found: list[Row] = []
        tried = limit
        while True:
            window = max(WINDOW, 4 * tried)
            rows = await self._conn.fetch_all(
                sql, (asked.expression, low, high, tried, window, GROWTH)
            )
            unsure = [row["id"] for row in rows if row["beyond"] or not _of(asked).sure]
            refused = {*unsure} - {*await self._list_answers(_of(asked), unsure)}
            found += [row for row in rows if row["id"] not in refused]
            if len(found) >= limit or len(rows) < tried:
                return found[:limit]
            high = rows[-1]["id"]
            tried = min(2 * tried, _AT_ONCE)

    async def _list_answers(self, asked: Asked, ids: Sequence[int]) -> list[int]:
        """Those of the documents that answer, by their texts; all where the query is not exact:
        whoever asks will look."""
        if not ids or not asked.exact:
            return [*ids]
        answers = []
        for row in await self._conn.fetch_all(_JSON, ([*ids],)):
            analysed = analysis.analyse_document(parse(row["value"]))
            if evaluate.node_matches(asked.root, analysed):
                answers.append(int(row["id"]))
        return answers


def _rows(entries: Iterable[tuple[int, Analysed]]) -> list[tuple[int, int, bool, str]]:
    """What is stored of documents, each once."""
    return [*{id: (id, *write_vector(id, entry)) for id, entry in entries}.values()]


def _sizes(rows: Iterable[Row]) -> dict[int, int]:
    return {row["id"]: row["size"] for row in rows}


def _of(asked: Compiled) -> Asked:
    if not isinstance(asked, Asked):
        raise TypeError("what another engine compiled")
    return asked
