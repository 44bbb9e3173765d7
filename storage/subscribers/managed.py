"""The groups and channels that people manage, as far as the bot knows."""

from datetime import datetime

from storage import times
from storage.connection import Connection
from storage.records import Subscriber
from storage.subscribers import subscribers


async def is_managed(conn: Connection, user_id: int, chat_id: int) -> bool:
    """Whether this is known."""
    row = await conn.fetch_one(
        "SELECT 1 FROM managed WHERE user_id = ? AND chat_id = ?", (user_id, chat_id)
    )
    return row is not None


async def note_managed(tx: Connection, user_id: int, chat_id: int, *, now: datetime) -> None:
    """Note that somebody manages a chat, as Telegram says; ignored if the chat is no subscriber."""
    await tx.execute(
        "INSERT INTO managed (user_id, chat_id, seen_at)"
        " SELECT CAST(? AS BIGINT), chat_id, CAST(? AS BIGINT) FROM subscriber WHERE chat_id = ?"
        " ON CONFLICT (user_id, chat_id) DO NOTHING",
        (user_id, times.to_epoch(now), chat_id),
    )


async def forget_managed(tx: Connection, user_id: int, chat_id: int) -> None:
    """Somebody manages a chat no more."""
    await tx.execute("DELETE FROM managed WHERE user_id = ? AND chat_id = ?", (user_id, chat_id))


async def list_managed(conn: Connection, user_id: int) -> list[Subscriber]:
    """The groups and channels that somebody manages, by name."""
    rows = await conn.fetch_all("SELECT chat_id FROM managed WHERE user_id = ?", (user_id,))
    found = await subscribers.list_by_chat(conn, [row["chat_id"] for row in rows])
    return sorted(found.values(), key=lambda one: ((one.name or "").casefold(), one.chat_id))


async def list_managers(conn: Connection, chat_id: int) -> list[Subscriber]:
    """The people who use the bot and manage a chat, by their ids."""
    rows = await conn.fetch_all("SELECT user_id FROM managed WHERE chat_id = ?", (chat_id,))
    found = await subscribers.list_by_chat(conn, [row["user_id"] for row in rows])
    return [found[id] for id in sorted(found)]


async def forget_person(tx: Connection, user_id: int) -> None:
    """Forget which chats this person manages."""
    await tx.execute("DELETE FROM managed WHERE user_id = ?", (user_id,))


async def move_chat(tx: Connection, former: int, present: int) -> None:
    """A chat goes on under another id."""
    await tx.execute(
        "UPDATE managed SET chat_id = ? WHERE chat_id = ?"
        " AND user_id NOT IN (SELECT user_id FROM managed WHERE chat_id = ?)",
        (present, former, present),
    )
