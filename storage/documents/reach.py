"""Since when everything is stored that the watched channels posted."""

from dataclasses import dataclass
from datetime import datetime

from storage import row_ids, times
from storage.connection import Connection, Row

# Of history that is read oldest first, what lies between is missing until all of it is read.
_WATCHED = """
SELECT channel.added_at, backfill.since, backfill.asked_at, newest_first, finished_at, (
    SELECT document.id FROM document WHERE document.channel_id = channel.channel_id
    AND message_id > CASE
        WHEN backfill.channel IS NULL THEN 0
        WHEN newest_first = 1 THEN backfill.last_id
        WHEN next_id BETWEEN 1 AND backfill.last_id THEN backfill.last_id
        WHEN next_id = 0 THEN floor
        ELSE 0 END
    ORDER BY message_id LIMIT 1
) AS oldest
FROM channel LEFT JOIN backfill ON backfill.channel = channel.id
WHERE watched = 1 AND last_scan_at IS NOT NULL AND channel.id = coalesce(?, channel.id)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """From ``farthest`` on some watched channel is stored completely, from ``nearest`` on all."""

    farthest: datetime
    nearest: datetime


async def find_reach(conn: Connection, channel: int | None = None) -> Reach | None:
    """How far back the watched channels are stored, or the one of that row; None where none is read
    yet."""
    begins = [_since(row) for row in await conn.fetch_all(_WATCHED, (channel,))]
    return Reach(farthest=min(begins), nearest=max(begins)) if begins else None


def _since(row: Row) -> datetime:
    """Since when a channel is stored whole, as far as is known: since it is watched, at least."""
    added = times.from_epoch(row["added_at"])
    asked = times.optional_from_epoch(row["asked_at"])
    if row["newest_first"] and asked is not None and asked < added:
        return added  # It was watched before, and not in between.
    oldest = row_ids.time_of(row["oldest"]) if row["oldest"] is not None else None
    is_read = row["newest_first"] and row["finished_at"] is not None
    since = times.optional_from_epoch(row["since"]) if is_read else None
    return min(at for at in (added, oldest, since) if at is not None)
