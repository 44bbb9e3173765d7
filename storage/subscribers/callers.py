"""People who wrote to a private instance without being admitted, and their requests."""

import secrets
from datetime import datetime, timedelta

from msgspec import Struct

from storage import times
from storage.connection import ALL, Connection, Row

DENIED_FOR = timedelta(days=7)
"""How long somebody who was denied cannot ask again."""
PENDING = 50
"""The most requests that may wait for an operator."""
KEPT = 1000
"""The most people without a request that are remembered; the latest ones."""


class Caller(Struct, frozen=True, kw_only=True):
    """Somebody who is not admitted. ``request``: names their request in buttons and keys;
    ``asked_at``: None if no request is open; ``denied_at``: None if they were not denied."""

    chat_id: int
    access_hash: int | None
    username: str | None
    name: str | None
    language: str | None
    request: str
    asked_at: datetime | None
    denied_at: datetime | None

    def is_denied(self, now: datetime) -> bool:
        """Whether an operator said no less than a week ago."""
        return self.denied_at is not None and now < self.denied_at + DENIED_FOR


async def note_caller(
    tx: Connection,
    *,
    chat_id: int,
    access_hash: int | None = None,
    username: str | None = None,
    name: str | None = None,
    language: str | None = None,
    now: datetime,
) -> None:
    """Remember somebody who wrote; an open request stays open."""
    await tx.execute(
        "INSERT INTO caller (chat_id, access_hash, username, name, language, wrote_at, request)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (chat_id) DO UPDATE SET"
        " access_hash = coalesce(excluded.access_hash, caller.access_hash),"
        " username = excluded.username, name = excluded.name, language = excluded.language,"
        " wrote_at = excluded.wrote_at",
        (
            chat_id,
            access_hash,
            username,
            name,
            language,
            times.to_epoch(now),
            secrets.token_urlsafe(12),
        ),
    )
    await tx.execute(
        "DELETE FROM caller WHERE chat_id IN (SELECT chat_id FROM caller"
        " WHERE asked_at IS NULL AND denied_at IS NULL ORDER BY wrote_at DESC LIMIT ? OFFSET ?)",
        (ALL, KEPT),
    )


async def find_caller(conn: Connection, chat_id: int) -> Caller | None:
    """The caller of that chat, or None."""
    row = await conn.fetch_one("SELECT * FROM caller WHERE chat_id = ?", (chat_id,))
    return None if row is None else _from_row(row)


async def find_by_request(conn: Connection, request: str) -> Caller | None:
    """The caller with that request, or None."""
    row = await conn.fetch_one("SELECT * FROM caller WHERE request = ?", (request,))
    return None if row is None else _from_row(row)


async def find_by_username(conn: Connection, username: str) -> int | None:
    """The person with that user name (without @, in any case) who wrote last, or None."""
    row = await conn.fetch_one(
        "SELECT chat_id FROM (SELECT chat_id, username, wrote_at FROM caller UNION ALL"
        " SELECT chat_id, username, created_at FROM subscriber WHERE chat_id > 0) AS known"
        " WHERE lower(username) = ? ORDER BY wrote_at DESC LIMIT 1",
        (username.lower(),),
    )
    return None if row is None else int(row["chat_id"])


async def ask(tx: Connection, chat_id: int, *, now: datetime) -> bool:
    """Let a request wait for an operator; False where too many do already."""
    row = await tx.fetch_one("SELECT count(*) AS n FROM caller WHERE asked_at IS NOT NULL")
    if row is not None and row["n"] >= PENDING:
        return False
    await tx.execute(
        # Another request than the last one: its buttons are others.
        "UPDATE caller SET asked_at = ?, denied_at = NULL, request = ? WHERE chat_id = ?",
        (times.to_epoch(now), secrets.token_urlsafe(12), chat_id),
    )
    return True


async def settle(tx: Connection, chat_id: int, *, denied_at: datetime | None) -> None:
    """Close a request: denied at that time, or granted (None)."""
    await tx.execute(
        "UPDATE caller SET asked_at = NULL, denied_at = ? WHERE chat_id = ?",
        (times.optional_to_epoch(denied_at), chat_id),
    )


async def remove_caller(tx: Connection, chat_id: int) -> None:
    """Forget a caller, and what the operators were told of them."""
    await tx.execute(
        "DELETE FROM delivery WHERE kind = 'notice' AND EXISTS (SELECT 1 FROM caller"
        " WHERE caller.chat_id = ? AND instr(delivery.key, 'access:' || caller.request) > 0)",
        (chat_id,),
    )
    await tx.execute("DELETE FROM caller WHERE chat_id = ?", (chat_id,))


def _from_row(row: Row) -> Caller:
    return Caller(
        chat_id=row["chat_id"],
        access_hash=row["access_hash"],
        username=row["username"],
        name=row["name"],
        language=row["language"],
        request=row["request"],
        asked_at=times.optional_from_epoch(row["asked_at"]),
        denied_at=times.optional_from_epoch(row["denied_at"]),
    )
