"""The text index in PostgreSQL: a tsvector for each document and its words in order, queried over
one connection.

A GIN index gives no order: the newest matches are searched for among the thousand newest documents,
then in ever longer stretches (``find_indexed`` in the schema). Whether words are in a row or near
each other is tested there by their signs, and then decided by the stored words (``words``). What a
tsvector cannot hold, or a tsquery cannot express, is decided on the document's text.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence, Set
from itertools import repeat

from storage.connection import Connection, Row
from storage.document_json import parse
from storage.postgres import asking
from storage.postgres.asking import TsQuery
from storage.postgres.lexemes import FORM, lexeme, quoted, write_vector
from storage.postgres.loading import SORT_IN
from storage.postgres.pairs import write_pairs
from storage.postgres.weighing import Scoring, weigh
from storage.postgres.words import Count, write_signs, write_words
from storage.query import evaluate
from storage.query.compiled import Bound, Compiled
from storage.query.tree import Node
from storage.query.words import analysis
from storage.query.words.analysis import Analysed

WINDOW = 1_000
"""The least number of the newest documents that are searched first."""
WIDER = 4_000
"""The same for phrases and NEAR, which fewer documents match."""
GROWTH = 32
"""How many times as long as the last one each further stretch is."""
_AT_ONCE = 500
_WITH_WORDS = 4_096
"""The most documents of a page whose words are read and kept in memory."""
_MISTAKEN = 10  # documents, by their signs, of a few that are looked for

_ADD = """
    INSERT INTO document_index (id, size, beyond, terms)
    SELECT a.id, a.size, a.beyond, CAST(a.terms AS TSVECTOR)
    FROM unnest(
        CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BOOLEAN[]), CAST(? AS TEXT[])
    ) AS a (id, size, beyond, terms)
    ON CONFLICT (id) DO UPDATE
    SET size = excluded.size, beyond = excluded.beyond, terms = excluded.terms
"""
_ADD_WORDS = """
    INSERT INTO document_index_words (id, words)
    SELECT a.id, a.words FROM unnest(CAST(? AS BIGINT[]), CAST(? AS BYTEA[])) AS a (id, words)
    ON CONFLICT (id) DO UPDATE SET words = excluded.words
"""
_ADD_SIGNS = """
    INSERT INTO document_index_signs (id, signs, paired)
    SELECT a.id, a.signs, TRUE FROM unnest(CAST(? AS BIGINT[]), CAST(? AS TEXT[])) AS a (id, signs)
    ON CONFLICT (id) DO UPDATE SET signs = excluded.signs, paired = excluded.paired
"""
_ADD_PAIRS = """
    INSERT INTO document_index_pairs (id, pairs)
    SELECT a.id, CAST(a.pairs AS SMALLINT[])
    FROM unnest(CAST(? AS BIGINT[]), CAST(? AS TEXT[])) AS a (id, pairs)
    ON CONFLICT (id) DO UPDATE SET pairs = excluded.pairs
"""
_REMOVE = "DELETE FROM document_index WHERE id = ANY(?)"
_REMOVE_WORDS = "DELETE FROM document_index_words WHERE id = ANY(?)"
_REMOVE_SIGNS = "DELETE FROM document_index_signs WHERE id = ANY(?)"
_REMOVE_PAIRS = "DELETE FROM document_index_pairs WHERE id = ANY(?)"
_FOUND = """
    SELECT id, size, beyond
    FROM find_indexed(CAST(? AS TSQUERY), ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TSQUERY))
"""
_FOUND_WORDS = """
    SELECT f.id, f.size, f.beyond,
        (SELECT w.words FROM document_index_words AS w WHERE w.id = f.id) AS words
    FROM find_indexed(CAST(? AS TSQUERY), ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TSQUERY)) AS f
"""
_FOUND_JSON = """
    SELECT f.id, f.beyond, (SELECT d.json FROM document AS d WHERE d.id = f.id) AS value
    FROM find_indexed(CAST(? AS TSQUERY), ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TSQUERY)) AS f
"""
_BY_CHANNEL = """
    SELECT channel_id, count(*) AS posts FROM document WHERE id = ANY(?) GROUP BY channel_id
"""
_EVERY = 10_000_000
_SPILLED = """
    SELECT s.document_id AS id, s.first_id, i.size, i.beyond, w.words FROM spilled AS s
    JOIN document_index AS i ON i.id = s.document_id
    LEFT JOIN document_index_words AS w ON w.id = s.document_id
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

    def compile(
        self, root: Node, *, common: Set[str] = frozenset(), bound: Bound = "above"
    ) -> Compiled:
        """A query tree as a tsquery."""
        return asking.compile_query(root, common=common, bound=bound)

    async def add(self, entries: Iterable[tuple[int, Analysed]]) -> None:
        """Index documents; a generator of entries runs on a thread."""
        rows = await asyncio.to_thread(_rows, entries)
        for start in range(0, len(rows), _AT_ONCE):
            piece = zip(*rows[start : start + _AT_ONCE], strict=True)
            ids, *columns, words, signs, pairs = map(list, piece)
            await self._conn.execute(_ADD, (ids, *columns))
            await self._conn.fetch_all(SORT_IN)
            await self._conn.execute(_ADD_WORDS, (ids, words))
            await self._conn.execute(_ADD_SIGNS, (ids, signs))
            await self._conn.execute(_ADD_PAIRS, (ids, pairs))

    async def remove(self, entries: Iterable[tuple[int, Analysed]]) -> None:
        """Take documents out."""
        if ids := [id for id, _ in entries]:
            await self._conn.execute(_REMOVE, (ids,))
            await self._conn.execute(_REMOVE_WORDS, (ids,))
            await self._conn.execute(_REMOVE_SIGNS, (ids,))
            await self._conn.execute(_REMOVE_PAIRS, (ids,))

    async def clear(self) -> None:
        """Take everything out."""
        await self._conn.execute("DELETE FROM document_index")
        await self._conn.execute("DELETE FROM document_index_words")
        await self._conn.execute("DELETE FROM document_index_signs")
        await self._conn.execute("DELETE FROM document_index_pairs")

    async def merge(self, pages: int, *, begins: bool) -> bool:
        """Nothing to do: what was taken out goes with the rows that ``scrub`` wipes out."""
        return False

    async def newest(self, asked: Compiled, low: int, high: int, limit: int) -> Sequence[Row]:
        """The newest that are found, with their JSON."""
        if not _of(asked).groups:
            pages = self._walk(_FOUND_JSON, asked, low, high, limit)
            return [row async for page in pages for row in page]
        ids = await self.list_ids(asked, low, high, limit)
        return await self._conn.fetch_all(_JSON, (ids,)) if ids else []

    async def score(self, asked: Compiled, low: int, high: int, limit: int) -> Sequence[Row]:
        """The newest that are found, with their BM25 score; lower is better."""
        counts: dict[int, Sequence[Count]] = {}
        pages = self._walk(_FOUND_WORDS, asked, low, high, limit, counts)
        rows = [row async for page in pages for row in page]
        # What is not below "high" came after the first page: later ones are weighed as that was.
        is_all = _of(asked).is_phrase and low <= 0 and len(rows) < limit
        return await self._weigh(asked, rows, counts, is_all=is_all)

    async def count(self, asked: Compiled, low: int, high: int, limit: int) -> int:
        """How many are found, ``limit`` at most."""
        pages = self._walk(_FOUND, asked, low, high, limit)
        return sum([len(page) async for page in pages])

    async def list_ids(self, asked: Compiled, low: int, high: int, limit: int) -> list[int]:
        """The row ids of the newest that are found."""
        pages = self._walk(_FOUND, asked, low, high, limit)
        return [row["id"] async for page in pages for row in page]

    async def count_by_channel(self, asked: Compiled, low: int, high: int) -> Sequence[Row]:
        """How many posts of each channel are found."""
        ids = await self.list_ids(asked, low, high, _EVERY)
        return await self._conn.fetch_all(_BY_CHANNEL, (ids,)) if ids else []

    async def list_spilled(
        self, asked: Compiled, place: tuple[int, int, int], ids: tuple[int, int], limit: int
    ) -> Sequence[Row]:
        """The spilled documents that are found: see ``storage.connection.Index``."""
        rows = await self._conn.fetch_all(_SPILLED, (asked.expression, *place))
        counts: dict[int, Sequence[Count]] = {}
        refused = await self._list_refused(_of(asked), rows, counts)
        taken = [row for row in rows if row["id"] not in refused][:limit]
        scores = {row["id"]: row["value"] for row in await self._weigh(asked, taken, counts)}
        return [
            {"id": row["id"], "first_id": row["first_id"], "score": scores[row["id"]]}
            for row in taken
        ]

    async def list_held(self, groups: Sequence[Sequence[str]]) -> list[int]:
        """The indexes of the groups with a form that is in the index; documents too big for a
        tsvector are not counted."""
        asked = [" | ".join(quoted(lexeme(FORM, form)) for form in group) for group in groups]
        rows = await self._conn.fetch_all(_HELD, (asked,)) if asked else []
        return [int(row["n"]) - 1 for row in rows]

    async def _walk(
        self,
        sql: str,
        asked: Compiled,
        low: int,
        high: int,
        limit: int,
        counts: dict[int, Sequence[Count]] | None = None,
    ) -> AsyncIterator[Sequence[Row]]:
        """The rows of the matches, newest first and ``limit`` at most, page by page, so that a
        caller that needs only ids keeps no words. How often the query's phrases are in them is put
        into ``counts``, by row id."""
        tried, most, standing = limit, max(limit, _AT_ONCE), None
        groups = _of(asked).groups
        if groups:
            sql, most = _FOUND_WORDS, _WITH_WORDS
            tried = min(limit + limit // 2 + _MISTAKEN, most)
            told = (one for group in groups for one in (group.rough, group.pattern))
            standing = [pattern for pattern in told if pattern] or None
        neighbours = _of(asked).neighbours
        while True:
            window = max(WIDER if groups else WINDOW, 4 * tried)
            rows = await self._conn.fetch_all(
                sql, (asked.expression, low, high, tried, window, GROWTH, standing, *neighbours)
            )
            refused = await self._list_refused(_of(asked), rows, counts, limit)
            kept = [row for row in rows if row["id"] not in refused] if refused else rows
            found = kept[:limit]
            yield found
            limit -= len(found)
            if not limit or len(rows) < tried:
                return
            high = rows[-1]["id"]
            again = _MISTAKEN + _as_many(limit, len(rows), len(rows) - len(refused))
            tried = min(4 * tried, again, most)

    async def _weigh(
        self,
        asked: Compiled,
        rows: Sequence[Row],
        counts: Mapping[int, Sequence[Count]],
        *,
        is_all: bool = False,
    ) -> Sequence[Row]:
        asking = Scoring(_of(asked).phrases, _of(asked).sought, (WINDOW, GROWTH))
        scores = await weigh(self._conn, asking, rows, counts, is_all=is_all)
        return [{"id": row["id"], "value": score} for row, score in zip(rows, scores, strict=True)]

    async def _list_refused(
        self,
        asked: TsQuery,
        rows: Sequence[Row],
        counts: dict[int, Sequence[Count]] | None,
        most: int | None = None,
    ) -> Set[int]:
        """The row ids of the candidates that do not match. Those that come after ``most`` certain
        matches are not looked at. How often the query's phrases are in the others is put into
        ``counts``."""
        refused, unsure, sure = set[int](), list[int](), 0
        if asked.sure and not asked.groups:  # a word may find thousands
            unsure = [row["id"] for row in rows if row["beyond"]]
            return {*unsure} - {*await self._list_answers(asked, unsure)}
        for row, counted in zip(rows, _count_sought(asked, rows), strict=False):
            if sure == most:
                break
            if row["beyond"] or (asked.groups and row["words"] is None):
                unsure.append(row["id"])
                continue
            if not all(group.is_held(counted) for group in asked.groups):
                refused.add(row["id"])
                continue
            if counts is not None and asked.groups:
                counts[row["id"]] = counted
            if asked.sure:
                sure += 1
            else:
                unsure.append(row["id"])
        return refused | ({*unsure} - {*await self._list_answers(asked, unsure)})

    async def _list_answers(self, asked: TsQuery, ids: Sequence[int]) -> list[int]:
        """Those of the documents whose texts match; all of them if the query is not exact, since
        the caller then checks them."""
        if not ids or not asked.exact:
            return [*ids]
        answers = []
        for row in await self._conn.fetch_all(_JSON, ([*ids],)):
            analysed = analysis.analyse_document(parse(row["value"]))
            if evaluate.node_matches(asked.root, analysed):
                answers.append(int(row["id"]))
        return answers


_Written = tuple[int, int, bool, str, bytes, str, str]


def _rows(entries: Iterable[tuple[int, Analysed]]) -> list[_Written]:
    """The rows to store for the documents; of several with one id the last."""
    made = ((id, *write_vector(id, entry), *_in_row(entry)) for id, entry in entries)
    return [*{row[0]: row for row in made}.values()]


def _in_row(entry: Analysed) -> tuple[bytes, str, str]:
    pairs = ",".join(map(str, write_pairs(entry)))
    return write_words(entry), write_signs(entry), f"{{{pairs}}}"


def _count_sought(asked: TsQuery, rows: Sequence[Row]) -> Iterator[Sequence[Count]]:
    """How often what is sought is in each of the documents, if it matters."""
    if not asked.groups:
        return repeat(())
    return asked.sought.count_one_by_one([row["words"] or b"" for row in rows])


def _as_many(wanted: int, looked_at: int, held: int) -> int:
    """Estimate how many candidates are needed for one and a half times the matches ``wanted``, if
    ``held`` of the ``looked_at`` ones matched; ``_EVERY`` if none did."""
    return 3 * wanted * looked_at // (2 * held) if held else _EVERY


def _of(asked: Compiled) -> TsQuery:
    if not isinstance(asked, TsQuery):
        raise TypeError("what another engine compiled")
    return asked
