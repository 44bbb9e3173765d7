"""Alerts that were removed: kept for a while, so that they can be put back as they were."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from storage import times
from storage.connection import Connection
from storage.records import Alert
from storage.subscribers import alerts, mutes

KEPT_FOR = timedelta(days=1)
"""How long the removal of an alert can be undone."""

_SETTINGS = ("paused", "urgent", "silent", "hourly_limit", "every_minutes", "once", "topic")


class Removed(Struct, frozen=True, kw_only=True):
    """A removed alert. ``muted``: the channels that it left out, with their titles; ``held``: rows
    of the outbox that waited for it."""

    alert: Alert
    muted: tuple[tuple[str, str], ...]
    held: tuple[int, ...]
    removed_at: datetime


async def remove(
    tx: Connection,
    alert: Alert,
    *,
    held: Sequence[int] = (),
    below: int | None = None,
    now: datetime,
) -> None:
    """Remove an alert and keep it for an undo. ``held``: the rows of the outbox that were dropped
    with it; ``below``: the chat's message whose button removed it, below which it can be
    restored."""
    settings = {
        **{name: getattr(alert, name) for name in _SETTINGS},
        "snoozed_until": times.optional_to_epoch(alert.snoozed_until),
        "muted": [(one.channel, one.title) for one in await mutes.list_mutes(tx, alert.id)],
        "held": list(held),
        "below": below,
    }
    await tx.execute(
        "INSERT INTO removed_alert (id, chat_id, query, settings, created_at, removed_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            alert.id,
            alert.chat_id,
            alert.query,
            json.dumps(settings, ensure_ascii=False),
            times.to_epoch(alert.created_at),
            times.to_epoch(now),
        ),
    )
    await alerts.remove_alert(tx, alert.id, alert.chat_id)


async def find_removed(conn: Connection, id: int, chat_id: int) -> Removed | None:
    """The removed alert of a chat that had this id, while it is kept."""
    row = await conn.fetch_one(
        "SELECT * FROM removed_alert WHERE id = ? AND chat_id = ?", (id, chat_id)
    )
    if row is None:
        return None
    settings: dict[str, Any] = json.loads(row["settings"])
    alert = Alert(
        id=row["id"],
        chat_id=row["chat_id"],
        query=row["query"],
        created_at=times.from_epoch(row["created_at"]),
        snoozed_until=times.optional_from_epoch(settings["snoozed_until"]),
        **{name: settings[name] for name in _SETTINGS if name in settings},
    )
    return Removed(
        alert=alert,
        muted=tuple((channel, title) for channel, title in settings["muted"]),
        held=tuple(settings["held"]),
        removed_at=times.from_epoch(row["removed_at"]),
    )


async def find_below(
    conn: Connection, chat_id: int, message_id: int, *, now: datetime
) -> int | None:
    """The id of the alert that was last removed below this message of a chat, while it is kept."""
    rows = await conn.fetch_all(
        "SELECT id, settings FROM removed_alert WHERE chat_id = ? AND removed_at >= ?"
        " ORDER BY removed_at DESC, id DESC",
        (chat_id, times.to_epoch(now - KEPT_FOR)),
    )
    below = (row["id"] for row in rows if json.loads(row["settings"]).get("below") == message_id)
    return next(below, None)


async def restore(tx: Connection, removed: Removed, *, now: datetime) -> Alert:
    """Restore an alert under its id; it matches posts from now on. Its chat must have no other one
    with the same query."""
    former = removed.alert
    await tx.execute(
        "INSERT INTO alert (id, chat_id, query, created_at, since) VALUES (?, ?, ?, ?, ?)",
        (
            former.id,
            former.chat_id,
            former.query,
            times.to_epoch(former.created_at),
            times.to_epoch(now),
        ),
    )
    settings = {name: getattr(former, name) for name in (*_SETTINGS, "snoozed_until")}
    restored = await alerts.update_alert(tx, former.id, former.chat_id, **settings)
    if restored is None:
        raise LookupError(former.id)
    for channel, title in removed.muted:
        await mutes.add_mutes(tx, [former.id], channel, title)
    await tx.execute("DELETE FROM removed_alert WHERE id = ?", (former.id,))
    return restored


async def move_chat(tx: Connection, former: int, present: int) -> None:
    """Give a chat's removed alerts to its new id. Its messages have new numbers there, so none can
    be restored below one."""
    rows = await tx.fetch_all("SELECT id, settings FROM removed_alert WHERE chat_id = ?", (former,))
    moved = [
        (present, json.dumps({**json.loads(row["settings"]), "below": None}, ensure_ascii=False))
        for row in rows
    ]
    await tx.execute_many(
        "UPDATE removed_alert SET chat_id = ?, settings = ? WHERE id = ?",
        [(*one, row["id"]) for one, row in zip(moved, rows, strict=True)],
    )


async def prune_removed(tx: Connection, *, now: datetime) -> int:
    """Forget alerts that were removed long ago; gives how many."""
    return await tx.execute(
        "DELETE FROM removed_alert WHERE removed_at < ?", (times.to_epoch(now - KEPT_FOR),)
    )
