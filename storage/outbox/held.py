"""Alerts that are held and then sent in one message, when quiet hours, a snooze or a period end.
They are rows of the outbox that are due then and carry the name of their bundle."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from storage import payloads, times
from storage.connection import Connection, Row, fetch_in
from storage.documents import documents
from storage.outbox import handed_on, outbox
from storage.payloads import AlertPayload
from storage.records import Alert, NewDelivery
from storage.structs import replace
from storage.subscribers import alerts, mutes

_Place: TypeAlias = tuple[int, int | None]
"""A chat, and a topic of it (None: General)."""
_WAITING = """
    SELECT id, payload FROM whole_delivery
    WHERE chat_id = ? AND state = 'queued' AND kind = 'alert' AND due_at > ?
        AND leased_until IS NULL AND bundle IS NOT NULL
"""


def bundle_name(due_at: datetime) -> str:
    """The name of the bundle of everything held for a chat until that time."""
    return f"held:{times.to_epoch(due_at) // 1_000_000}"


async def drop_held(
    tx: Connection,
    chat_id: int,
    alert_ids: Sequence[int],
    *,
    channel: str | None = None,
    now: datetime,
) -> list[int]:
    """Drop what is held for these alerts of a chat; gives the row ids, for ``put_back``.

    A post that is held for other alerts too stays for those, and so does a copy folded onto it.
    With ``channel`` (as ``mutes.name_of`` names it) only that channel's posts are dropped.
    """
    rows = await tx.fetch_all(_WAITING, (chat_id, times.to_epoch(now)))
    held = [(row["id"], _read(row)) for row in rows]
    return await _drop(tx, held, set(alert_ids), channel, now)


async def drop_unwanted(
    tx: Connection, chat_id: int, ids: Sequence[int], *, now: datetime
) -> list[int]:
    """Of these rows of a chat, which wait, drop what is told for alerts that are removed or paused
    by now, or leave its channel out; gives the row ids."""
    rows = await fetch_in(
        tx, "SELECT id, payload FROM whole_delivery WHERE kind = 'alert' AND id IN (:values)", ids
    )
    waiting = [(row["id"], _read(row)) for row in rows]
    standing = {one.id for one in await alerts.list_alerts(tx, chat_id) if not one.paused}
    told_for = {id for _, told in waiting for id in told.alert_ids}
    dropped = await _drop(tx, waiting, told_for - standing, None, now)
    muted: defaultdict[str, set[int]] = defaultdict(set)
    for mutes_of in (await mutes.list_mutes_of(tx, sorted(told_for & standing))).values():
        for mute in mutes_of:
            muted[mute.channel].add(mute.alert_id)
    for channel, silent in sorted(muted.items()):
        rows = await fetch_in(
            tx,
            "SELECT id, payload FROM whole_delivery WHERE state = 'queued'"
            " AND kind = 'alert' AND id IN (:values)",
            ids,
        )
        waiting = [(row["id"], _read(row)) for row in rows]
        dropped += await _drop(tx, waiting, silent, channel, now)
    return dropped


async def _drop(
    tx: Connection,
    held: Sequence[tuple[int, AlertPayload]],
    silent: set[int],
    channel: str | None,
    now: datetime,
) -> list[int]:
    """Drop what rows tell for these alerts (of a channel); gives the ids of the rows it was."""
    dropped = []
    held = [(id, told) for id, told in held if not silent.isdisjoint(told.alert_ids)]
    if channel is not None:
        held = await _posted_in(tx, channel, held)
    for id, told in held:
        left = tuple(pair for pair in told.alerts if pair[0] not in silent)
        if left:
            await outbox.set_payload(tx, id, replace(told, alerts=left))
        else:
            dropped.append(id)
    await tx.execute_many(
        "UPDATE delivery SET state = 'dropped', finished_at = ? WHERE id = ?",
        [(times.to_epoch(now), id) for id in dropped],
    )
    unwanted = handed_on.Unwanted(alerts=silent, channel=channel)
    await handed_on.hand_on(tx, dropped, now=now, unwanted=unwanted)
    return [id for id, _ in held]


async def put_back(
    tx: Connection, chat_id: int, ids: Sequence[int], alert: Alert, *, dropped_at: datetime
) -> int:
    """Undo ``drop_held`` for an alert: hold again what it dropped at that time; gives how many
    posts.

    A row that waits for other alerts is told for this one too. What was handed on in a row's place
    stays where it is.
    """
    put = 0
    for row in await fetch_in(
        tx,
        "SELECT id, payload, state, finished_at FROM whole_delivery WHERE chat_id = ?"
        " AND kind = 'alert' AND leased_until IS NULL AND id IN (:values)",
        ids,
        before=(chat_id,),
    ):
        told = _read(row)
        if row["state"] == "dropped" and row["finished_at"] == times.to_epoch(dropped_at):
            await tx.execute(
                "UPDATE delivery SET state = 'queued', finished_at = NULL WHERE id = ?",
                (row["id"],),
            )
            put += 1
        elif row["state"] == "queued" and alert.id not in told.alert_ids:
            pairs = (*told.alerts, (alert.id, alert.query))
            await outbox.set_payload(tx, row["id"], replace(told, alerts=pairs))
            put += 1
    return put


async def drop_all(tx: Connection, chat_id: int, *, now: datetime) -> int:
    """Drop everything queued for a chat except answers; gives how many messages."""
    return await tx.execute(
        "UPDATE delivery SET state = 'dropped', finished_at = ? WHERE chat_id = ?"
        " AND state = 'queued' AND leased_until IS NULL"
        " AND kind IN ('alert', 'bundle', 'digest', 'update', 'tally')",
        (times.to_epoch(now), chat_id),
    )


async def put_all_back(tx: Connection, chat_id: int, *, dropped_at: datetime) -> int:
    """Undo ``drop_all``: queue again what it dropped at that time; gives how many messages."""
    return await tx.execute(
        "UPDATE delivery SET state = 'queued', finished_at = NULL WHERE chat_id = ?"
        " AND state = 'dropped' AND finished_at = ?"
        " AND kind IN ('alert', 'bundle', 'digest', 'update', 'tally')",
        (chat_id, times.to_epoch(dropped_at)),
    )


async def bring_forward(tx: Connection, rows: Sequence[NewDelivery], *, now: datetime) -> int:
    """Send now what is held, if it is due for another alert; gives how many posts.

    ``rows`` are alerts that are due: a held row of the same story and chat is sent in its place.
    """
    due: defaultdict[str, dict[_Place, NewDelivery]] = defaultdict(dict)
    for new in rows:
        if new.bundle is None and new.story is not None:
            due[new.story][new.chat_id, new.topic] = new
    return sum([await _bring_story(tx, story, by_place, now) for story, by_place in due.items()])


async def _bring_story(
    tx: Connection, story: str, due: Mapping[_Place, NewDelivery], now: datetime
) -> int:
    found = await fetch_in(
        tx,
        "SELECT id, chat_id, topic, payload FROM whole_alert WHERE state = 'queued'"
        " AND kind = 'alert' AND bundle IS NOT NULL AND leased_until IS NULL AND due_at > ?"
        " AND story = ? AND chat_id IN (:values)",
        sorted({chat_id for chat_id, _ in due}),
        before=(times.to_epoch(now), story),
    )
    brought = [row for row in found if (row["chat_id"], row["topic"]) in due]
    for row in brought:
        new, former = due[row["chat_id"], row["topic"]], _read(row)
        told = new.alert
        others = tuple(pair for pair in former.alerts if pair[0] not in told.alert_ids)
        merged = replace(told, alerts=(*told.alerts, *others))
        await outbox.set_payload(tx, row["id"], merged)
        await tx.execute(
            "UPDATE delivery SET due_at = ?, bundle = NULL WHERE id = ?",
            (times.to_epoch(new.due_at), row["id"]),
        )
    return len(brought)


async def hold_until(
    tx: Connection, chat_id: int, alert_ids: Sequence[int], due_at: datetime, *, now: datetime
) -> int:
    """Change until when the posts held for these alerts of a chat alone are held; gives how many
    posts."""
    ids = await _list_waiting(tx, chat_id, alert_ids, now)
    await tx.execute_many(
        "UPDATE delivery SET due_at = ?, bundle = ? WHERE id = ?",
        [(times.to_epoch(due_at), bundle_name(due_at), id) for id in ids],
    )
    return len(ids)


async def move_held(
    tx: Connection, chat_id: int, old: datetime, new: datetime, *, now: datetime
) -> int:
    """Move what is held for a chat until ``old`` to ``new``; gives how many posts."""
    return await tx.execute(
        "UPDATE delivery SET due_at = ?, bundle = ? WHERE chat_id = ? AND state = 'queued'"
        " AND kind = 'alert' AND due_at = ? AND due_at > ? AND leased_until IS NULL"
        " AND bundle IS NOT NULL",
        (
            times.to_epoch(new),
            bundle_name(new),
            chat_id,
            times.to_epoch(old),
            times.to_epoch(now),
        ),
    )


async def _list_waiting(
    tx: Connection, chat_id: int, alert_ids: Sequence[int], now: datetime
) -> list[int]:
    """Row ids of what is held for these alerts of the chat and no others."""
    rows = await tx.fetch_all(_WAITING, (chat_id, times.to_epoch(now)))
    return [row["id"] for row in rows if set(_read(row).alert_ids) <= set(alert_ids)]


def _read(row: Row) -> AlertPayload:
    """A row's payload; one that cannot be read belongs to no alert."""
    told = payloads.read("alert", row["payload"])
    return told if isinstance(told, AlertPayload) else AlertPayload(doc_id="")


async def _posted_in(
    tx: Connection, channel: str, held: Sequence[tuple[int, AlertPayload]]
) -> list[tuple[int, AlertPayload]]:
    """Those that were posted in a channel."""
    found = await documents.find_documents(tx, [told.doc_id for _, told in held])
    return [
        (id, told)
        for id, told in held
        if told.doc_id in found and mutes.name_of(found[told.doc_id].channel) == channel
    ]
