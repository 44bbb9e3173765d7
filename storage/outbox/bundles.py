"""Bundles: several alerts of one chat (or of one topic) sent as one message that lists the posts.

An alert names its bundle (``bundle``). Its row becomes ``bundled`` in the transaction that adds the
bundle's row, so each post is told exactly once. Held alerts are listed newest first, missed ones in
order of publication. A long list has pages; in a channel, where one reader would turn the page for
all, it is several messages, in order.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from storage import payloads, times
from storage.connection import Connection
from storage.outbox import changes, new_rows, outbox, queueing
from storage.payloads import Line, ListPayload, UnreadablePayload
from storage.records import Delivery
from storage.subscribers import subscribers

LATE = "late"
"""The bundle of what was missed: that is told one by one unless it is much."""
AWAY = "away"
"""The bundle of what may have been told before the database was put back from an older copy."""
DOUBTFUL = timedelta(hours=1)
"""How long Telegram can be trusted to remember the random id of a message that it was given."""
MUCH = 10
MOST_POSTS = 25
"""The most posts in one message without pages."""


class Restored(Struct, frozen=True, kw_only=True):
    """The database was found at ``at`` to be an older copy (a restored backup).

    What was due before may have been sent already. Telegram refuses a repeated random id for as
    long as it remembers it; older rows go into one list a chat, sent at ``told_at``, by when every
    channel has been read again.
    """

    at: datetime
    told_at: datetime

    def doubts(self, due_at: datetime, *, now: datetime) -> bool:
        """Whether a row due at ``due_at`` goes into that list."""
        return due_at < self.at and now - due_at > DOUBTFUL


async def hold_doubtful(
    tx: Connection, restored: Restored, *, now: datetime, expires_at: datetime
) -> int:
    """Move queued alerts that may have been sent into that list; gives how many.

    Call it before anything is sent: leases are those of a former process.
    """
    return await tx.execute(
        "UPDATE delivery SET bundle = ?, due_at = ?, expires_at = ?, leased_until = NULL,"
        " attempts = 0, last_error = NULL"
        " WHERE state = 'queued' AND kind = 'alert' AND due_at < ?",
        (
            AWAY,
            times.to_epoch(max(now, restored.told_at)),
            times.to_epoch(expires_at),
            times.to_epoch(min(restored.at, now - DOUBTFUL)),
        ),
    )


async def gather(
    tx: Connection, claimed: Sequence[Delivery], *, now: datetime, lease_until: datetime
) -> list[Delivery]:
    """Replace claimed alerts by bundles, with the rest of what is due for each bundle.

    ``claimed`` were just leased. Gives what is to be sent instead: bundles, and the rows that go
    alone.
    """
    wanted = {
        (row.chat_id, row.bundle, row.topic)
        for row in claimed
        if row.bundle and row.kind == "alert"
    }
    gone: set[int] = set()
    keys: list[str] = []
    chats = await subscribers.list_by_chat(tx, sorted({chat_id for chat_id, _, _ in wanted}))
    for chat_id, bundle, topic in sorted(wanted, key=str):
        ours = [row.id for row in claimed]
        ids = await _list_due(tx, (chat_id, bundle, topic), ours, now)
        if len(ids) <= (MUCH if bundle == LATE else 1):
            continue
        in_channel = chat_id in chats and chats[chat_id].is_channel
        size = MOST_POSTS if in_channel else len(ids)
        if bundle not in (LATE, AWAY) and not in_channel:
            ids.reverse()
        pieces = [ids[start : start + size] for start in range(0, len(ids), size)]
        keys += [await _bundle(tx, chat_id, piece, now) for piece in pieces]
        gone.update(ids)
    added = [row for key in keys if (row := await outbox.find_delivery(tx, key)) is not None]
    bundles = await outbox.lease(tx, added, now=now, lease_until=lease_until)
    return [row for row in claimed if row.id not in gone] + bundles


async def _list_due(
    tx: Connection,
    named: tuple[int, str | None, int | None],
    ours: Sequence[int],
    now: datetime,
) -> list[int]:
    """The due alerts of a bundle (its chat, name and topic) that are not leased, except those just
    leased (``ours``)."""
    chat_id, bundle, topic = named
    when = times.to_epoch(now)
    rows = await tx.fetch_all(
        "SELECT id, kind, payload, leased_until FROM whole_delivery"
        " WHERE chat_id = ? AND state = 'queued' AND bundle = ? AND kind = 'alert'"
        " AND due_at <= ? AND coalesce(topic, 0) = ? ORDER BY id",
        (chat_id, bundle, when, topic or 0),
    )
    mine = set(ours)
    return [
        row["id"]
        for row in rows
        if (row["id"] in mine or row["leased_until"] is None or row["leased_until"] <= when)
        and not isinstance(payloads.read(row["kind"], row["payload"]), UnreadablePayload)
    ]


async def _bundle(tx: Connection, chat_id: int, ids: Sequence[int], now: datetime) -> str:
    found = {row.id: row for row in await outbox.list_deliveries(tx, ids)}
    told = [found[id] for id in ids]
    payload = ListPayload(
        posts=tuple(
            Line(doc_id=row.alert.doc_id, alerts=row.alert.alerts, story=row.story) for row in told
        ),
        late=told[0].bundle == LATE,
        away=told[0].bundle == AWAY,
        gone=(told[0].bundle or "").startswith(changes.GONE),
        silent=all(row.is_silent for row in told),
    )
    new = new_rows.bundle(chat_id, told, payload, now=now)
    await queueing.add_deliveries(tx, [new])
    await tx.execute_many(
        "UPDATE delivery SET state = 'bundled', leased_until = NULL, finished_at = ? WHERE id = ?",
        [(times.to_epoch(now), id) for id in ids],
    )
    return new.key
