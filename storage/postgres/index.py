"""The text index in PostgreSQL: a tsvector a document, asked over one connection.

Its index (GIN) gives no order: the newest are looked for among some thousands of the newest, then
among ever more. What a tsvector can't hold, or a tsquery not say, is decided on the document.
"""

from collections.abc import AsyncIterator, Iterable, Sequence, Set
from typing import Any

from storage.connection import Connection, Row
from storage.document_json import parse
from storage.postgres import asking
from storage.postgres.asking import Asked
from storage.postgres.lexemes import BEYOND, FORM, lexeme, quoted, write_vector
from storage.postgres.weighing import weigh
from storage.query import evaluate
from storage.query.compiled import Compiled
from storage.query.tree import Node
from storage.query.words import analysis
from storage.query.words.analysis import Analysed

WINDOW = 2_000
"""Documents among which the newest are looked for first."""
GROWTH = 8
_CHUNK = 500
_HIGHEST = (1 << 63) - 1

_ADD = """
    INSERT INTO document_index (id, size, terms) VALUES (?, ?, CAST(? AS tsvector))
    ON CONFLICT (id) DO UPDATE SET size = excluded.size, terms = excluded.terms
"""
_REMOVE = "DELETE FROM document_index WHERE id = ?"
_FLOOR = "SELECT id FROM document_index WHERE id < ? ORDER BY id DESC LIMIT 1 OFFSET ?"
_FOUND = f"""
    SELECT id, terms @@ CAST('{quoted(BEYOND).replace("'", "''")}' AS tsquery) AS beyond
    FROM document_index WHERE terms @@ CAST(? AS tsquery) AND id >= ? AND id < ?
    AND id NOT IN (SELECT document_id FROM spilled) ORDER BY id DESC LIMIT ?
"""  # noqa: S608
_SPILLED = """
    SELECT s.document_id AS id, s.first_id FROM spilled AS s
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
        await self._conn.execute_many(_ADD, ((id, *write_vector(entry)) for id, entry in entries))

    async def remove(self, entries: Iterable[tuple[int, Analysed]]) -> None:
        """Take documents out."""
        await self._conn.execute_many(_REMOVE, [(id,) for id, _ in entries])

    async def clear(self) -> None:
        """Take everything out."""
        await self._conn.execute("DELETE FROM document_index")

    async def merge(self, pages: int, *, begins: bool) -> bool:
        """Nothing to do: what was taken out goes with the rows that ``scrub`` wipes out."""
        return False

    async def newest(self, asked: Compiled, low: int, high: int, limit: int) -> Sequence[Row]:
        """The newest that are found, with their JSON."""
        found = [id async for id in self._walk(asked, low, high, limit)]
        return await self._conn.fetch_all(_JSON, (found,)) if found else []

    async def score(self, asked: Compiled, low: int, high: int, limit: int) -> Sequence[Row]:
        """The newest that are found, with how well they answer."""
        found = [id async for id in self._walk(asked, low, high, limit)]
        scores = await weigh(self._conn, _of(asked).phrases, found)
        return [{"id": id, "value": scores[id]} for id in found]

    async def count(self, asked: Compiled, low: int, high: int, limit: int) -> int:
        """How many are found, ``limit`` at most."""
        return len([id async for id in self._walk(asked, low, high, limit)])

    async def list_spilled(
        self, asked: Compiled, place: tuple[int, int, int], ids: tuple[int, int], limit: int
    ) -> Sequence[Row]:
        """What is found of the spilled."""
        rows = await self._conn.fetch_all(_SPILLED, (asked.expression, *place))
        answers = {*await self._list_answers(_of(asked), [row["id"] for row in rows])}
        taken: list[dict[str, Any]] = [dict(row) for row in rows if row["id"] in answers][:limit]
        scores = await weigh(self._conn, _of(asked).phrases, [row["id"] for row in taken])
        return [{**row, "score": scores[row["id"]]} for row in taken]

    async def list_held(self, groups: Sequence[Sequence[str]]) -> list[int]:
        """Which of the groups of forms are held; what is beyond a tsvector is not asked."""
        asked = [" | ".join(quoted(lexeme(FORM, form)) for form in group) for group in groups]
        rows = await self._conn.fetch_all(_HELD, (asked,)) if asked else []
        return [int(row["n"]) - 1 for row in rows]

    async def _walk(self, asked: Compiled, low: int, high: int, limit: int) -> AsyncIterator[int]:
        """The ids of what answers, newest first, ``limit`` at most."""
        left = limit
        async for rows in self._windows(asked, low, high, limit):
            unsure = [row["id"] for row in rows if row["beyond"] or not _of(asked).sure]
            refused = {*unsure} - {*await self._list_answers(_of(asked), unsure)}
            for row in rows:
                if row["id"] not in refused and left:
                    left -= 1
                    yield row["id"]
            if not left:
                return

    async def _windows(
        self, asked: Compiled, low: int, high: int, limit: int
    ) -> AsyncIterator[Sequence[Row]]:
        """What the tsquery finds, piece by piece: among some of the newest, then among more."""
        size, piece = WINDOW, max(limit, _CHUNK)
        while low < high:
            found = await self._conn.fetch_one(_FLOOR, (high, size))
            floor = low if found is None else max(low, found["id"])
            rows = await self._conn.fetch_all(_FOUND, (asked.expression, floor, high, piece))
            yield rows
            high = rows[-1]["id"] if len(rows) == piece else floor
            size *= GROWTH

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


def _of(asked: Compiled) -> Asked:
    if not isinstance(asked, Asked):
        raise TypeError("what another engine compiled")
    return asked
