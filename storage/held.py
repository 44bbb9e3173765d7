"""Alerts that are held back and told together: in one message when quiet hours, a snooze or a
period end. They are rows of the outbox that are due then, with the name of their bundle.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from storage import moments
from storage.database import Connection, fetch_in

_WAITING = """
    SELECT id, payload FROM delivery
    WHERE chat_id = ? AND state = 'queued' AND kind = 'alert' AND due_at > ?
        AND leased_until IS NULL AND bundle IS NOT NULL
"""


def bundle_name(due_at: datetime) -> str:
    """The bundle of all that a chat is told of at that time."""
    return f"held:{moments.to_epoch(due_at) // 1_000_000}"


async def drop_held(
    tx: Connection, chat_id: int, alert_ids: Sequence[int], *, now: datetime
) -> int:
    """Tell nothing of what is held for these alerts of a chat alone; gives how many posts."""
    ids = await _list_waiting(tx, chat_id, alert_ids, now)
    await tx.execute_many(
        "UPDATE delivery SET state = 'dropped', finished_at = ? WHERE id = ?",
        [(moments.to_epoch(now), id) for id in ids],
    )
    return len(ids)


async def hold_until(
    tx: Connection, chat_id: int, alert_ids: Sequence[int], due_at: datetime, *, now: datetime
) -> int:
    """Hold what is held for these alerts of a chat alone until another time; how many posts."""
    ids = await _list_waiting(tx, chat_id, alert_ids, now)
    await tx.execute_many(
        "UPDATE delivery SET due_at = ?, bundle = ? WHERE id = ?",
        [(moments.to_epoch(due_at), bundle_name(due_at), id) for id in ids],
    )
    return len(ids)


async def move_held(
    tx: Connection, chat_id: int, old: datetime, new: datetime, *, now: datetime
) -> int:
    """Tell at ``new`` what a chat was to be told of at ``old``; gives how many posts."""
    return await tx.execute(
        "UPDATE delivery SET due_at = ?, bundle = ? WHERE chat_id = ? AND state = 'queued'"
        " AND kind = 'alert' AND due_at = ? AND due_at > ? AND leased_until IS NULL"
        " AND bundle IS NOT NULL",
        (
            moments.to_epoch(new),
            bundle_name(new),
            chat_id,
            moments.to_epoch(old),
            moments.to_epoch(now),
        ),
    )


async def list_known(conn: Connection, keys: Sequence[str]) -> set[str]:
    """Which of these keys were ever queued."""
    rows = await fetch_in(conn, "SELECT key FROM delivery WHERE key IN (:values)", keys)
    return {row["key"] for row in rows}


async def _list_waiting(
    tx: Connection, chat_id: int, alert_ids: Sequence[int], now: datetime
) -> list[int]:
    """Row ids of what is held for no other alerts of the chat."""
    rows = await tx.fetch_all(_WAITING, (chat_id, moments.to_epoch(now)))
    return [row["id"] for row in rows if _alerts(row["payload"]) <= set(alert_ids)]


def _alerts(payload: str) -> set[int]:
    return {int(alert_id) for alert_id, _ in json.loads(payload).get("alerts", ())}
