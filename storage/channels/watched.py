"""What is watched, as readers see it: when a channel last said something, and how busy it is."""

from datetime import datetime, timedelta

from msgspec import Struct

from storage import row_ids
from storage.channels import channels
from storage.connection import Connection
from storage.documents import reach
from storage.records import Channel

COUNTED = 1000
"""The newest posts of a channel that are counted at most."""
DAYS = 7
"""The days of which it is said how busy a channel is."""

_NEWEST = """
SELECT id, (
    SELECT coalesce(first_id, document.id) FROM document LEFT JOIN spilled
    ON document_id = document.id
    WHERE document.channel_id = channel.channel_id AND deleted_at IS NULL
        AND message_id IS NOT NULL
    ORDER BY message_id DESC LIMIT 1
) AS newest FROM channel WHERE watched = 1
"""


class Watched(Struct, frozen=True, kw_only=True):
    """A watched channel, and when its newest post that stands was published."""

    channel: Channel
    last_post_at: datetime | None


async def list_watched(conn: Connection) -> list[Watched]:
    """The watched channels, the one that said something last first."""
    newest = {row["id"]: row["newest"] for row in await conn.fetch_all(_NEWEST)}
    known = await channels.list_channels(conn, watched=True)
    known.sort(key=lambda channel: -(newest.get(channel.id) or 0))
    return [
        Watched(channel=channel, last_post_at=_posted_at(newest.get(channel.id)))
        for channel in known
    ]


async def find_watched(conn: Connection, row: int) -> Watched | None:
    """The watched channel of that row, or None."""
    channel = await channels.find_watched(conn, row)
    if channel is None:
        return None
    newest = await conn.fetch_one(_NEWEST + " AND id = ?", (row,))
    return Watched(channel=channel, last_post_at=_posted_at(newest["newest"] if newest else None))


async def posts_a_day(conn: Connection, channel: Channel, *, now: datetime) -> float:
    """How many posts a day came in the last days, or since the channel is stored."""
    if channel.channel_id is None:
        return 0.0
    begins = now - timedelta(days=DAYS)
    stored = await reach.find_reach(conn, channel.id)
    if stored is not None:
        begins = max(begins, min(stored.nearest, now - timedelta(days=1)))
    rows = await conn.fetch_all(
        "SELECT id FROM document WHERE channel_id = ? AND message_id IS NOT NULL"
        " ORDER BY message_id DESC LIMIT ?",
        (channel.channel_id, COUNTED),
    )
    first = row_ids.first_id(begins)
    lately = [row["id"] for row in rows if row["id"] >= first]
    if len(lately) == COUNTED:
        begins = row_ids.time_of(lately[-1]) or begins
    seconds = max(1.0, (now - begins).total_seconds())
    return len(lately) * 86400 / seconds


def _posted_at(row_id: int | None) -> datetime | None:
    return None if row_id is None else row_ids.time_of(row_id)
