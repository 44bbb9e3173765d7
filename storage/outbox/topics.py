"""Topics of groups: where messages of the bot stand, and what goes to General when one is gone."""

from storage.connection import Connection
from storage.subscribers import subscribers

_OF_CHAT = ("alert", "plan", "silence", "surge", "wish", "subscriber")


async def find_topic(conn: Connection, chat_id: int, message_id: int) -> int | None:
    """The topic in which a message of the bot stands; None for General, and for what is not known
    any more."""
    row = await conn.fetch_one(
        "SELECT topic FROM delivery WHERE chat_id = ? AND state = 'sent' AND state <> 'queued'"
        " AND message_id = ? AND closed <> 2 ORDER BY id DESC LIMIT 1",
        (chat_id, message_id),
    )
    return None if row is None or row["topic"] is None else int(row["topic"])


async def leave_topic(tx: Connection, chat_id: int, topic: int) -> bool:
    """Tell in General from now on what a chat was told in a topic that takes nothing any more, what
    waits included; whether anything was to be told there. What was told there counts as told in
    General, but no list grows on."""
    left = [
        await tx.execute(
            f"UPDATE {table} SET topic = NULL WHERE chat_id = ? AND topic = ?",  # noqa: S608
            (chat_id, topic),
        )
        for table in _OF_CHAT
    ]
    await tx.execute(
        "UPDATE delivery SET topic = NULL WHERE topic = ?"
        " AND ((chat_id = ? AND state = 'queued') OR (chat_id = ? AND state <> 'queued'))",
        (topic, chat_id, chat_id),
    )
    await subscribers.set_growing(tx, chat_id, None)  # What grew there cannot be edited any more.
    return any(left)
