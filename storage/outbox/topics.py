"""Topics of groups: which topic a message is in, and moving to General when a topic is gone."""

from storage.connection import Connection
from storage.subscribers import subscribers

_OF_CHAT = ("alert", "plan", "silence", "surge", "wish", "subscriber")


async def find_topic(conn: Connection, chat_id: int, message_id: int) -> int | None:
    """The topic of a message of the bot; None for General, and if it is not known any more."""
    row = await conn.fetch_one(
        "SELECT topic FROM delivery WHERE chat_id = ? AND state = 'sent' AND state <> 'queued'"
        " AND message_id = ? AND closed <> 2 ORDER BY id DESC LIMIT 1",
        (chat_id, message_id),
    )
    return None if row is None or row["topic"] is None else int(row["topic"])


async def leave_topic(tx: Connection, chat_id: int, topic: int) -> bool:
    """Move everything of a topic that takes no messages any more to General, queued rows included;
    gives whether there was anything. What was sent to the topic counts as sent to General, but no
    list grows on."""
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
