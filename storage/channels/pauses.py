"""When a channel posted, and until when that is known."""

from datetime import datetime

from msgspec import Struct

from storage import row_ids, times
from storage.connection import Connection
from storage.records import Channel

MOST = 20_000
"""The newest posts of a channel whose times are read at most."""

_TIMES = """
SELECT coalesce(first_id, id) AS id FROM document LEFT JOIN spilled ON document_id = id
WHERE channel_id = ? AND id >= ?
ORDER BY message_id DESC NULLS LAST LIMIT ?
"""
_NEWEST = """
SELECT coalesce(first_id, id) AS id, message_id FROM document LEFT JOIN spilled ON document_id = id
WHERE channel_id = ? AND message_id IS NOT NULL ORDER BY message_id DESC LIMIT 1
"""


class LastPost(Struct, frozen=True, kw_only=True):
    """The newest post of a channel, be it deleted since: it was said."""

    at: datetime
    message_id: int


async def find_last_post(conn: Connection, channel: Channel) -> LastPost | None:
    """The newest post of a channel; None where there is none, or its time is not known."""
    row = await conn.fetch_one(_NEWEST, (channel.channel_id,))
    at = None if row is None else row_ids.time_of(row["id"])
    if row is None or at is None:
        return None
    return LastPost(at=at, message_id=row["message_id"])


async def list_times(conn: Connection, channel: Channel, *, since: datetime) -> list[int]:
    """When a channel posted since then: epoch seconds, in order."""
    rows = await conn.fetch_all(_TIMES, (channel.channel_id, row_ids.first_id(since), MOST))
    known = (row_ids.time_of(row["id"]) for row in rows)
    return sorted(times.to_epoch(at) // 1_000_000 for at in known if at is not None)
