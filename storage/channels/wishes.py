"""Channels that are not watched, and who asks for them."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from storage import times
from storage.connection import Connection, Row, fetch_in
from storage.undoing import removals

DENIED_FOR = timedelta(days=7)
"""How long nobody may ask again for what was denied them."""
OPEN = 3
"""The most channels that one chat may ask for until it is answered."""
PENDING = 50
"""The most wishes that may wait for the operators."""


class Wish(Struct, frozen=True, kw_only=True):
    """A channel that a chat asks for: ``target`` as a reference to it is written. ``request`` is
    the same for all chats that ask for it until it is answered; ``denied_at`` None while it waits;
    ``topic``: where in a group it was asked for.
    """

    id: int
    chat_id: int
    target: str
    request: str
    denied_at: datetime | None
    topic: int | None = None


async def find_wish(conn: Connection, chat_id: int, target: str, *, now: datetime) -> Wish | None:
    """A chat's wish that waits, or was denied less than a week ago; or None."""
    row = await conn.fetch_one(
        "SELECT * FROM wish WHERE chat_id = ? AND target = ?"
        " AND (denied_at IS NULL OR denied_at > ?)",
        (chat_id, target, times.to_epoch(now - DENIED_FOR)),
    )
    return None if row is None else _from_row(row)


async def list_asking(conn: Connection, request: str) -> list[Wish]:
    """The wishes of that request that wait, in the order they came."""
    rows = await conn.fetch_all(
        "SELECT * FROM wish WHERE request = ? AND denied_at IS NULL ORDER BY id", (request,)
    )
    return [_from_row(row) for row in rows]


async def list_requests(conn: Connection, targets: Sequence[str]) -> list[str]:
    """The requests that wait for any of these, in whatever case."""
    rows = await fetch_in(
        conn,
        "SELECT DISTINCT request FROM wish WHERE denied_at IS NULL AND lower(target) IN (:values)",
        [target.lower() for target in targets],
    )
    return [row["request"] for row in rows]


async def may_ask(conn: Connection, chat_id: int) -> bool:
    """Whether a chat may ask for one more."""
    row = await conn.fetch_one(
        "SELECT count(*) AS pending, count(CASE WHEN chat_id = ? THEN 1 END) AS own FROM wish"
        " WHERE denied_at IS NULL",
        (chat_id,),
    )
    return row is not None and row["own"] < OPEN and row["pending"] < PENDING


async def add_wish(
    tx: Connection, chat_id: int, target: str, *, now: datetime, topic: int | None = None
) -> tuple[Wish, bool]:
    """Ask for a channel; gives the wish, and whether nobody else asks for it."""
    await tx.execute(
        "DELETE FROM wish WHERE denied_at <= ? OR (chat_id = ? AND target = ?)",
        (times.to_epoch(now - DENIED_FOR), chat_id, target),
    )
    others = await list_requests(tx, [target])
    request = others[0] if others else secrets.token_urlsafe(12)
    id = await tx.insert(
        "INSERT INTO wish (chat_id, target, request, asked_at, topic) VALUES (?, ?, ?, ?, ?)",
        (chat_id, target, request, times.to_epoch(now), topic),
    )
    wish = Wish(id=id, chat_id=chat_id, target=target, request=request, denied_at=None, topic=topic)
    return wish, not others


async def remove_wish(tx: Connection, chat_id: int, id: int, *, now: datetime) -> str | None:
    """Take a chat's wish back, and keep it for an undo; gives what it was for, None where none
    waits."""
    row = await tx.fetch_one(
        "SELECT * FROM wish WHERE id = ? AND chat_id = ? AND denied_at IS NULL", (id, chat_id)
    )
    if row is None:
        return None
    columns = {name: row[name] for name in _COLUMNS}
    await removals.keep(tx, chat_id, "wish", str(id), columns, now=now)
    await tx.execute("DELETE FROM wish WHERE id = ?", (id,))
    return str(row["target"])


async def find_removed(conn: Connection, chat_id: int, id: int, *, now: datetime) -> str | None:
    """What a wish was for that the chat took back and may put back still; None where none is."""
    kept = await removals.find(conn, chat_id, "wish", str(id), now=now)
    return None if kept is None else str(kept.row["target"])


async def restore_wish(
    tx: Connection, chat_id: int, id: int, *, now: datetime
) -> tuple[Wish | None, bool]:
    """Ask again for what a chat took back, along with those who ask for it by now; gives the wish,
    and whether nobody else does: then the operators must be told again, for they may have answered
    what they were told of it. The wish that there is, is left as it is; None where none is kept."""
    row = await removals.take(tx, chat_id, "wish", str(id), now=now)
    if row is None:
        found = await tx.fetch_one("SELECT * FROM wish WHERE id = ? AND chat_id = ?", (id, chat_id))
        return (None if found is None else _from_row(found)), False
    standing = await find_wish(tx, chat_id, row["target"], now=now)
    if standing is not None:
        return standing, False
    others = await list_requests(tx, [row["target"]])
    back = {
        **row,
        "chat_id": chat_id,
        "request": others[0] if others else secrets.token_urlsafe(12),
    }
    await tx.execute(
        "INSERT INTO wish (id, chat_id, target, request, asked_at, topic)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        tuple(back[name] for name in _COLUMNS),
    )
    return await find_wish(tx, chat_id, row["target"], now=now), not others


async def grant(tx: Connection, request: str) -> None:
    """The channel is watched: nobody asks for it any more."""
    await tx.execute("DELETE FROM wish WHERE request = ? AND denied_at IS NULL", (request,))


async def deny(tx: Connection, request: str, *, now: datetime) -> None:
    """An operator says no to all who ask."""
    await tx.execute(
        "UPDATE wish SET denied_at = ? WHERE request = ? AND denied_at IS NULL",
        (times.to_epoch(now), request),
    )


_COLUMNS = ("id", "chat_id", "target", "request", "asked_at", "topic")


def _from_row(row: Row) -> Wish:
    return Wish(
        id=row["id"],
        chat_id=row["chat_id"],
        target=row["target"],
        request=row["request"],
        denied_at=times.optional_from_epoch(row["denied_at"]),
        topic=row["topic"],
    )
