"""Alerts: the queries that chats have saved."""

from datetime import datetime

from storage import moments
from storage.database import Connection, Row
from storage.errors import NotFoundError
from storage.records import Alert


async def add_alert(tx: Connection, *, chat_id: int, query: str, now: datetime) -> Alert:
    """Save a query (its canonical text) for a subscriber; the same one again gives the first."""
    await tx.execute(
        "INSERT INTO alert (chat_id, query, created_at) VALUES (?, ?, ?)"
        " ON CONFLICT (chat_id, query) DO NOTHING",
        (chat_id, query, moments.to_epoch(now)),
    )
    row = await tx.fetch_one(
        "SELECT * FROM alert WHERE chat_id = ? AND query = ?", (chat_id, query)
    )
    if row is None:
        raise NotFoundError("the alert was not saved", where=f"chat {chat_id}")
    return _from_row(row)


async def list_alerts(conn: Connection, chat_id: int | None = None) -> list[Alert]:
    """A chat's alerts, oldest first; without a chat those of all active subscribers."""
    if chat_id is not None:
        rows = await conn.fetch_all("SELECT * FROM alert WHERE chat_id = ? ORDER BY id", (chat_id,))
    else:
        rows = await conn.fetch_all(
            "SELECT a.* FROM alert a JOIN subscriber s ON s.chat_id = a.chat_id"
            " WHERE s.active = 1 ORDER BY a.id"
        )
    return [_from_row(row) for row in rows]


async def find_alert(conn: Connection, id: int) -> Alert | None:
    """The alert of that id, or None."""
    row = await conn.fetch_one("SELECT * FROM alert WHERE id = ?", (id,))
    return None if row is None else _from_row(row)


async def remove_alert(tx: Connection, id: int, chat_id: int) -> bool:
    """Drop a chat's alert; False when the chat has no such alert."""
    return await tx.execute("DELETE FROM alert WHERE id = ? AND chat_id = ?", (id, chat_id)) > 0


async def count_alerts(conn: Connection, chat_id: int | None = None) -> int:
    """How many alerts a chat has, or all chats together."""
    row = await conn.fetch_one(
        "SELECT count(*) AS n FROM alert WHERE ? IS NULL OR chat_id = ?", (chat_id, chat_id)
    )
    return 0 if row is None else int(row["n"])


def _from_row(row: Row) -> Alert:
    return Alert(
        id=row["id"],
        chat_id=row["chat_id"],
        query=row["query"],
        created_at=moments.from_epoch(row["created_at"]),
    )
