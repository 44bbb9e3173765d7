"""A chat that goes on under another id takes along all that is kept of it."""

from storage import times
from storage.connection import Connection
from storage.outbox import bursts, handed_on
from storage.subscribers import collections, managed, questions, removed_alerts, subscribers
from storage.undoing import removals, takings

_COLUMNS = (
    "username, name, language, timezone, active, admitted, created_at, last_digest_at,"
    " quiet_from, quiet_until, quiet_but_urgent, is_channel, incarnation, burst_after,"
    " topic"
)
_TAKEN = ", ".join(
    f"{name} = excluded.{name}"
    for name in _COLUMNS.split(", ")
    if name not in ("username", "name", "created_at", "active", "incarnation", "topic")
)
"""What a chat that is known under its new id already takes over, for nobody has set it there."""


async def move_chat(
    tx: Connection, former: int, present: int, *, access_hash: int | None = None
) -> bool:
    """Give a chat's alerts, plan and deliveries to its new id; whether there were any to give.

    It is active where it was, or where it is under its new id already; also where it was lost: what
    is sent to the old id before the move is known is refused, and goes now. What was queued goes to
    the new chat; what was sent stays where it is and is edited no more. A story that was told in
    the old chat is not told again in the new one. Messages keep their keys, and so their random
    ids.
    """
    chat = await subscribers.find_subscriber(tx, former)
    if chat is None:
        return False
    if chat.lost:
        await _find_again(tx, former)
    await tx.execute(
        f"INSERT INTO subscriber (chat_id, access_hash, {_COLUMNS})"  # noqa: S608
        f" SELECT ?, ?, {_COLUMNS} FROM subscriber WHERE chat_id = ?"
        f" ON CONFLICT (chat_id) DO UPDATE SET {_TAKEN},"
        " active = CASE WHEN excluded.active = 1 THEN 1 ELSE subscriber.active END",
        (present, access_hash, former),
    )
    await tx.execute(
        "UPDATE alert SET chat_id = ? WHERE chat_id = ?"
        " AND query NOT IN (SELECT query FROM alert WHERE chat_id = ?)",
        (present, former, present),
    )
    await removed_alerts.move_chat(tx, former, present)
    await tx.execute(
        "UPDATE plan SET chat_id = ? WHERE chat_id = ? AND NOT EXISTS (SELECT 1 FROM plan AS p"
        " WHERE p.chat_id = ? AND (p.kind, p.times, p.query, p.channels)"
        " = (plan.kind, plan.times, plan.query, plan.channels))",
        (present, former, present),
    )
    await collections.move_collections(tx, former, present)
    await _move_signals(tx, former, present)
    await managed.move_chat(tx, former, present)
    await removals.move_chat(tx, former, present)
    await _move_handed_out(tx, former, present)
    await _move_deliveries(tx, former, present)
    await questions.forget_chat(tx, former)
    await tx.execute("DELETE FROM subscriber WHERE chat_id = ?", (former,))
    return True


async def _find_again(tx: Connection, former: int) -> None:
    """Activate a chat that was lost, and queue again what waited for it then: what was given up
    after the last message that it got."""
    await subscribers.update_subscriber(tx, former, active=True)
    await tx.execute(
        "UPDATE delivery SET state = 'queued', attempts = 0 WHERE chat_id = ? AND state = 'gone'"
        " AND state <> 'queued' AND kind IN ('alert', 'bundle', 'digest') AND id >"
        " (SELECT coalesce(max(id), 0) FROM delivery WHERE chat_id = ? AND state = 'sent')",
        (former, former),
    )


async def _move_signals(tx: Connection, former: int, present: int) -> None:
    await tx.execute(
        "UPDATE silence SET chat_id = ? WHERE chat_id = ?"
        " AND channel NOT IN (SELECT channel FROM silence WHERE chat_id = ?)",
        (present, former, present),
    )
    await tx.execute(
        "UPDATE surge SET chat_id = ? WHERE chat_id = ?"
        " AND query NOT IN (SELECT query FROM surge WHERE chat_id = ?)",
        (present, former, present),
    )


async def _move_handed_out(tx: Connection, former: int, present: int) -> None:
    """What others, or buttons, have the names of; and what was asked for."""
    await takings.move_chat(tx, former, present)
    await tx.execute("UPDATE digest_snapshot SET chat_id = ? WHERE chat_id = ?", (present, former))
    await tx.execute("UPDATE feed SET chat_id = ? WHERE chat_id = ?", (present, former))
    await tx.execute("UPDATE link SET made_by = ? WHERE made_by = ?", (present, former))
    await tx.execute("UPDATE backfill SET asked_by = ? WHERE asked_by = ?", (present, former))
    await tx.execute(
        "UPDATE wish SET chat_id = ? WHERE chat_id = ?"
        " AND target NOT IN (SELECT target FROM wish WHERE chat_id = ?)",
        (present, former, present),
    )


async def _move_deliveries(tx: Connection, former: int, present: int) -> None:
    lists = await tx.fetch_all(
        "SELECT target, max(created_at) AS at FROM delivery WHERE chat_id = ? AND kind = 'update'"
        " AND state = 'queued' GROUP BY target",
        (former,),
    )
    for row in lists:
        await bursts.end(tx, row["target"])
        await handed_on.hand_on_unshown(tx, row["target"], now=times.from_epoch(row["at"]))
    await tx.execute(
        "UPDATE delivery SET state = 'dropped' WHERE chat_id = ? AND kind IN ('update', 'tally')"
        " AND state = 'queued'",
        (former,),
    )
    await tx.execute(
        "UPDATE delivery SET chat_id = ?, closed = 2 WHERE (chat_id = ? AND state = 'queued')"
        " OR (chat_id = ? AND state <> 'queued')",
        (present, former, former),
    )
