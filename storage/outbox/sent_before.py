"""What is known of sent messages, to recognize those that no row knows of; and what is not to be
known of them any longer: secrets (tokens, say) that they said."""

from collections.abc import Sequence
from datetime import datetime

from storage import payloads, times
from storage.connection import Connection, fetch_in
from storage.payloads import TextPayload
from storage.records import Delivery
from storage.structs import replace

WIPED = "…"


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


async def wipe_secrets(tx: Connection, rows: Sequence[Delivery]) -> None:
    """Remove the secrets from messages that are not retried."""
    changed = [
        (payloads.write(_without(row.payload)), row.id)
        for row in rows
        if isinstance(row.payload, TextPayload) and row.payload.secret
    ]
    await tx.execute_many("UPDATE delivery SET payload = ? WHERE id = ?", changed)


def _without(said: TextPayload) -> TextPayload:
    """The message without its secret and without its formatting, whose offsets count characters."""
    secret = said.secret or ""
    return replace(said, text=said.text.replace(secret, WIPED), spans=(), secret=None)
