"""Since when everything that the watched channels posted is stored and not deleted."""

from collections.abc import Set
from datetime import datetime

from msgspec import Struct

from storage import facts, row_ids, times
from storage.connection import Connection, Row
from storage.documents import groups

FORGOTTEN = "forgotten_documents"
FORGOTTEN_OF_GROUPS = "forgotten_group_posts"

# Of history that is read oldest first, what lies between is missing until all of it is read.
_WATCHED = """
SELECT channel.channel_id, channel.added_at, backfill.since, backfill.asked_at, newest_first,
    finished_at, (
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


class Horizon(Struct, frozen=True, kw_only=True):
    """The times before which all documents, and those of groups, were deleted by retention; None:
    never."""

    documents: datetime | None = None
    group_posts: datetime | None = None

    def of_posts(self, *, of_group: bool) -> datetime | None:
        """The time before which such posts were deleted, or None."""
        both = (self.documents, self.group_posts if of_group else None)
        return max((time for time in both if time is not None), default=None)


class Reach(Struct, frozen=True, kw_only=True):
    """From ``farthest`` on some watched channel is stored completely, from ``nearest`` on all
    are."""

    farthest: datetime
    nearest: datetime


async def find_horizon(conn: Connection) -> Horizon:
    """The times before which documents were deleted by retention."""
    found = [await facts.find_value(conn, name) for name in (FORGOTTEN, FORGOTTEN_OF_GROUPS)]
    documents, group_posts = [
        None if text is None else times.from_epoch(int(text)) for text in found
    ]
    return Horizon(documents=documents, group_posts=group_posts)


async def find_reach(conn: Connection, channel: int | None = None) -> Reach | None:
    """How far back the watched channels, or the one with this row id, are stored; None if none is
    read yet."""
    horizon = await find_horizon(conn)
    chats = frozenset(await groups.list_groups(conn)) if horizon.group_posts else frozenset()
    rows = await conn.fetch_all(_WATCHED, (channel,))
    begins = [_kept_since(row, horizon, chats) for row in rows]
    return Reach(farthest=min(begins), nearest=max(begins)) if begins else None


def _kept_since(row: Row, horizon: Horizon, chats: Set[int]) -> datetime:
    forgotten = horizon.of_posts(of_group=row["channel_id"] in chats)
    since = _since(row)
    return since if forgotten is None else max(since, forgotten)


def _since(row: Row) -> datetime:
    """Since when a channel is stored completely, as far as is known: at least since it is
    watched."""
    added = times.from_epoch(row["added_at"])
    asked = times.optional_from_epoch(row["asked_at"])
    if row["newest_first"] and asked is not None and asked < added:
        return added  # It was watched before, and not in between.
    oldest = row_ids.time_of(row["oldest"]) if row["oldest"] is not None else None
    is_read = row["newest_first"] and row["finished_at"] is not None
    since = times.optional_from_epoch(row["since"]) if is_read else None
    return min(at for at in (added, oldest, since) if at is not None)
