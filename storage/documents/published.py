"""What was published in a period, whenever it was read; and what became of it."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from storage import row_ids, times
from storage.connection import Connection, Row, fetch_in


class Published(Struct, frozen=True, kw_only=True):
    """A stored post. ``json``: its document; ``story``: the name of its story."""

    id: int
    doc_id: str
    channel_id: int
    story: str
    json: str


class Output(Struct, frozen=True, kw_only=True):
    """A channel's posts in a period: their number, and the ``doc_id`` of the last."""

    channel_id: int
    posts: int
    last: str


class Edited(Struct, frozen=True, kw_only=True):
    """A post that was edited: its text before the first edit in the period and its text now (as
    JSON), and the time of the last edit."""

    doc_id: str
    channel_id: int
    before: str
    now: str
    at: datetime


async def list_published(
    conn: Connection, *, after: datetime, until: datetime, from_id: int = 0, limit: int
) -> list[Published]:
    """Channels' posts published from ``after`` until before ``until``, by row id, from ``from_id``
    on. Posts of unknown time are in no period."""
    rows = await conn.fetch_all(
        "SELECT id, doc_id, channel_id, story, json FROM document"
        " WHERE id >= ? AND id < ? AND channel_id IS NOT NULL ORDER BY id LIMIT ?",
        (max(from_id, row_ids.first_id(after)), row_ids.first_id(until), limit),
    )
    return list(map(_published, rows))


async def find_newest(
    conn: Connection, *, after: datetime, until: datetime, limit: int
) -> tuple[int, int]:
    """The row id from which the newest ``limit`` posts of a period begin, and how many come before;
    0 and 0 if there are no more than ``limit``."""
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
    """When the first post of a period was published; None if there is none."""
    row = await conn.fetch_one(
        "SELECT min(id) AS first FROM document WHERE id >= ? AND id < ?",
        (row_ids.first_id(after), row_ids.first_id(until)),
    )
    return None if row is None or row["first"] is None else row_ids.time_of(row["first"])


async def count_by_channel(
    conn: Connection, *, after: datetime, until: datetime
) -> dict[int, Output]:
    """What each channel published in a period, by channel id."""
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
    """Channels' posts that were edited in a period and still exist, the last edited first."""
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
    """Channels' posts, published after ``since``, whose deletion was noticed in a period, the last
    first."""
    rows = await conn.fetch_all(
        "SELECT id, doc_id, channel_id, story, json FROM document"
        " WHERE deleted_at >= ? AND deleted_at < ? AND id >= ? AND channel_id IS NOT NULL"
        " ORDER BY deleted_at DESC, id LIMIT ?",
        (times.to_epoch(after), times.to_epoch(until), row_ids.first_id(since), limit),
    )
    return list(map(_published, rows))


async def list_standing(conn: Connection, stories: Sequence[str]) -> list[tuple[str, int]]:
    """The pairs of story and channel for posts of these stories that still exist."""
    rows = await fetch_in(
        conn,
        "SELECT DISTINCT story, channel_id FROM document WHERE story IN (:values)"
        " AND deleted_at IS NULL AND channel_id IS NOT NULL",
        stories,
    )
    return [(row["story"], row["channel_id"]) for row in rows]


async def find_events(conn: Connection, doc_ids: Sequence[str]) -> dict[str, int]:
    """The events of posts, by ``doc_id``; posts without one are left out."""
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
