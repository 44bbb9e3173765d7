"""What waits for somebody who cannot be written to.

Notices, for an operator who has not begun with the bot for instance, stay queued, postponed until
they expire, and are sent when that person writes to the bot. All else is given up, but queued again
where the chat can be written to before it is too old.
"""

from datetime import datetime, timedelta

from storage import times
from storage.connection import Connection
from storage.outbox import held
from storage.outbox.new_rows import ALERT_KEPT_FOR, NOTICE_KEPT_FOR

MOST = 20
"""The most waiting notices that are told, the latest ones."""


async def find_refusal(conn: Connection, chat_id: int) -> str | None:
    """Why the last notice to a chat was not sent; None if it was, or nothing is known."""
    row = await conn.fetch_one(
        "SELECT state, last_error FROM delivery WHERE kind = 'notice' AND chat_id = ?"
        " ORDER BY id DESC LIMIT 1",
        (chat_id,),
    )
    if row is None or row["state"] == "sent":
        return None
    lost = "it was given up" if row["state"] != "queued" else None
    return row["last_error"] or lost


async def find_last_sent(conn: Connection, chat_id: int) -> int:
    """The row of the last message that a chat got; 0 for none."""
    row = await conn.fetch_one(
        "SELECT max(id) AS last FROM delivery"
        " WHERE chat_id = ? AND state = 'sent' AND state <> 'queued'",
        (chat_id,),
    )
    return 0 if row is None else int(row["last"] or 0)


async def hold_notices(tx: Connection, chat_id: int, *, reason: str) -> int:
    """Postpone all notices for somebody who cannot be written to; gives how many."""
    return await tx.execute(
        "UPDATE delivery SET due_at = coalesce(expires_at, created_at + ?), leased_until = NULL,"
        " attempts = 0, last_error = ?"
        " WHERE state = 'queued' AND kind = 'notice' AND chat_id = ?",
        (NOTICE_KEPT_FOR // timedelta(microseconds=1), reason, chat_id),
    )


async def release_notices(tx: Connection, chat_id: int, *, now: datetime) -> int:
    """Send the notices that waited, oldest first; gives how many are sent. Older ones are given
    up."""
    waiting = await tx.fetch_all(
        "SELECT id FROM delivery WHERE state = 'queued' AND kind = 'notice' AND chat_id = ?"
        " AND leased_until IS NULL AND (expires_at IS NULL OR expires_at > ?) ORDER BY id DESC",
        (chat_id, times.to_epoch(now)),
    )
    when = times.to_epoch(now)
    await tx.execute_many(
        "UPDATE delivery SET due_at = ?, last_error = NULL WHERE id = ?",
        [(when, row["id"]) for row in waiting[:MOST]],
    )
    await tx.execute_many(
        "UPDATE delivery SET state = 'expired', finished_at = ? WHERE id = ?",
        [(when, row["id"]) for row in waiting[MOST:]],
    )
    return min(len(waiting), MOST)


async def return_gone(tx: Connection, chat_id: int, *, now: datetime) -> int:
    """Queue again what was given up for a chat because it could not be written to; gives how many.

    What is too old by now stays given up, with all answers, edits of messages that are edited no
    more, and what nobody there wants any more: its alerts were removed meanwhile, for instance.
    """
    rows = await tx.fetch_all(
        "UPDATE delivery SET state = 'queued', attempts = 0, last_error = NULL"
        " WHERE chat_id = ? AND state = 'gone' AND state <> 'queued'"
        " AND kind NOT IN ('answer', 'notice') AND coalesce(expires_at, created_at + ?) > ?"
        " AND (target IS NULL OR EXISTS (SELECT 1 FROM delivery AS edited"
        " WHERE edited.id = delivery.target AND edited.closed = 0)) RETURNING id",
        (chat_id, ALERT_KEPT_FOR // timedelta(microseconds=1), times.to_epoch(now)),
    )
    await held.drop_unwanted(tx, chat_id, sorted(row["id"] for row in rows), now=now)
    return len(rows)


async def drop_gone(tx: Connection, chat_id: int) -> int:
    """Give up for good what was given up for a chat: it wants none of it; gives how many."""
    return await tx.execute(
        "UPDATE delivery SET state = 'dropped' WHERE chat_id = ? AND state = 'gone'"
        " AND state <> 'queued' AND kind NOT IN ('answer', 'notice')",
        (chat_id,),
    )
