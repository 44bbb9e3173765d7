"""What is known of sent messages, to recognize those that no row knows of."""

from collections.abc import Sequence
from datetime import datetime

from storage import times
from storage.connection import Connection, fetch_in


async def find_sent_before(conn: Connection, at: datetime, chats: range) -> int | None:
    """The number of a late message to one of these chats (marked ids) sent by ``at``; None if there
    is none."""
    row = await conn.fetch_one(
        "SELECT message_id FROM delivery WHERE state = 'sent' AND state <> 'queued'"
        " AND message_id IS NOT NULL AND finished_at < ? AND chat_id BETWEEN ? AND ?"
        " ORDER BY id DESC LIMIT 1",
        (times.to_epoch(at), chats[0], chats[-1]),
    )
    return None if row is None else int(row["message_id"])


async def list_known(conn: Connection, chat_id: int, message_ids: Sequence[int]) -> frozenset[int]:
    """Which of these messages of a chat belong to a row."""
    rows = await fetch_in(
        conn,
        "SELECT message_id FROM delivery WHERE chat_id = ? AND state = 'sent'"
        " AND state <> 'queued'"
        " AND message_id IN (:values)",
        message_ids,
        before=(chat_id,),
    )
    return frozenset(row["message_id"] for row in rows)
