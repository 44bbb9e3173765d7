"""Subscribers: the chats that the bot answers, alerts and sends digests to."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, time
from typing import Any

from storage import times
from storage.channels import own_posts
from storage.connection import Connection, Row, fetch_in
from storage.errors import NotFoundError
from storage.records import Subscriber

_FIELDS = frozenset(
    {
        "access_hash",
        "username",
        "name",
        "language",
        "timezone",
        "active",
        "admitted",
        "last_digest_at",
        "quiet_from",
        "quiet_until",
        "quiet_but_urgent",
        "is_channel",
        "burst_after",
    }
)

_LOST = -1
"""Of the column ``active``: the chat cannot be written to; 0: it said ``/stop``."""


async def add_subscriber(
    tx: Connection,
    *,
    chat_id: int,
    access_hash: int | None = None,
    username: str | None = None,
    name: str | None = None,
    language: str | None = None,
    is_channel: bool = False,
    now: datetime,
) -> Subscriber:
    """Add a chat, or refresh what is known of it; one that had left is active again.

    A language that the chat has chosen stays; user name and name are taken as they are now.
    """
    await tx.execute(
        "INSERT INTO subscriber"
        " (chat_id, access_hash, username, name, language, is_channel, incarnation, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (chat_id) DO UPDATE SET active = 1,"
        " access_hash = coalesce(excluded.access_hash, subscriber.access_hash),"
        " username = excluded.username, name = coalesce(excluded.name, subscriber.name),"
        " language = coalesce(subscriber.language, excluded.language),"
        " is_channel = excluded.is_channel",
        (
            chat_id,
            access_hash,
            username,
            name,
            language,
            is_channel,
            secrets.token_hex(8),
            times.to_epoch(now),
        ),
    )
    return await get_subscriber(tx, chat_id)


async def find_subscriber(conn: Connection, chat_id: int) -> Subscriber | None:
    """The subscriber of that chat, or None."""
    row = await conn.fetch_one("SELECT * FROM subscriber WHERE chat_id = ?", (chat_id,))
    return None if row is None else _from_row(row)


async def find_subscribers(conn: Connection, chat_ids: Collection[int]) -> dict[int, Subscriber]:
    """Those of these chats that are subscribers, by chat."""
    sql = "SELECT * FROM subscriber WHERE chat_id IN (:values)"
    rows = await fetch_in(conn, sql, sorted(chat_ids))
    return {row["chat_id"]: _from_row(row) for row in rows}


async def note_digests(tx: Connection, chat_ids: Collection[int], at: datetime) -> None:
    """Note that chats got a digest of everything up to a time."""
    epoch = times.to_epoch(at)
    await tx.execute_many(
        "UPDATE subscriber SET last_digest_at = ? WHERE chat_id = ?",
        [(epoch, chat_id) for chat_id in sorted(chat_ids)],
    )


async def find_by_username(conn: Connection, username: str) -> Subscriber | None:
    """The group or channel with that user name (without @, in any case), or None."""
    row = await conn.fetch_one(
        # A name may have belonged to another chat before.
        "SELECT * FROM subscriber WHERE chat_id < 0 AND lower(username) = ?"
        " ORDER BY active DESC, created_at DESC LIMIT 1",
        (username.lower(),),
    )
    return None if row is None else _from_row(row)


async def get_subscriber(conn: Connection, chat_id: int) -> Subscriber:
    """The subscriber of that chat. Raises NotFoundError."""
    subscriber = await find_subscriber(conn, chat_id)
    if subscriber is None:
        raise NotFoundError("there is no such subscriber", where=f"chat {chat_id}")
    return subscriber


async def list_subscribers(conn: Connection, *, active: bool | None = True) -> list[Subscriber]:
    """Subscribers, first come first; ``active=None`` lists all."""
    rows = await conn.fetch_all(
        "SELECT * FROM subscriber WHERE active = coalesce(?, active) ORDER BY created_at, chat_id",
        (None if active is None else int(active),),
    )
    return [_from_row(row) for row in rows]


async def update_subscriber(tx: Connection, chat_id: int, **fields: Any) -> Subscriber:
    """Set any field but chat_id and created_at; gives the subscriber. Raises NotFoundError."""
    unknown = fields.keys() - _FIELDS
    if unknown:
        raise TypeError(f"a subscriber has no field {min(unknown)} to update")
    subscriber = await get_subscriber(tx, chat_id)
    held = {name: fields.get(name, getattr(subscriber, name)) for name in _FIELDS}
    await tx.execute(
        "UPDATE subscriber SET access_hash = ?, username = ?, name = ?, language = ?,"
        " timezone = ?, active = ?, admitted = ?, last_digest_at = ?, quiet_from = ?,"
        " quiet_until = ?, quiet_but_urgent = ?, is_channel = ?, burst_after = ? WHERE chat_id = ?",
        (
            held["access_hash"],
            held["username"],
            held["name"],
            held["language"],
            held["timezone"],
            _LOST if subscriber.lost and "active" not in fields else int(held["active"]),
            int(held["admitted"]),
            times.optional_to_epoch(held["last_digest_at"]),
            _minute(held["quiet_from"]),
            _minute(held["quiet_until"]),
            int(held["quiet_but_urgent"]),
            int(held["is_channel"]),
            held["burst_after"],
            chat_id,
        ),
    )
    return await get_subscriber(tx, chat_id)


async def set_growing(tx: Connection, chat_id: int, list_id: int | None) -> None:
    """Set the list (row of the outbox) that takes the chat's alerts when too many come; None for
    none."""
    await tx.execute("UPDATE subscriber SET growing = ? WHERE chat_id = ?", (list_id, chat_id))


async def set_topic(tx: Connection, chat_id: int, topic: int | None) -> None:
    """Set the topic of a group that gets what is set up from now on; None for General."""
    await tx.execute("UPDATE subscriber SET topic = ? WHERE chat_id = ?", (topic, chat_id))


async def end_growing(tx: Connection, chat_id: int, list_id: int) -> None:
    """End this list of a chat, with those of its other topics: they are newer than the list that
    the chat's row names and are found by that."""
    await tx.execute(
        "UPDATE subscriber SET growing = NULL WHERE chat_id = ? AND growing <= ?",
        (chat_id, list_id),
    )


async def deactivate(tx: Connection, chat_id: int) -> None:
    """The chat wants no messages but answers, whether it could be written to or not."""
    await tx.execute("UPDATE subscriber SET active = 0 WHERE chat_id = ?", (chat_id,))


async def lose(tx: Connection, chat_id: int) -> bool:
    """The chat cannot be written to (it blocked the bot, say); whether it was active until now."""
    return (
        await tx.execute(
            "UPDATE subscriber SET active = ? WHERE chat_id = ? AND active = 1", (_LOST, chat_id)
        )
        > 0
    )


async def admit(tx: Connection, chat_id: int) -> bool:
    """Let a chat in; whether it was not yet. Raises NotFoundError."""
    await get_subscriber(tx, chat_id)
    return (
        await tx.execute(
            "UPDATE subscriber SET admitted = 1 WHERE chat_id = ? AND admitted = 0", (chat_id,)
        )
        > 0
    )


async def remove_subscriber(tx: Connection, chat_id: int) -> bool:
    """Forget a chat: its alerts, its digest plan and its deliveries go too."""
    await tx.execute(
        "DELETE FROM delivery WHERE (chat_id = ? AND state = 'queued')"
        " OR (chat_id = ? AND state <> 'queued')",
        (chat_id, chat_id),
    )
    await own_posts.forget_chat(tx, chat_id)
    return await tx.execute("DELETE FROM subscriber WHERE chat_id = ?", (chat_id,)) > 0


async def list_by_chat(conn: Connection, chat_ids: Sequence[int]) -> dict[int, Subscriber]:
    """The subscribers of these chats, by chat."""
    rows = await fetch_in(conn, "SELECT * FROM subscriber WHERE chat_id IN (:values)", chat_ids)
    return {row["chat_id"]: _from_row(row) for row in rows}


async def list_incarnations(conn: Connection, chat_ids: Sequence[int]) -> dict[int, str]:
    """The incarnations of those of these chats that are subscribers, by chat."""
    rows = await fetch_in(
        conn, "SELECT chat_id, incarnation FROM subscriber WHERE chat_id IN (:values)", chat_ids
    )
    return {row["chat_id"]: row["incarnation"] for row in rows}


def _minute(at: time | None) -> int | None:
    return None if at is None else at.hour * 60 + at.minute


def _time(minute: int | None) -> time | None:
    return None if minute is None else time(*divmod(minute, 60))


def _from_row(row: Row) -> Subscriber:
    return Subscriber(
        chat_id=row["chat_id"],
        access_hash=row["access_hash"],
        username=row["username"],
        name=row["name"],
        language=row["language"],
        timezone=row["timezone"],
        active=row["active"] == 1,
        lost=row["active"] == _LOST,
        admitted=bool(row["admitted"]),
        created_at=times.from_epoch(row["created_at"]),
        last_digest_at=times.optional_from_epoch(row["last_digest_at"]),
        quiet_from=_time(row["quiet_from"]),
        quiet_until=_time(row["quiet_until"]),
        quiet_but_urgent=bool(row["quiet_but_urgent"]),
        is_channel=bool(row["is_channel"]),
        incarnation=row["incarnation"],
        burst_after=row["burst_after"],
        growing=row["growing"],
        topic=row["topic"],
    )
