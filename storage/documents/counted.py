"""Counts the posts that answer a query by publication time: each story once, or every stored
post."""

import asyncio
from collections import Counter
from collections.abc import Sequence, Set
from datetime import UTC, datetime

from msgspec import Struct

from storage import row_ids, times
from storage.connection import Connection, Row, fetch_in
from storage.document_json import parse
from storage.documents import time_order
from storage.documents.time_order import Stretch
from storage.query import evaluate
from storage.query.tree import Query
from storage.query.words import analysis
from storage.structs import replace

MOST = 20_000
"""The most posts that are counted, the newest."""

_POSTS = """
SELECT id, channel_id, story FROM document
WHERE live = 1 AND channel_id IS NOT NULL AND id IN (:values)
"""
_FIRST = """
SELECT min(id) AS id FROM document WHERE live = 1 AND story IN (:values) GROUP BY story
"""
_CHANNELS = """
SELECT channel_id, count(*) AS posts FROM document WHERE id IN (:values) GROUP BY channel_id
"""
_JSON = "SELECT id, json FROM document WHERE id IN (:values)"
_READ_AT_ONCE = 200
_ALL = 10_000_000
_HOUR = row_ids.PER_SECOND * 3600
_SHIFT = row_ids.first_id(datetime.fromtimestamp(0, UTC)) % _HOUR
_HOURS = """
SELECT min(id) AS id FROM document WHERE live = 1 AND stored_at >= ?
GROUP BY (id - CAST(? AS BIGINT)) / CAST(? AS BIGINT)
"""


class Counted(Struct, frozen=True):
    """A post: its row id, the publication time that follows from it (``at``), and its channel."""

    id: int
    at: datetime
    channel_id: int


async def list_counted(
    conn: Connection, query: Query, *, after: datetime, until: datetime
) -> list[Counted]:
    """The posts that answer a query and were published from ``after`` until before ``until``: only
    those that came from watching, and of each story only the one that is the first of all."""
    if query.root is None:
        return []
    asked = conn.index.compile(query.root)
    span = (row_ids.first_id(after), row_ids.first_id(until))
    ids = await conn.index.list_ids(asked, *span, MOST)
    if not asked.exact:
        known = conn.index.compile(query.root, bound="below")
        sure = await conn.index.list_ids(known, *span, MOST) if known.expression else ()
        ids = await _list_answers(conn, query, ids, {*sure})
    rows = await fetch_in(conn, _POSTS, ids)
    stories = sorted({row["story"] for row in rows if row["story"] is not None})
    first = {row["id"] for row in await fetch_in(conn, _FIRST, stories)}
    return [
        Counted(row["id"], at, row["channel_id"])
        for row in rows
        if (row["story"] is None or row["id"] in first)
        and (at := row_ids.time_of(row["id"])) is not None
    ]


async def list_read_hours(conn: Connection, *, since: datetime) -> list[int]:
    """The hours (numbers since 1970) in which a post was published that came from watching since
    ``since``; the other hours were not read, as far as is known."""
    stored = times.to_epoch(since)
    rows = await conn.fetch_all(_HOURS, (stored, _SHIFT, _HOUR))
    found = [row_ids.time_of(row["id"]) for row in rows]
    return sorted({int(at.timestamp()) // 3600 for at in found if at is not None})


async def count_by_channel(
    conn: Connection, query: Query, *, after: datetime, until: datetime
) -> Counter[int | None]:
    """How many posts of each channel answer a query and were published from ``after`` until before
    ``until``: every stored one, forwards and copies too. The key None is for texts without a
    channel."""
    if query.root is None:
        return Counter()
    asked, found = conn.index.compile(query.root), Counter[int | None]()
    rows: Sequence[Row] = []
    if asked.exact and asked.expression:
        stretch = Stretch(asked, row_ids.first_id(after), (row_ids.first_id(until), 0))
        rows = await conn.index.count_by_channel(asked, *stretch.ordinary)
        ids = await time_order.list_spilled_ids(conn, stretch, _ALL)
    else:
        ids = await list_found(conn, query, after=after, until=until)
    for row in (*rows, *await fetch_in(conn, _CHANNELS, ids)):
        found[row["channel_id"]] += row["posts"]
    return found


async def list_found(
    conn: Connection, query: Query, *, after: datetime, until: datetime
) -> list[int]:
    """The row ids of these posts."""
    if query.root is None:
        return []
    asked = conn.index.compile(query.root)
    stretch = Stretch(asked, row_ids.first_id(after), (row_ids.first_id(until), 0))
    ids = await time_order.list_ids(conn, stretch, _ALL)
    if asked.exact:
        return ids
    return await _list_answers(conn, query, ids, await list_sure(conn, query, stretch))


async def list_sure(conn: Connection, query: Query, stretch: Stretch) -> Set[int]:
    """The posts of a stretch that answer a query for certain, as the index tells."""
    if query.root is None:
        return frozenset()
    known = replace(stretch, asked=conn.index.compile(query.root, bound="below"))
    return {*await time_order.list_ids(conn, known, _ALL)} if known.asked.expression else set()


async def count_answers(conn: Connection, query: Query, stretch: Stretch, *, up_to: int) -> int:
    """The number of posts of a stretch that answer a query, ``up_to`` at most, where the index
    alone does not decide: those that it is certain of come first."""
    if query.root is None:
        return await time_order.count(conn, stretch, up_to=up_to)
    known = replace(stretch, asked=conn.index.compile(query.root, bound="below"))
    sure = await time_order.list_ids(conn, known, up_to) if known.asked.expression else []
    if len(sure) >= up_to:
        return up_to
    ids = await time_order.list_ids(conn, stretch, _ALL)
    held, found = {*sure}, len(sure)
    doubtful = [id for id in ids if id not in held]
    for start in range(0, len(doubtful), _READ_AT_ONCE):
        piece = doubtful[start : start + _READ_AT_ONCE]
        found += len(await _list_answers(conn, query, piece, set()))
        if found >= up_to:
            return up_to
    return found


async def _list_answers(
    conn: Connection, query: Query, ids: Sequence[int], sure: Set[int]
) -> list[int]:
    """Those of the posts that answer the query, decided by their texts on a thread unless they are
    ``sure``."""
    unsure, found = [id for id in ids if id not in sure], set[int]()
    for start in range(0, len(unsure), _READ_AT_ONCE):
        rows = await fetch_in(conn, _JSON, unsure[start : start + _READ_AT_ONCE])
        found |= {*await asyncio.to_thread(_answers, query, rows)}
    return [id for id in ids if id in sure or id in found]


def _answers(query: Query, rows: Sequence[Row]) -> list[int]:
    read = ((row["id"], parse(row["json"])) for row in rows)
    return [
        id
        for id, document in read
        if evaluate.matches(query, document, analysis.analyse_document(document))
    ]
