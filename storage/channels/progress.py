"""How watching goes, channel by channel: proof that nothing is missing, or what is.

Nothing of this is counted while posts come in: it is read off what is stored.
"""

import statistics
from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from storage import row_ids, times
from storage.channels import backfills, channels
from storage.connection import Connection, Row, fetch_in
from storage.document_json import parse
from storage.records import Backfill, Channel

COUNTED = 1000
"""The newest posts of a channel that are looked at: more than that are "1000 or more"."""

Gap = tuple[int, int]
"""The first and the last message id of a stretch that is not known to be read."""


class ChannelStatus(Struct, frozen=True, kw_only=True):
    """A watched channel at one moment.

    ``posts`` and ``posts_today`` count at most ``COUNTED``. ``open_gaps`` are the stretches that
    pushes left out and no scan has read yet, those of an unfinished backfill too. Lags are seconds
    from posting to storing over the posts that came in by watching; Telegram's times are whole
    seconds, cut, so up to one second of it is not ours.
    """

    channel: Channel
    posts: int = 0
    posts_today: int = 0
    last_message_id: int | None = None
    last_post_at: datetime | None = None
    open_gaps: tuple[Gap, ...] = ()
    lag_median: float | None = None
    lag_worst: float | None = None
    backfill: Backfill | None = None


async def list_status(conn: Connection, *, midnight: datetime) -> list[ChannelStatus]:
    """The status of every watched channel, in the order they were added. ``midnight``: the
    beginning of today in the reader's zone."""
    asked = {backfill.channel: backfill for backfill in await backfills.list_backfills(conn)}
    return [
        await _status(conn, channel, midnight, asked.get(channel.id))
        for channel in await channels.list_channels(conn, watched=True)
    ]


async def _status(
    conn: Connection, channel: Channel, midnight: datetime, backfill: Backfill | None
) -> ChannelStatus:
    rows = await conn.fetch_all(
        "SELECT coalesce(first_id, id) AS id, message_id, stored_at, live FROM document"
        " LEFT JOIN spilled ON document_id = id WHERE channel_id = ? AND message_id IS NOT NULL"
        " ORDER BY message_id DESC LIMIT ?",
        (channel.channel_id, COUNTED),
    )
    today = row_ids.first_id(midnight)
    lags = sorted(_lag(row) for row in rows if row["live"] and row["id"] >= row_ids.FIRST_DATED)
    gaps = _unread(backfill)
    if rows and rows[0]["message_id"] > channel.cursor:
        above = await list_message_ids(conn, channel, above=channel.cursor)
        gaps += _gaps(channel.cursor, above)
    return ChannelStatus(
        channel=channel,
        posts=len(rows),
        posts_today=sum(row["id"] >= today for row in rows),
        last_message_id=rows[0]["message_id"] if rows else None,
        last_post_at=row_ids.time_of(rows[0]["id"]) if rows else None,
        open_gaps=gaps,
        lag_median=statistics.median(lags) if lags else None,
        lag_worst=lags[-1] if lags else None,
        backfill=backfill,
    )


def _lag(row: Row) -> float:
    posted = row_ids.time_of(row["id"])
    waited = times.from_epoch(row["stored_at"]) - posted if posted else timedelta(0)
    return max(0.0, waited.total_seconds())


def _unread(backfill: Backfill | None) -> tuple[Gap, ...]:
    if backfill is None or not 0 < backfill.next_id <= backfill.last_id:
        return ()
    return ((backfill.next_id, backfill.last_id),)


def _gaps(cursor: int, present: Iterable[int]) -> tuple[Gap, ...]:
    """The stretches between ids, from the one behind the cursor on."""
    found = []
    for message_id in sorted(present):
        if message_id > cursor + 1:
            found.append((cursor + 1, message_id - 1))
        cursor = message_id
    return tuple(found)


async def list_rechecked(conn: Connection, channel: Channel, *, newest: int) -> set[int]:
    """The messages of a channel that a scan compares: as ``list_message_ids``, those of the
    ``newest`` posts up to the cursor, and of all that are stored behind it.

    So every post that was among the newest at one scan is looked at once more by the next, however
    many have come since.
    """
    row = await conn.fetch_one(
        "SELECT message_id FROM document WHERE channel_id = ? AND message_id > ?"
        " AND message_id <= ? AND deleted_at IS NULL ORDER BY message_id DESC LIMIT 1 OFFSET ?",
        (channel.channel_id, channel.floor, channel.cursor, newest - 1),
    )
    above = channel.floor if row is None else row["message_id"] - 1
    return await list_message_ids(conn, channel, above=above)


async def list_message_ids(
    conn: Connection, channel: Channel, *, above: int = 0, newest: int = COUNTED
) -> set[int]:
    """The messages of a channel that are stored and not deleted, an album's parts too.

    Those of at most ``newest`` documents, the newest ones, whose first id is over ``above``.
    """
    if channel.channel_id is None:
        return set()
    rows = await conn.fetch_all(
        "SELECT message_id, json FROM document WHERE channel_id = ? AND message_id > ?"
        " AND deleted_at IS NULL ORDER BY message_id DESC LIMIT ?",
        (channel.channel_id, above, newest),
    )
    albums = {part for row in rows for part in parse(row["json"]).album_ids}
    gone = await fetch_in(
        conn,
        "SELECT doc_id FROM document_name WHERE deleted_at IS NOT NULL AND doc_id IN (:values)",
        [f"tg:{channel.channel_id}/{part}" for part in sorted(albums)],
    )
    deleted = {int(row["doc_id"].rpartition("/")[2]) for row in gone}
    return ({row["message_id"] for row in rows} | albums) - deleted
