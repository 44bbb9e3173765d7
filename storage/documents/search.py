"""Searches documents: newest first, or the most relevant of the newest."""

import asyncio
import base64
import binascii
import re
import struct
from collections.abc import AsyncIterator, Sequence, Set
from datetime import timedelta
from itertools import islice

from msgspec import Struct

from storage import row_ids
from storage.connection import Connection
from storage.document import Document
from storage.document_json import parse, read_texts
from storage.documents import counted, time_order
from storage.documents.documents import list_documents
from storage.documents.time_order import Position, Standing, Stretch
from storage.errors import UsageError
from storage.query import evaluate, snippet, tree
from storage.query.compiled import EVERYTHING, Bound, Compiled
from storage.query.tree import Query
from storage.query.words import analysis
from storage.records import Hit, Page, Sort
from storage.structs import replace

RELEVANT_OF = 1_000
"""The number of newest matches that are sorted by relevance."""

HALF_OF_AGE = timedelta(days=90)
"""A match that is this much older than the newest one loses a quarter of its relevance; the oldest
lose half at most, so that age decides among equals and hides nothing."""

_HALF_OF_AGE = HALF_OF_AGE.total_seconds()

SAMPLED = 100
"""The number of newest documents in which a prefix is looked for. If at least one in ``RARER`` has
it, it is common: then documents are read and tested for it, which soon fills a page."""

RARER = 12

_CHUNK = 200
_EVERY = 10_000_000
_NEWEST = struct.Struct(">q")  # a cursor: the last row id shown
_RELEVANT = struct.Struct(">qqH")  # the newest row id weighed; the last shown, and its place


class _Asked(Struct, frozen=True):
    """A query with what the index is asked for: documents from ``low`` to below ``high``;
    ``common``: prefixes that it is not asked for."""

    query: Query
    compiled: Compiled
    low: int
    high: Position
    common: Set[str] = frozenset()

    @property
    def stretch(self) -> Stretch:
        """The range in the index, and the expression."""
        return Stretch(self.compiled, self.low, self.high)

    def below(self, position: Position) -> "_Asked":
        """The part of it before a position."""
        return replace(self, high=min(self.high, position))

    def answers(self, document: Document) -> bool:
        """Whether a document that the index found answers the query."""
        return self.compiled.exact or evaluate.matches(
            self.query, document, analysis.analyse_document(document)
        )

    def bounded(self, conn: Connection, bound: Bound) -> "_Asked":
        """The same, with another bound where the index does not decide alone."""
        if self.query.root is None or self.compiled.exact:
            return self
        compiled = conn.index.compile(self.query.root, common=self.common, bound=bound)
        return replace(self, compiled=compiled)


class _Found(Struct, frozen=True):
    id: int
    position: Position
    document: Document


async def search(
    conn: Connection,
    query: Query,
    *,
    limit: int = 10,
    sort: Sort = "newest",
    cursor: str | None = None,
) -> Page:
    """A page of the documents that answer a query; ``cursor``: the previous page's ``following``.

    Newest first, documents of unknown date last; or by relevance among the newest matches. Raises
    UsageError for an invalid cursor.
    """
    asked = await _ask(conn, query)
    if sort == "relevance" and asked.compiled.expression and _is_relevant(cursor):
        return await _search_relevant(conn, asked, limit, cursor)
    if cursor is not None:
        asked = asked.below(await time_order.find_position(conn, _read(_NEWEST, cursor)[0]))
    found = await _find_newest(conn, asked, limit + 1)
    shown = found[:limit]
    following = _write(_NEWEST, shown[-1].id) if len(found) > limit and shown else None
    hits = await asyncio.to_thread(_mark, [(one.id, one.document) for one in shown], query)
    return Page(hits=hits, following=following)


async def iterate(conn: Connection, query: Query | None) -> AsyncIterator[Document]:
    """Every document that answers a query (None: every document), newest first.

    They are read in pieces, without a transaction around them: what arrives or moves meanwhile may
    be in or out.
    """
    asked = await _ask(conn, query or Query("", None))
    while found := await _find_newest(conn, asked, _CHUNK):
        for one in found:
            yield one.document
        asked = asked.below(found[-1].position)


async def count(conn: Connection, query: Query, *, up_to: int = RELEVANT_OF) -> int:
    """The number of documents that answer a query, ``up_to`` at most."""
    asked = _ask_strictly(conn, query)
    if not asked.compiled.exact:
        return await counted.count_answers(conn, query, asked.stretch, up_to=up_to)
    return await time_order.count(conn, asked.stretch, up_to=up_to)


async def _find_newest(conn: Connection, asked: _Asked, limit: int) -> list[_Found]:
    """The newest documents that answer, at most ``limit``. Those that must be tested by their texts
    are read in pieces, so that a search can be cancelled between."""
    found: list[_Found] = []
    tried = limit * 2
    while len(found) < limit:
        tried = min(tried * 2, _CHUNK)
        wanted = limit - len(found) if asked.compiled.exact else tried
        rows = await time_order.fetch_json(conn, asked.stretch, wanted)
        oldest = rows[-1].position if limit >= _CHUNK and rows else time_order.HIGHEST
        sure = await _list_sure(conn, asked, oldest)
        found += await asyncio.to_thread(_answers, asked, rows, limit - len(found), sure)
        if len(rows) < wanted:
            break
        asked = asked.below(rows[-1].position)
    return found


async def _list_sure(conn: Connection, asked: _Asked, oldest: Position) -> Set[int]:
    """The documents back to the ``oldest`` that answer for certain, as the index tells."""
    known = asked.bounded(conn, "below")
    if asked.compiled.exact or not known.compiled.expression or oldest == time_order.HIGHEST:
        return frozenset()
    stretch = replace(known.stretch, low=max(asked.low, oldest[0]))
    return {*await time_order.list_ids(conn, stretch, _EVERY)}


def _answers(asked: _Asked, rows: Sequence[Standing], most: int, sure: Set[int]) -> list[_Found]:
    """The first of the rows that answer; run on a thread, since analysing texts is slow."""
    read = (_Found(row.id, row.position, parse(row.value)) for row in rows)
    found = (one for one in read if one.id in sure or asked.answers(one.document))
    return list(islice(found, most))


def _filter(asked: _Asked, read: Sequence[tuple[int, Document]]) -> list[tuple[int, Document]]:
    return [one for one in read if asked.answers(one[1])]


async def _search_relevant(conn: Connection, asked: _Asked, limit: int, cursor: str | None) -> Page:
    newest, last, position = 0, 0, 0
    if cursor is not None:
        newest, last, position = _read(_RELEVANT, cursor)
        first, row_id = await time_order.find_position(conn, newest)
        asked = asked.below((first, row_id + 1))
    rows = await _weigh(conn, asked)
    ranked = _rank(rows)
    start = ranked.index(last) + 1 if last in ranked else position
    found: list[tuple[int, Document]] = []
    while start < len(ranked) and len(found) < limit:
        piece = ranked[start : start + limit - len(found)]
        documents = await list_documents(conn, piece)
        read = [(id, documents[id]) for id in piece if id in documents]
        found += await asyncio.to_thread(_filter, asked, read)
        start += len(piece)
    hits = await asyncio.to_thread(_mark, found, asked.query)
    if start >= len(ranked):
        return Page(hits=hits)
    newest = newest or rows[0][0]
    return Page(hits=hits, following=_write(_RELEVANT, newest, ranked[start - 1], start))


async def _weigh(conn: Connection, asked: _Asked) -> list[tuple[int, float]]:
    """The newest documents that the index finds, with their scores. Fewer, where it is certain of
    none: then most of them may have to be tested by their texts."""
    known, scored = asked.bounded(conn, "below"), asked.bounded(conn, "scored")
    weighed = RELEVANT_OF if known.compiled.expression else _CHUNK
    return await time_order.fetch_scores(conn, scored.stretch, weighed)


def _rank(scored: Sequence[tuple[int, float]]) -> list[int]:
    """Row ids, the most relevant first, of matches given newest first with FTS5's scores (lower is
    better)."""
    newest = scored[0][0] if scored else 0
    tempered = sorted((score * _freshness(newest, id), -id) for id, score in scored)
    return [-negative for _, negative in tempered]


def _freshness(newest: int, row_id: int) -> float:
    """1 for the newest match, falling to 0.5 for the very old; 0.5 for those of unknown date.

    Age counts from the newest match, not from now, so that the pages of a result keep their order.
    """
    age = row_ids.seconds_between(row_id, newest)
    return 0.5 if age is None else float(0.5 + 0.5 ** (1 + age / _HALF_OF_AGE))


async def _ask(conn: Connection, query: Query) -> _Asked:
    """What the index is asked for; common prefixes are left to the test of documents."""
    asked = _ask_strictly(conn, query)
    prefixes = tree.list_prefixes(query.root)
    if query.root is None or not prefixes:
        return asked
    everything = replace(asked, compiled=EVERYTHING)
    rows = await time_order.fetch_json(conn, everything.stretch, SAMPLED)
    if len(rows) < SAMPLED:
        return asked
    texts = [read_texts(row.value) for row in rows]
    common = {form for form in prefixes if _is_common(form, texts)}
    compiled = conn.index.compile(query.root, common=common)
    return replace(asked, compiled=compiled, common=common)


def _is_common(prefix: str, texts: Sequence[str]) -> bool:
    """Whether a prefix is common in these texts as written, which is accurate enough."""
    pattern = re.compile(rf"\b{re.escape(prefix).replace('е', '[её]')}", re.IGNORECASE)
    return RARER * sum(pattern.search(text) is not None for text in texts) >= len(texts)


def _is_relevant(cursor: str | None) -> bool:
    """Whether a cursor is one of relevance; results begun by time go on by time."""
    return cursor is None or len(cursor) > len(_write(_NEWEST, 0))


def _ask_strictly(conn: Connection, query: Query) -> _Asked:
    """What the index is asked for. Row ids are in order of time, so dates are a range of them."""
    low, high = 0, time_order.HIGHEST
    if query.after is not None or query.before is not None:
        low = row_ids.FIRST_DATED
    if query.after is not None:
        low = max(low, row_ids.first_id(query.after))
    if query.before is not None:
        high = (row_ids.first_id(query.before), 0)
    compiled = EVERYTHING if query.root is None else conn.index.compile(query.root)
    return _Asked(query, compiled, low, high)


def _mark(found: Sequence[tuple[int, Document]], query: Query) -> tuple[Hit, ...]:
    """The hits of a page, with matches marked; run on a thread, since long posts are slow."""
    return tuple(_hit(row_id, document, query) for row_id, document in found)


def _hit(row_id: int, document: Document, query: Query) -> Hit:
    marked = snippet.mark_document(document, query)
    attached = snippet.mark_attached(document, query)
    return Hit(
        id=row_id,
        document=document,
        snippet=snippet.cut(marked, title=len(analysis.title_text(document))),
        matched=snippet.surfaces(marked, *(one.text for one in attached)),
        attached=attached,
    )


def _write(form: struct.Struct, *values: int) -> str:
    return base64.urlsafe_b64encode(form.pack(*values)).decode("ascii").rstrip("=")


def _read(form: struct.Struct, cursor: str) -> tuple[int, ...]:
    try:
        packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return form.unpack(packed)
    except (ValueError, binascii.Error, struct.error) as error:
        raise UsageError(
            "this is no page of these results", where="cursor", hint="search again"
        ) from error
