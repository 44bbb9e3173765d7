"""The posts of a period, with the stories and events that they belong to."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from storage import row_ids, times
from storage.connection import Connection, fetch_in

LOOKED_AT = 20_000
"""The most posts of a period that are looked at, if some may be history."""


class Arrived(Struct, frozen=True, kw_only=True):
    """A post of a period. ``json``: its document as stored; ``terms``: see
    ``storage.stories.events``; ``edited``: whether an earlier text is kept."""

    id: int
    json: str
    story: str
    event: int | None
    russian: bool
    terms: bytes | None
    edited: bool


async def list_arrived(
    conn: Connection, *, after: datetime, until: datetime, from_id: int = 0, limit: int
) -> list[Arrived]:
    """Posts first stored after ``after`` and until ``until``, by row id, from ``from_id`` on.

    Only those that came from watching: imported and backfilled posts are no news.
    """
    rows = await conn.fetch_all(
        "SELECT d.id, d.doc_id, d.json, d.story, p.event, p.russian, p.terms,"
        " EXISTS (SELECT 1 FROM revision AS r WHERE r.document_id = d.id) AS edited"
        " FROM document AS d LEFT JOIN event_post AS p ON p.document_id = d.id"
        " WHERE d.live = 1 AND d.stored_at > ? AND d.stored_at <= ? AND d.id >= ?"
        " ORDER BY d.id LIMIT ?",
        (times.to_epoch(after), times.to_epoch(until), from_id, limit),
    )
    return [
        Arrived(
            id=row["id"],
            json=row["json"],
            story=row["story"] or row["doc_id"],
            event=row["event"],
            russian=bool(row["russian"]),
            terms=row["terms"],
            edited=bool(row["edited"]),
        )
        for row in rows
    ]


async def find_newest(
    conn: Connection, *, after: datetime, until: datetime, limit: int
) -> tuple[int, int]:
    """The row id from which the newest ``limit`` posts of a period begin, and how many come before;
    0 and 0 if there are no more than ``limit``."""
    span = (times.to_epoch(after), times.to_epoch(until))
    where = "FROM document WHERE live = 1 AND stored_at > ? AND stored_at <= ?"
    row = await conn.fetch_one(f"SELECT count(*) AS n {where}", span)
    older = max(0, (int(row["n"]) if row else 0) - limit)
    if not older:
        return 0, 0
    start = await conn.fetch_one(
        f"SELECT id {where} ORDER BY id DESC LIMIT 1 OFFSET ?",
        (*span, limit - 1),
    )
    return (int(start["id"]) if start else 0), older


async def list_begun(
    conn: Connection, events: Sequence[int], *, before: datetime
) -> list[tuple[int, datetime]]:
    """Those of the events that a post reported before a time, with the first post's publication
    time."""
    rows = await fetch_in(
        conn,
        "SELECT p.event, min(d.id) AS first FROM event_post AS p"
        " JOIN document AS d ON d.id = p.document_id"
        " WHERE d.stored_at <= ? AND p.event IN (:values) GROUP BY p.event",
        events,
        before=(times.to_epoch(before),),
    )
    begun = ((row["event"], row_ids.time_of(row["first"])) for row in rows)
    return [(event, at) for event, at in begun if at is not None]


class Earlier(Struct, frozen=True, kw_only=True):
    """A post of an event of earlier days: its document's row id and its terms."""

    event: int
    document_id: int
    terms: bytes


async def list_earlier(
    conn: Connection, *, since: datetime, before: datetime, events: int, posts: int
) -> list[Earlier]:
    """The posts of the events with most posts published in a time, in the order of publication: at
    most ``events`` events, of two posts or more, and at most ``posts`` posts in all, the newest."""
    span = (row_ids.first_id(since), row_ids.first_id(before))
    rows = await conn.fetch_all(
        "WITH near AS (SELECT event, document_id, terms FROM event_post WHERE document_id >= ?"
        " AND document_id < ? AND event IS NOT NULL AND terms IS NOT NULL)"
        " SELECT event, document_id, terms FROM near WHERE event IN (SELECT event FROM near"
        " GROUP BY event HAVING count(*) > 1 ORDER BY count(*) DESC, event LIMIT ?)"
        " ORDER BY document_id DESC LIMIT ?",
        (*span, events, posts),
    )
    return [Earlier(**dict(row)) for row in reversed(rows)]


async def count_history(
    conn: Connection, *, after: datetime, until: datetime, among: Sequence[int] | None = None
) -> int:
    """How many posts published in a period did not come from watching, among its newest
    ``LOOKED_AT``; ``among``: among these row ids instead."""
    if among is not None:
        statement = "SELECT id FROM document WHERE live = 0 AND id IN (:values)"
        return len(await fetch_in(conn, statement, among))
    row = await conn.fetch_one(
        "SELECT count(*) AS n FROM (SELECT live FROM document WHERE id >= ? AND id < ?"
        " ORDER BY id DESC LIMIT ?) AS newest WHERE live = 0",
        (row_ids.first_id(after), row_ids.first_id(until), LOOKED_AT),
    )
    return int(row["n"]) if row else 0
