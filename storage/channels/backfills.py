"""History that was asked for, channel by channel, and how far it is read."""

from datetime import datetime

from storage import times
from storage.connection import Connection, Row
from storage.records import Backfill


async def ask_for(
    tx: Connection,
    channel: int,
    *,
    since: datetime | None = None,
    limit: int | None = None,
    asked_by: int | None = None,
    now: datetime,
) -> Backfill:
    """Ask for a channel's history (``channel`` is its row). One that stopped goes on where it was.

    With another ``since`` than before it begins anew: what is stored already stays as it is.
    """
    known = await find_backfill(tx, channel)
    if known is not None and known.since == since and not (known.newest_first or _is_over(known)):
        await tx.execute(
            "UPDATE backfill SET remaining = ?, asked_by = ?, asked_at = ?, finished_at = NULL,"
            " error = NULL WHERE channel = ?",
            (limit, asked_by, times.to_epoch(now), channel),
        )
    else:
        await tx.execute("DELETE FROM backfill WHERE channel = ?", (channel,))
        await tx.execute(
            "INSERT INTO backfill (channel, since, remaining, asked_by, asked_at)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                channel,
                times.optional_to_epoch(since),
                limit,
                asked_by,
                times.to_epoch(now),
            ),
        )
    row = await tx.fetch_one("SELECT * FROM backfill WHERE channel = ?", (channel,))
    if row is None:
        raise LookupError(channel)
    return _from_row(row)


def _is_over(backfill: Backfill) -> bool:
    """Whether all that was asked for is read: another call then looks again from the beginning."""
    return backfill.finished_at is not None and backfill.next_id > backfill.last_id


async def begin(tx: Connection, channel: int, *, first_id: int, last_id: int) -> None:
    """Note the range that is to be read, once it is known."""
    await tx.execute(
        "UPDATE backfill SET first_id = ?, next_id = ?, last_id = ? WHERE channel = ?",
        (first_id, first_id, last_id, channel),
    )


async def advance(tx: Connection, channel: int, *, from_id: int, next_id: int, posts: int) -> bool:
    """Note that what lies from ``from_id`` to before ``next_id`` is stored, ``posts`` of them.

    Whether it was news: not where somebody else has read on from ``from_id`` meanwhile.
    """
    changed = await tx.execute(
        "UPDATE backfill SET next_id = CASE WHEN next_id < ? THEN ? ELSE next_id END,"
        " posts = posts + ?, remaining = remaining - ? WHERE channel = ? AND next_id = ?",
        (next_id, next_id, posts, posts, channel, from_id),
    )
    return changed > 0


async def descend(tx: Connection, channel: int, *, from_id: int, last_id: int, posts: int) -> None:
    """Note that recent posts are stored from ``from_id`` down to above ``last_id``, ``posts`` of
    them. Not where somebody has asked for the channel's history meanwhile."""
    await tx.execute(
        "UPDATE backfill SET last_id = ?, posts = posts + ?"
        " WHERE channel = ? AND newest_first = 1 AND last_id = ?",
        (last_id, posts, channel, from_id),
    )


async def drop_recent(tx: Connection) -> None:
    """Read no recent posts of channels that are newly watched."""
    await tx.execute("DELETE FROM backfill WHERE newest_first = 1 AND finished_at IS NULL")


async def finish(
    tx: Connection,
    channel: int,
    *,
    finished_at: datetime,
    since: datetime | None = None,
    error: str | None = None,
) -> None:
    """Note that this run is over: all is read, its limit is reached, or it cannot go on.

    ``since``: of recent posts, all from then on are read.
    """
    await tx.execute(
        "UPDATE backfill SET finished_at = ?, since = coalesce(?, since), error = ?"
        " WHERE channel = ?",
        (times.to_epoch(finished_at), times.optional_to_epoch(since), error, channel),
    )


async def find_backfill(conn: Connection, channel: int) -> Backfill | None:
    """The last backfill of a channel, or None."""
    row = await conn.fetch_one("SELECT * FROM backfill WHERE channel = ?", (channel,))
    return None if row is None else _from_row(row)


async def count_recent(conn: Connection) -> tuple[int, int]:
    """Of how many channels recent posts are still to be read, and how many of these are stored."""
    row = await conn.fetch_one(
        "SELECT count(*) AS channels, coalesce(sum(posts), 0) AS posts FROM channel"
        " LEFT JOIN backfill ON backfill.channel = channel.id WHERE watched = 1"
        " AND CASE WHEN newest_first = 1 THEN finished_at IS NULL"
        " ELSE last_scan_at IS NULL AND channel.error IS NULL AND cursor = 0 AND posts IS NULL END"
    )
    return (0, 0) if row is None else (row["channels"], row["posts"])


async def list_backfills(conn: Connection, *, open_only: bool = False) -> list[Backfill]:
    """All backfills, or those that are to go on, in the order they were asked for."""
    rows = await conn.fetch_all(
        "SELECT * FROM backfill WHERE ? = 0 OR finished_at IS NULL ORDER BY asked_at, channel",
        (int(open_only),),
    )
    return [_from_row(row) for row in rows]


def _from_row(row: Row) -> Backfill:
    return Backfill(
        channel=row["channel"],
        since=times.optional_from_epoch(row["since"]),
        first_id=row["first_id"],
        next_id=row["next_id"],
        last_id=row["last_id"],
        remaining=row["remaining"],
        posts=row["posts"],
        asked_by=row["asked_by"],
        asked_at=times.from_epoch(row["asked_at"]),
        finished_at=times.optional_from_epoch(row["finished_at"]),
        error=row["error"],
        newest_first=bool(row["newest_first"]),
    )
