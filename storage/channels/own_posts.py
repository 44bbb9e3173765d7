"""What the bot itself wrote into groups and channels: where it is read again, it is no post.

A message in a channel names no sender, so it is told by its number alone. Kept apart from the
outbox, which forgets.
"""

from collections.abc import Collection, Sequence

from storage import facts
from storage.channels import chat_ids
from storage.connection import Connection, fetch_in
from storage.records import OwnBot

_FACT = "own_bot"


async def add_own_posts(tx: Connection, posts: Sequence[tuple[int, int]]) -> None:
    """Remember messages by marked chat id and number; those in private chats are left out."""
    await tx.execute_many(
        "INSERT INTO own_post (chat_id, message_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(chat_id, number) for chat_id, number in posts if chat_ids.is_channel(chat_id)],
    )


async def find_own_posts(
    conn: Connection, chat_id: int, message_ids: Collection[int]
) -> frozenset[int]:
    """Which of the messages of a chat the bot wrote."""
    rows = await fetch_in(
        conn,
        "SELECT message_id FROM own_post WHERE chat_id = ? AND message_id IN (:values)",
        sorted(message_ids),
        before=(chat_id,),
    )
    return frozenset(row["message_id"] for row in rows)


async def list_chats(conn: Connection) -> list[int]:
    """The groups and channels that the bot ever wrote into, by marked id."""
    rows = await conn.fetch_all("SELECT DISTINCT chat_id FROM own_post")
    return [row["chat_id"] for row in rows]


async def forget_chat(tx: Connection, chat_id: int) -> None:
    """Forget a chat that is nobody's channel of the list."""
    await tx.execute(
        "DELETE FROM own_post WHERE chat_id = ?"
        " AND NOT EXISTS (SELECT 1 FROM channel WHERE channel_id = ?)",
        (chat_id, chat_ids.of_channel(chat_id)),
    )


async def find_bot(conn: Connection) -> OwnBot:
    """The bot that last served this database; one that nobody is before the first did."""
    told = await facts.find_value(conn, _FACT)
    number, _, username = (told or "0").partition(" ")
    return OwnBot(id=int(number), username=username)


async def set_bot(tx: Connection, bot: OwnBot) -> None:
    """Remember which bot serves this database, for commands that have no connection."""
    await facts.set_value(tx, _FACT, f"{bot.id} {bot.username}")
