"""What was published in a span of time, whenever it was read; and what became of it since."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from storage import row_ids, times
from storage.connection import Connection, Row, fetch_in


class Published(Struct, frozen=True, kw_only=True):
    """A post as it is stored: ``json`` is its document, ``story`` the name of its story."""

    id: int
    doc_id: str
    channel_id: int
    story: str
    json: str


class Output(Struct, frozen=True, kw_only=True):
    """A channel's part in a span: how many posts, the last of them (``doc_id``)."""

    channel_id: int
    posts: int
    last: str


class Edited(Struct, frozen=True, kw_only=True):
    """A post that was changed: what it said before the first change of the span, what it says now
    (as JSON), and when it was changed last."""

    doc_id: str
    channel_id: int
    before: str
    now: str
    at: datetime


async def list_published(
    conn: Connection, *, after: datetime, until: datetime, from_id: int = 0, limit: int
) -> list[Published]:
    """Posts of channels that were published from one time until before another, by row ids from
    ``from_id`` on. What nobody knows the time of is of no span."""
    rows = await conn.fetch_all(
        "SELECT id, doc_id, channel_id, story, json FROM document"
        " WHERE id >= ? AND id < ? AND channel_id IS NOT NULL ORDER BY id LIMIT ?",
        (max(from_id, row_ids.first_id(after)), row_ids.first_id(until), limit),
    )
    return list(map(_published, rows))


async def find_newest(
    conn: Connection, *, after: datetime, until: datetime, limit: int
) -> tuple[int, int]:
    """From which row id on the newest ``limit`` posts of a span lie, and how many lie before."""
    span = (row_ids.first_id(after), row_ids.first_id(until))
    where = "FROM document WHERE id >= ? AND id < ? AND channel_id IS NOT NULL"
    row = await conn.fetch_one(f"SELECT count(*) AS n {where}", span)
    older = max(0, (int(row["n"]) if row else 0) - limit)
    if not older:
        return 0, 0
    start = await conn.fetch_one(
        f"SELECT id {where} ORDER BY id DESC LIMIT 1 OFFSET ?", (*span, limit - 1)
    )
    return (int(start["id"]) if start else 0), older


async def find_first(conn: Connection, *, after: datetime, until: datetime) -> datetime | None:
    """When the first post of a span was published; None where there is none."""
    row = await conn.fetch_one(
        "SELECT min(id) AS first FROM document WHERE id >= ? AND id < ?",
        (row_ids.first_id(after), row_ids.first_id(until)),
    )
    return None if row is None or row["first"] is None else row_ids.time_of(row["first"])


async def count_by_channel(
    conn: Connection, *, after: datetime, until: datetime
) -> dict[int, Output]:
    """What each channel published in a span."""
    rows = await conn.fetch_all(
        "SELECT d.channel_id, d.doc_id, found.posts FROM ("
        " SELECT channel_id, count(*) AS posts, max(id) AS last FROM document"
        " WHERE id >= ? AND id < ? AND channel_id IS NOT NULL GROUP BY channel_id"
        ") AS found JOIN document AS d ON d.id = found.last",
        (row_ids.first_id(after), row_ids.first_id(until)),
    )
    return {
        row["channel_id"]: Output(
            channel_id=row["channel_id"], posts=row["posts"], last=row["doc_id"]
        )
        for row in rows
    }


async def list_edited(
    conn: Connection, *, after: datetime, until: datetime, limit: int
) -> list[Edited]:
    """The posts of channels that were changed in a span and still stand, those changed last
    first."""
    rows = await conn.fetch_all(
        "SELECT d.doc_id, d.channel_id, d.json AS now, first.json AS before, found.at FROM ("
        " SELECT document_id, min(id) AS first, max(replaced_at) AS at FROM revision"
        " WHERE replaced_at >= ? AND replaced_at < ? GROUP BY document_id"
        " ORDER BY at DESC LIMIT ?"
        ") AS found JOIN document AS d ON d.id = found.document_id"
        " JOIN revision AS first ON first.id = found.first"
        " WHERE d.deleted_at IS NULL AND d.channel_id IS NOT NULL ORDER BY found.at DESC, d.id",
        (times.to_epoch(after), times.to_epoch(until), limit),
    )
    return [
        Edited(
            doc_id=row["doc_id"],
            channel_id=row["channel_id"],
            before=row["before"],
            now=row["now"],
            at=times.from_epoch(row["at"]),
        )
        for row in rows
    ]


async def list_deleted(
    conn: Connection, *, after: datetime, until: datetime, since: datetime, limit: int
) -> list[Published]:
    """The posts of channels, published after ``since``, that were seen to be gone in a span, the
    last first."""
    rows = await conn.fetch_all(
        "SELECT id, doc_id, channel_id, story, json FROM document"
        " WHERE deleted_at >= ? AND deleted_at < ? AND id >= ? AND channel_id IS NOT NULL"
        " ORDER BY deleted_at DESC, id LIMIT ?",
        (times.to_epoch(after), times.to_epoch(until), row_ids.first_id(since), limit),
    )
    return list(map(_published, rows))


async def list_standing(conn: Connection, stories: Sequence[str]) -> list[tuple[str, int]]:
    """Which channels have posts of these stories that still stand: story and channel."""
    rows = await fetch_in(
        conn,
        "SELECT DISTINCT story, channel_id FROM document WHERE story IN (:values)"
        " AND deleted_at IS NULL AND channel_id IS NOT NULL",
        stories,
    )
    return [(row["story"], row["channel_id"]) for row in rows]


async def find_events(conn: Connection, doc_ids: Sequence[str]) -> dict[str, int]:
    """The events that posts tell of; without those that tell of none."""
    rows = await fetch_in(
        conn,
        "SELECT d.doc_id, p.event FROM document AS d JOIN event_post AS p ON p.document_id = d.id"
        " WHERE p.event IS NOT NULL AND d.doc_id IN (:values)",
        doc_ids,
    )
    return {row["doc_id"]: row["event"] for row in rows}


def _published(row: Row) -> Published:
    return Published(
        id=row["id"],
        doc_id=row["doc_id"],
        channel_id=row["channel_id"],
        story=row["story"] or row["doc_id"],
        json=row["json"],
    )
