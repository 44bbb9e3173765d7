"""Posts that were folded onto a message which will never be sent, or was lost, are told after all.

The first folded copy is queued in the message's place, and the other copies are folded onto it.
What was added to the message as news is queued by itself, and so is what the message counted of its
event: of what was counted since the last visible edit the first is queued, and the rest is counted
there.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from storage import times
from storage.connection import Connection, Row, fetch_in
from storage.documents import documents
from storage.outbox import new_rows, outbox, queueing
from storage.payloads import AlertPayload
from storage.records import NewDelivery
from storage.stories import event_told
from storage.stories.event_told import Ringing
from storage.structs import replace
from storage.subscribers import mutes

_FOLDED = """
    SELECT f.delivery_id, f.post, f.folded_at, f.fresh, f.key, f.alerts, f.event,
        (SELECT p.story FROM document AS p WHERE p.doc_id = f.post) AS own_story,
        d.chat_id, d.topic, d.story, d.due_at, d.bundle,
        json_extract(d.payload, '$.silent') AS silent
    FROM folded AS f JOIN whole_delivery AS d ON d.id = f.delivery_id
    WHERE f.key IS NOT NULL AND f.delivery_id IN (:values)
    ORDER BY f.folded_at, f.post
"""
COMMITTED_WITHIN = timedelta(minutes=1)
"""A post says when its transaction began; an edit that was claimed so soon after may have been made
before that was committed. What is told twice by that is better than what is not told."""

# An edit shows what was added before it was claimed.
_UNSHOWN = """
    SELECT f.post FROM folded AS f WHERE f.delivery_id = ? AND (f.fresh IS NOT NULL OR f.event = 1)
        AND f.folded_at + ? > coalesce((SELECT max(u.tried_at) FROM delivery AS u
            WHERE u.target = f.delivery_id AND u.kind = 'update' AND u.state = 'sent'), 0)
"""
_MOVE = """
    UPDATE folded SET delivery_id = ? WHERE delivery_id = ? AND NOT EXISTS
        (SELECT 1 FROM folded AS f WHERE f.delivery_id = ? AND f.post = folded.post)
"""


class Unwanted(Struct, frozen=True, kw_only=True):
    """Alerts that do not want a channel any more, or any channel (None)."""

    alerts: Collection[int] = ()
    channel: str | None = None


async def hand_on(
    tx: Connection,
    ids: Sequence[int],
    *,
    now: datetime,
    unwanted: Unwanted | None = None,
    since: datetime | None = None,
) -> int:
    """Queue what was folded onto these messages, which will not be sent; gives how many messages.

    They are held for as long as the message was. ``unwanted``: alerts that do not want them either.
    ``since``: what was folded earlier stays. A message that is replaced by a copy is not revived
    (``outbox.revive``), or its reader would get the same twice.
    """
    lines = await fetch_in(
        tx, "SELECT id FROM delivery WHERE target IN (:values) AND state = 'bundled'", ids
    )
    rows = await fetch_in(tx, _FOLDED, [*ids, *(row["id"] for row in lines)])
    if since is not None:
        rows = [row for row in rows if times.from_epoch(row["folded_at"]) > since]
    left = await _still_wanted(tx, rows, unwanted or Unwanted())
    taken: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        if left[row["delivery_id"], row["post"]]:
            taken[row["delivery_id"]].append(row)
    count = 0
    for id, folded in taken.items():
        copies = [row for row in folded if row["fresh"] is None and not row["event"]]
        added = [row for row in folded if row["fresh"] is not None or row["event"]]
        new = [_delivery(row, left[id, row["post"]], now) for row in (*copies[:1], *added)]
        count += await queueing.add_deliveries(tx, new)
        await event_told.note(tx, _ringing(new))
        if copies:
            await _move(tx, id, copies[0])
            await outbox.mark_replaced(tx, id)
    return count


async def hand_on_expired(tx: Connection, ids: Sequence[int], *, now: datetime) -> int:
    """Queue what was folded onto expired messages and has not expired itself, and what expired
    edits were to show; gives how many."""
    edited = await fetch_in(
        tx,
        "SELECT DISTINCT target FROM delivery WHERE kind = 'update' AND target IS NOT NULL"
        " AND id IN (:values)",
        ids,
    )
    count = sum([await hand_on_unshown(tx, row["target"], now=now) for row in edited])
    return count + await hand_on(tx, ids, now=now, since=now - new_rows.ALERT_KEPT_FOR)


async def hand_on_unshown(tx: Connection, id: int, *, now: datetime) -> int:
    """Queue what was added to a sent message that was lost before an edit showed it."""
    margin = COMMITTED_WITHIN // timedelta(microseconds=1)
    unshown = {row["post"] for row in await tx.fetch_all(_UNSHOWN, (id, margin))}
    rows = [row for row in await fetch_in(tx, _FOLDED, [id]) if row["post"] in unshown]
    counted = [row for row in rows if row["event"]]
    told = [*(row for row in rows if not row["event"]), *counted[:1]]
    new = [_delivery(row, json.loads(row["alerts"]), now) for row in told]
    count = await queueing.add_deliveries(tx, new)
    await event_told.note(tx, _ringing(new))
    if counted:
        await _move_counted(tx, id, counted)
    return count


async def _still_wanted(
    tx: Connection, rows: Sequence[Row], unwanted: Unwanted
) -> dict[tuple[int, str], list[Any]]:
    """The alerts that still want each of the posts, by message and post."""
    found = {}
    if unwanted.channel is not None:
        found = await documents.find_documents(tx, sorted({row["post"] for row in rows}))
    wanted = {}
    for row in rows:
        post = found.get(row["post"])
        is_meant = post is None or mutes.name_of(post.channel) == unwanted.channel
        alerts = json.loads(row["alerts"])
        wanted[row["delivery_id"], row["post"]] = (
            [pair for pair in alerts if pair[0] not in unwanted.alerts] if is_meant else alerts
        )
    return wanted


def _delivery(row: Row, alerts: Sequence[Any], now: datetime) -> NewDelivery:
    due_at = times.from_epoch(row["due_at"])
    is_held = row["bundle"] is not None and due_at > now
    matched = tuple((int(id), str(query)) for id, query in alerts)
    is_once = bool(row["event"])
    new = new_rows.alert(
        row["chat_id"],
        row["key"],
        AlertPayload(doc_id=row["post"], alerts=matched, silent=bool(row["silent"]), once=is_once),
        now=now,
        due_at=due_at if is_held else now,
        bundle=row["bundle"] if is_held else None,
        story=row["own_story"] or row["post"] if is_once else row["story"],
    )
    return replace(new, topic=row["topic"])


def _ringing(new: Sequence[NewDelivery]) -> list[Ringing]:
    """Those that may count further posts of their event."""
    return [
        Ringing(row.chat_id, row.story or "", row.alert.doc_id, row.alert.alert_ids, row.topic)
        for row in new
        if row.alert.once
    ]


async def _move_counted(tx: Connection, id: int, counted: Sequence[Row]) -> None:
    """Move the posts counted at a message to the message about the first of them."""
    first, *rest = counted
    present = await queueing.find_id(tx, first["key"])
    if present is not None:
        await tx.execute_many(
            f"{_MOVE} AND post = ?",
            [(present, id, present, row["post"]) for row in rest],
        )
    await tx.execute("DELETE FROM folded WHERE delivery_id = ? AND post = ?", (id, first["post"]))


async def _move(tx: Connection, id: int, first: Row) -> None:
    """Fold the other copies onto the message about the first."""
    await tx.execute("DELETE FROM folded WHERE delivery_id = ? AND post = ?", (id, first["post"]))
    present = await queueing.find_id(tx, first["key"])
    if present is None:
        return
    await tx.execute(
        f"{_MOVE} AND fresh IS NULL",
        (present, id, present),
    )
