"""Channels that are watched, or were: their names, access and how far they are read."""

from datetime import datetime
from typing import Any

from storage import facts, times
from storage.connection import Connection, Row
from storage.errors import NotFoundError
from storage.records import Channel

_FIELDS = ("channel_id", "username", "title", "access_hash", "error", "reference", "source")
_CHANGES = "watchlist_changes"


async def add_channel(
    tx: Connection,
    *,
    channel_id: int | None = None,
    username: str | None = None,
    title: str | None = None,
    access_hash: int | None = None,
    watched: bool = True,
    now: datetime,
) -> Channel:
    """Add a channel, or give the one of that number or user name what is new about it.

    ``watched=True`` watches it (again), and forgets a removal; ``False`` leaves that as it is.
    """
    if channel_id is None and username is None:
        raise NotFoundError("a channel needs a number or a user name", where="channel")
    known = await _find_known(tx, channel_id, username)
    if known is None:
        await _release_username(tx, username, except_id=None)
        row_id = await tx.insert(
            "INSERT INTO channel (channel_id, username, username_key, title, access_hash, watched,"
            " added_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                channel_id,
                username,
                _key(username),
                title,
                access_hash,
                int(watched),
                times.to_epoch(now),
            ),
        )
        return await get_channel(tx, row_id)
    given = {
        "channel_id": channel_id,
        "username": username,
        "title": title,
        "access_hash": access_hash,
    }
    await _write(tx, known.id, {name: value for name, value in given.items() if value is not None})
    if watched:
        await _watch(tx, known.id, now)
    return await get_channel(tx, known.id)


async def watch_channel(tx: Connection, id: int, *, now: datetime) -> Channel:
    """Watch a channel that is known (again); a removal is forgotten."""
    await _watch(tx, id, now)
    return await get_channel(tx, id)


async def _watch(tx: Connection, id: int, now: datetime) -> None:
    """Watch a channel that is known; one that was not watched is as good as added now."""
    await tx.execute(
        "UPDATE channel SET added_at = CASE watched WHEN 0 THEN ? ELSE added_at END,"
        " watched = 1, removed = 0 WHERE id = ?",
        (times.to_epoch(now), id),
    )


async def _find_known(
    tx: Connection, channel_id: int | None, username: str | None
) -> Channel | None:
    """By number; else by user name, unless that name is another number's."""
    by_number = await find_channel(tx, channel_id=channel_id) if channel_id is not None else None
    by_name = await find_channel(tx, username=username) if username is not None else None
    if by_number is None:
        numbered = by_name is not None and None not in (channel_id, by_name.channel_id)
        return None if numbered else by_name
    if by_name is not None and by_name.channel_id is None:
        await _absorb(tx, by_number, by_name)
    return by_number


async def _absorb(tx: Connection, kept: Channel, other: Channel) -> None:
    """Two rows turn out to be one channel: what was read of either is read."""
    if other.watched:
        await _watch(tx, kept.id, other.added_at)
    if kept.last_scan_at is None and other.last_scan_at is not None:
        await tx.execute(
            "UPDATE channel SET cursor = ?, floor = ?, last_scan_at = ? WHERE id = ?",
            (other.cursor, other.floor, times.to_epoch(other.last_scan_at), kept.id),
        )
    await tx.execute(
        "UPDATE channel_reference SET channel = ? WHERE channel = ?", (kept.id, other.id)
    )
    await tx.execute(
        "UPDATE backfill SET channel = ? WHERE channel = ?"
        " AND NOT EXISTS (SELECT 1 FROM backfill WHERE channel = ?)",
        (kept.id, other.id, kept.id),
    )
    await tx.execute(
        "UPDATE silence SET channel = ? WHERE channel = ?"
        " AND chat_id NOT IN (SELECT chat_id FROM silence WHERE channel = ?)",
        (kept.id, other.id, kept.id),
    )
    await tx.execute("DELETE FROM channel WHERE id = ?", (other.id,))


async def number_channel(tx: Connection, id: int, channel_id: int) -> Channel:
    """Give a channel known by its name the number that it turns out to have.

    Where another row has that number the two become one: gives the row that is left.
    """
    known = await find_channel(tx, channel_id=channel_id)
    if known is None or known.id == id:
        return await update_channel(tx, id, channel_id=channel_id)
    other = await get_channel(tx, id)
    await _absorb(tx, known, other)
    return await update_channel(
        tx, known.id, username=other.username or known.username, title=other.title or known.title
    )


async def find_channel(
    conn: Connection, *, channel_id: int | None = None, username: str | None = None
) -> Channel | None:
    """The channel of that number, or of that user name in any case; or None."""
    if channel_id is not None:
        row = await conn.fetch_one("SELECT * FROM channel WHERE channel_id = ?", (channel_id,))
    else:
        row = await conn.fetch_one(
            "SELECT * FROM channel WHERE username_key = ?", (_key(username),)
        )
    return None if row is None else _from_row(row)


async def get_channel(conn: Connection, id: int) -> Channel:
    """The channel of that row. Raises NotFoundError."""
    row = await conn.fetch_one("SELECT * FROM channel WHERE id = ?", (id,))
    if row is None:
        raise NotFoundError("there is no such channel", where=f"channel {id}")
    return _from_row(row)


async def find_watched(conn: Connection, id: int) -> Channel | None:
    """The channel of that row, if there is one and it is watched."""
    row = await conn.fetch_one("SELECT * FROM channel WHERE id = ? AND watched = 1", (id,))
    return None if row is None else _from_row(row)


async def list_channels(conn: Connection, *, watched: bool | None = True) -> list[Channel]:
    """Channels in the order they were added; ``watched=None`` lists all."""
    rows = await conn.fetch_all(
        "SELECT * FROM channel WHERE watched = coalesce(?, watched) ORDER BY id",
        (None if watched is None else int(watched),),
    )
    return [_from_row(row) for row in rows]


async def list_nameless(conn: Connection) -> frozenset[int]:
    """The bare ids of channels, watched or not, that have no public name."""
    rows = await conn.fetch_all(
        "SELECT channel_id FROM channel WHERE username_key IS NULL AND channel_id IS NOT NULL"
    )
    return frozenset(row["channel_id"] for row in rows)


async def update_channel(tx: Connection, id: int, **fields: Any) -> Channel:
    """Set any of channel_id, username, title, access_hash, error, reference, source.

    Gives the channel.
    """
    unknown = fields.keys() - set(_FIELDS)
    if unknown:
        raise TypeError(f"a channel has no field {min(unknown)} to update")
    await _write(tx, id, fields)
    return await get_channel(tx, id)


async def begin_watching(tx: Connection, id: int, message_id: int, scanned_at: datetime) -> None:
    """Note the newest message of a channel that was never read: what is older is history.

    Where it was never watched before, its recent posts are to be read.
    """
    await tx.execute(
        "INSERT INTO backfill (channel, last_id, asked_at, newest_first)"
        " SELECT id, ?, added_at, 1 FROM channel"
        " WHERE id = ? AND watched = 1 AND last_scan_at IS NULL AND cursor = 0 AND floor = 0"
        " ON CONFLICT DO NOTHING",
        (message_id, id),
    )
    await tx.execute(
        "UPDATE channel SET cursor = ?, floor = ?, last_scan_at = ?, error = NULL"
        " WHERE id = ? AND watched = 1 AND last_scan_at IS NULL",
        (message_id, message_id, times.to_epoch(scanned_at), id),
    )


async def advance_cursor(
    tx: Connection,
    id: int,
    message_id: int,
    scanned_at: datetime,
    *,
    gaps: int = 0,
    posts: int = 0,
) -> None:
    """Note that a contiguous scan has reached ``message_id``; the cursor never goes back.

    A channel that is not watched any more stays as it is. ``gaps`` and ``posts``: how many it
    filled, with how many posts that no push had brought.
    """
    await tx.execute(
        "UPDATE channel SET cursor = CASE WHEN cursor < ? THEN ? ELSE cursor END,"
        " last_scan_at = ?, error = NULL,"
        " gaps_filled = gaps_filled + ?, posts_filled = posts_filled + ?"
        " WHERE id = ? AND watched = 1",
        (message_id, message_id, times.to_epoch(scanned_at), gaps, posts, id),
    )


async def add_reference(tx: Connection, reference: str, *, now: datetime) -> Channel:
    """Watch what an invite link leads to, once it is known; gives the channel that waits for it."""
    row = await tx.fetch_one("SELECT * FROM channel WHERE reference = ?", (reference,))
    if row is not None:
        await _watch(tx, row["id"], now)
        return await get_channel(tx, row["id"])
    row_id = await tx.insert(
        "INSERT INTO channel (reference, watched, added_at) VALUES (?, 1, ?)",
        (reference, times.to_epoch(now)),
    )
    return await get_channel(tx, row_id)


async def drop_reference(tx: Connection, id: int) -> None:
    """Forget a row that only waited for its invite link to be followed."""
    await tx.execute("DELETE FROM channel WHERE id = ? AND channel_id IS NULL", (id,))


async def note_change(tx: Connection) -> None:
    """Tell a running service, in this process or another, that the list is not what it was."""
    before = await facts.find_value(tx, _CHANGES)
    await facts.set_value(tx, _CHANGES, str(int(before or 0) + 1))


async def count_changes(conn: Connection) -> int:
    """How often the list was changed by hand: cheap to ask again and again."""
    return int(await facts.find_value(conn, _CHANGES) or 0)


async def remove_channel(tx: Connection, id: int) -> bool:
    """Stop watching, and remember that it was a person's wish; whether it was watched.

    Watched again, it begins anew: what is posted meanwhile is history.
    """
    return (
        await tx.execute(
            "UPDATE channel SET watched = 0, removed = 1, error = NULL, last_scan_at = NULL"
            " WHERE id = ? AND watched = 1",
            (id,),
        )
        > 0
    )


async def restore_channel(tx: Connection, id: int, *, last_scan_at: datetime | None) -> bool:
    """Watch a channel again that was removed, from where it was read last, as after an outage;
    whether it was not watched."""
    return (
        await tx.execute(
            "UPDATE channel SET watched = 1, removed = 0, last_scan_at = ?"
            " WHERE id = ? AND watched = 0",
            (times.optional_to_epoch(last_scan_at), id),
        )
        > 0
    )


async def set_official(tx: Connection, id: int, official: bool | None) -> Channel:
    """Say whether a channel is official; None: guess it by its title."""
    await tx.execute("UPDATE channel SET official = ? WHERE id = ?", (official, id))
    return await get_channel(tx, id)


async def list_official(conn: Connection) -> dict[str, bool]:
    """What the operator says of channels, by their numbers and user names: whether each is
    official."""
    rows = await conn.fetch_all(
        "SELECT channel_id, username, official FROM channel WHERE official IS NOT NULL"
    )
    return {
        str(name): bool(row["official"])
        for row in rows
        for name in (row["channel_id"], row["username"])
        if name is not None
    }


async def was_removed(
    conn: Connection,
    *,
    id: int | None = None,
    username: str | None = None,
    channel_id: int | None = None,
    reference: str | None = None,
) -> bool:
    """Whether a person removed this channel, so that settings do not bring it back."""
    row = await conn.fetch_one(
        "SELECT 1 FROM channel WHERE removed = 1"
        " AND (id = ? OR channel_id = ? OR username_key = ? OR reference = ?)",
        (id, channel_id, _key(username), reference),
    )
    return row is not None


async def _write(tx: Connection, id: int, fields: dict[str, Any]) -> None:
    channel = await get_channel(tx, id)
    held = {name: fields.get(name, getattr(channel, name)) for name in _FIELDS}
    await _release_username(tx, held["username"], except_id=id)
    await tx.execute(
        "UPDATE channel SET channel_id = ?, username = ?, username_key = ?, title = ?,"
        " access_hash = ?, error = ?, reference = ?, source = ? WHERE id = ?",
        (
            held["channel_id"],
            held["username"],
            _key(held["username"]),
            held["title"],
            held["access_hash"],
            held["error"],
            held["reference"],
            held["source"],
            id,
        ),
    )


async def _release_username(tx: Connection, username: str | None, *, except_id: int | None) -> None:
    """A user name belongs to one channel at a time: take it from any other."""
    if username is not None:
        await tx.execute(
            "UPDATE channel SET username = NULL, username_key = NULL"
            " WHERE username_key = ? AND id <> ?",
            (_key(username), except_id or 0),
        )


def _key(username: str | None) -> str | None:
    return None if username is None else username.removeprefix("@").lower()


def _from_row(row: Row) -> Channel:
    return Channel(
        id=row["id"],
        channel_id=row["channel_id"],
        username=row["username"],
        title=row["title"],
        access_hash=row["access_hash"],
        watched=bool(row["watched"]),
        cursor=row["cursor"],
        added_at=times.from_epoch(row["added_at"]),
        last_scan_at=times.optional_from_epoch(row["last_scan_at"]),
        error=row["error"],
        reference=row["reference"],
        source=row["source"],
        floor=row["floor"],
        gaps_filled=row["gaps_filled"],
        posts_filled=row["posts_filled"],
        official=None if row["official"] is None else bool(row["official"]),
    )
