"""Searching documents: newest first, or the most relevant of the newest."""

import base64
import binascii
import struct
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from storage import moments
from storage.database import Connection, Row, fetch_in
from storage.document import Document
from storage.document_json import parse
from storage.errors import UsageError
from storage.query import snippet
from storage.query.compile_fts5 import match_expression
from storage.query.tree import Node, Query
from storage.records import Hit, Page, Sort

RELEVANT_OF = 1_000
"""Relevance is weighed among this many of the newest matches."""

_CHUNK = 200
_HIGHEST = (1 << 63) - 1
_NEWEST = struct.Struct(">q")  # a cursor: the last row id shown
_RELEVANT = struct.Struct(">qqH")  # the newest row id weighed; the last shown, and its place
# A word in the title counts threefold, a mark nothing.
_SCORED = """
    SELECT rowid AS id, bm25(document_index, 3.0, 1.0, 1.0, 0.0) AS score FROM document_index
    WHERE document_index MATCH ? AND rowid >= ? AND rowid < ? ORDER BY rowid DESC LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class _Range:
    """Row ids from ``low`` (inclusive) to ``high`` (exclusive)."""

    low: int
    high: int


async def search(
    conn: Connection,
    query: Query,
    *,
    limit: int = 10,
    sort: Sort = "newest",
    cursor: str | None = None,
) -> Page:
    """One page of the documents that answer a query; ``cursor`` is a former page's ``following``.

    Newest first, documents of unknown date last; or by relevance, which is weighed among the
    newest matches. Raises UsageError for a cursor that is none.
    """
    if sort == "relevance" and query.root is not None:
        return await _search_relevant(conn, query, query.root, limit, cursor)
    asked = _asked_ids(query)
    if cursor is not None:
        asked = _Range(asked.low, min(asked.high, _read(_NEWEST, cursor)[0]))
    rows = await _fetch_newest(conn, query, asked, limit + 1)
    hits = tuple(_hit(row, query) for row in rows[:limit])
    return Page(hits=hits, following=_write(_NEWEST, hits[-1].id) if len(rows) > limit else None)


async def iterate(conn: Connection, query: Query | None) -> AsyncIterator[Document]:
    """Every document that answers a query (None: every one), newest first.

    Read piece by piece: no transaction is held meanwhile, so what arrives or moves while it runs
    may be in or out.
    """
    wanted = query or Query("", None)
    asked = _asked_ids(wanted)
    while rows := await _fetch_newest(conn, wanted, asked, _CHUNK):
        for row in rows:
            yield parse(row["json"])
        asked = _Range(asked.low, rows[-1]["id"])


async def count(conn: Connection, query: Query, *, up_to: int = RELEVANT_OF) -> int:
    """How many documents answer a query; ``up_to`` when there are as many or more."""
    asked = _asked_ids(query)
    if query.root is None:
        sql = "SELECT count(*) AS n FROM (SELECT id FROM document WHERE id >= ? AND id < ? LIMIT ?)"
        row = await conn.fetch_one(sql, (asked.low, asked.high, up_to))
    else:
        row = await conn.fetch_one(
            "SELECT count(*) AS n FROM (SELECT rowid FROM document_index"
            " WHERE document_index MATCH ? AND rowid >= ? AND rowid < ? LIMIT ?)",
            (match_expression(query.root), asked.low, asked.high, up_to),
        )
    return 0 if row is None else int(row["n"])


async def _fetch_newest(conn: Connection, query: Query, asked: _Range, limit: int) -> Sequence[Row]:
    if query.root is None:
        return await conn.fetch_all(
            "SELECT id, json FROM document WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT ?",
            (asked.low, asked.high, limit),
        )
    return await conn.fetch_all(
        "SELECT id, json FROM document WHERE id IN (SELECT rowid FROM document_index"
        " WHERE document_index MATCH ? AND rowid >= ? AND rowid < ? ORDER BY rowid DESC LIMIT ?)"
        " ORDER BY id DESC",
        (match_expression(query.root), asked.low, asked.high, limit),
    )


async def _search_relevant(
    conn: Connection, query: Query, root: Node, limit: int, cursor: str | None
) -> Page:
    asked, shown = _asked_ids(query), 0
    last = 0
    if cursor is not None:
        newest, last, shown = _read(_RELEVANT, cursor)
        asked = _Range(asked.low, min(asked.high, newest + 1))
    parameters = (match_expression(root), asked.low, asked.high, RELEVANT_OF)
    rows = await conn.fetch_all(_SCORED, parameters)
    ranked = [row_id for _, row_id in sorted((row["score"], -row["id"]) for row in rows)]
    start = ranked.index(-last) + 1 if -last in ranked else shown
    wanted = [-negative for negative in ranked[start : start + limit]]
    found = await fetch_in(conn, "SELECT id, json FROM document WHERE id IN (:values)", wanted)
    by_id = {row["id"]: row for row in found}
    hits = tuple(_hit(by_id[row_id], query) for row_id in wanted if row_id in by_id)
    end = start + len(wanted)
    if not wanted or end >= len(ranked):
        return Page(hits=hits)
    newest = rows[0]["id"] if cursor is None else asked.high - 1
    return Page(hits=hits, following=_write(_RELEVANT, newest, wanted[-1], end))


def _asked_ids(query: Query) -> _Range:
    """Row ids say when a document was published: dates are a range of them."""
    if query.after is None and query.before is None:
        return _Range(0, _HIGHEST)
    low = moments.FIRST_DATED if query.after is None else moments.first_id(query.after)
    high = _HIGHEST if query.before is None else moments.first_id(query.before)
    return _Range(max(low, moments.FIRST_DATED), high)


def _hit(row: Row, query: Query) -> Hit:
    document = parse(row["json"])
    return Hit(
        id=row["id"],
        document=document,
        snippet=snippet.snippet(document, query),
        matched=snippet.matched(document, query),
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
