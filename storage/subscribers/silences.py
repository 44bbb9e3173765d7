"""The chats that are notified when a channel falls silent, or cannot be read any more."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from storage import times
from storage.connection import Connection, Row
from storage.undoing import removals


class Silence(Struct, frozen=True, kw_only=True):
    """A chat's request for the silences of a channel (row id). ``told_of``: the last post before
    the last silence that was sent; ``unread_of``: the last reading before the chat was told that
    the channel is not read; ``topic``: the topic of the group that gets it."""

    id: int
    chat_id: int
    channel: int
    created_at: datetime
    told_of: datetime | None = None
    unread_of: datetime | None = None
    topic: int | None = None


async def add_silence(
    tx: Connection, chat_id: int, channel: int, *, now: datetime, topic: int | None = None
) -> bool:
    """Notify a chat of a channel's silences, in a topic; whether that is new."""
    added = await tx.execute(
        "INSERT INTO silence (chat_id, channel, created_at, topic) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (chat_id, channel) DO NOTHING",
        (chat_id, channel, times.to_epoch(now), topic),
    )
    return added > 0


async def set_topic(tx: Connection, chat_id: int, channel: int, topic: int | None) -> None:
    """Send a channel's silences to this topic of the chat; None: to General."""
    sql = "UPDATE silence SET topic = ? WHERE chat_id = ? AND channel = ?"
    await tx.execute(sql, (topic, chat_id, channel))


async def remove_silence(
    tx: Connection, chat_id: int, channel: int, *, now: datetime | None = None
) -> bool:
    """Stop notifying a chat of a channel's silences; whether it was notified. ``now``: keep it for
    an undo."""
    row = await tx.fetch_one(
        "SELECT * FROM silence WHERE chat_id = ? AND channel = ?", (chat_id, channel)
    )
    if row is None:
        return False
    if now is not None:
        columns = {name: row[name] for name in _COLUMNS}
        columns["of"] = next(iter(await _names(tx, channel)), None)
        await removals.keep(tx, chat_id, "silence", str(channel), columns, now=now)
    await tx.execute("DELETE FROM silence WHERE id = ?", (row["id"],))
    return True


async def restore_silence(tx: Connection, chat_id: int, channel: int, *, now: datetime) -> bool:
    """Undo the removal; whether the chat is notified again. It is not if the channel's row is gone,
    or is another channel's by now."""
    row = await removals.take(tx, chat_id, "silence", str(channel), now=now)
    if row is not None:
        if not await is_same_channel(tx, channel, row):
            return False
        await tx.execute(
            "INSERT INTO silence (id, chat_id, channel, created_at, told_of, unread_of, topic)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (chat_id, channel) DO NOTHING",
            tuple(chat_id if name == "chat_id" else row[name] for name in _COLUMNS),
        )
        return True
    sql = "SELECT 1 FROM silence WHERE chat_id = ? AND channel = ?"
    return await tx.fetch_one(sql, (chat_id, channel)) is not None


async def is_same_channel(conn: Connection, channel: int, kept: Mapping[str, Any]) -> bool:
    """Whether the channel of a removed silence still has that row."""
    names = await _names(conn, channel)
    return bool(names) and kept.get("of", names[0]) in names


async def list_silences(conn: Connection, chat_id: int) -> list[Silence]:
    """A chat's silences, oldest first."""
    rows = await conn.fetch_all("SELECT * FROM silence WHERE chat_id = ? ORDER BY id", (chat_id,))
    return [_from_row(row) for row in rows]


async def list_asked(conn: Connection) -> list[Silence]:
    """The silences of watched channels for active chats."""
    rows = await conn.fetch_all(
        "SELECT s.* FROM silence AS s JOIN channel AS c ON c.id = s.channel"
        " JOIN subscriber AS r ON r.chat_id = s.chat_id"
        " WHERE c.watched = 1 AND r.active = 1 ORDER BY s.channel, s.id"
    )
    return [_from_row(row) for row in rows]


async def note_told(tx: Connection, asked: Silence, last_post: datetime) -> None:
    """Note that the silence since that post was sent."""
    sql = "UPDATE silence SET told_of = ? WHERE chat_id = ? AND channel = ?"
    await tx.execute(sql, (times.to_epoch(last_post), asked.chat_id, asked.channel))


async def note_unread(tx: Connection, asked: Silence, last_read: datetime) -> None:
    """Note that the chat was told that nothing was read since then."""
    sql = "UPDATE silence SET unread_of = ? WHERE chat_id = ? AND channel = ?"
    await tx.execute(sql, (times.to_epoch(last_read), asked.chat_id, asked.channel))


async def find_present(conn: Connection, asked: Silence) -> Silence | None:
    """The present row of a request that may have been removed and made again; None if it does not
    exist any more."""
    row = await conn.fetch_one(
        "SELECT * FROM silence WHERE chat_id = ? AND channel = ?", (asked.chat_id, asked.channel)
    )
    return None if row is None else _from_row(row)


async def _names(conn: Connection, channel: int) -> list[str]:
    """Names by which the channel can be told from another one that gets its row id later, the
    surest first; empty if there is no such row."""
    row = await conn.fetch_one(
        "SELECT channel_id, reference, username_key FROM channel WHERE id = ?", (channel,)
    )
    names = ("channel_id", "reference", "username_key")
    return [] if row is None else [str(row[name]) for name in names if row[name] is not None]


_COLUMNS = ("id", "chat_id", "channel", "created_at", "told_of", "unread_of", "topic")


def _from_row(row: Row) -> Silence:
    return Silence(
        id=row["id"],
        chat_id=row["chat_id"],
        channel=row["channel"],
        created_at=times.from_epoch(row["created_at"]),
        told_of=times.optional_from_epoch(row["told_of"]),
        unread_of=times.optional_from_epoch(row["unread_of"]),
        topic=row["topic"],
    )
