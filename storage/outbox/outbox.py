"""The outbox: every message that is to be sent, once each, whatever crashes in between.

A delivery is queued in the transaction that makes it necessary, under an idempotency key that says
what it is (``outbox_keys``), and with the ``random_id`` that every attempt to send it carries. A
sender leases due rows; a lease that expires, or that a crashed process left behind, puts them back.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from storage import payloads, times
from storage.connection import TRIPLE, Connection, Row, execute_in, fetch_in
from storage.outbox import queueing, told_posts
from storage.payloads import AlertPayload, Payload
from storage.records import PRIORITY_ANSWER, Delivery, DeliveryState
from storage.structs import replace

NOTHING_HELD: Mapping[int, int] = MappingProxyType({})
SHARES = 16
"""The number of shares that chats are partitioned into, by id; each share has one sender at a
time."""


# A row that waits for a retry blocks later rows of its chat, so that a chat's order is kept. It
# does not block them if it is an answer that failed by its own fault (an attempt was counted), or
# if they were put back together with it and are due at the same time. A notice, which may wait for
# days (``storage.outbox.notices``), blocks only notices.
_BEHIND = (
    " AND (target IS NOT NULL OR NOT EXISTS ("
    "SELECT 1 FROM delivery AS former WHERE former.chat_id = delivery.chat_id"
    " AND former.state = 'queued' AND former.last_error IS NOT NULL AND former.target IS NULL"
    " AND former.priority <= delivery.priority AND former.id < delivery.id"
    " AND (former.priority > ? OR former.attempts = 0)"
    " AND (former.leased_until IS NULL OR former.leased_until <= ?)"
    " AND (former.due_at > ? OR delivery.last_error IS NULL)"
    " AND (former.kind <> 'notice' OR delivery.kind = 'notice')))"
)
_ANY_PUT_BACK = (
    "SELECT 1 AS it FROM delivery WHERE state = 'queued' AND last_error IS NOT NULL LIMIT 1"
)


_MARK_SENT = """
    WITH told (id, message_id, at) AS (VALUES :triples)
    UPDATE delivery SET state = 'sent', message_id = told.message_id, finished_at = told.at,
        leased_until = NULL, last_error = NULL
    FROM told WHERE delivery.id = told.id
"""
MOST_AT_ONCE = 256
"""The most rows that one statement marks."""


async def claim_due(
    tx: Connection,
    *,
    now: datetime,
    limit: int,
    lease_until: datetime,
    held: Mapping[int, int] = NOTHING_HELD,
    per_chat: int | None = None,
    at_least: int | None = None,
    shares: Collection[int] | None = None,
) -> list[Delivery]:
    """Lease up to ``limit`` due messages: answers, then alerts, then digests; oldest first.

    Rows of a chat that are later and no more urgent than one waiting for a retry wait as well;
    edits of sent messages do not.

    Each claim counts as an attempt; until ``lease_until`` no other claim takes the rows.
    ``per_chat`` limits how many rows of one chat are leased at once, counting those in ``held`` (by
    chat), so that a chat with a long queue does not block others. ``at_least``: only rows at least
    as urgent as this priority. ``shares``: only chats in these shares.
    """
    when = times.to_epoch(now)
    room = _Room(held, per_chat)
    rows: list[Row] = []
    # Usually no row waits for a retry; checking that for each row would take most of a claim.
    is_any_behind = await tx.fetch_one(_ANY_PUT_BACK) is not None
    behind, known = (_BEHIND, (PRIORITY_ANSWER, when, when)) if is_any_behind else ("", ())
    while len(rows) < limit:
        closed = room.closed()
        without = f" AND chat_id NOT IN ({', '.join('?' * len(closed))})" if closed else ""
        urgent = "" if at_least is None else f" AND priority <= {at_least:d}"
        urgent += _of(shares)
        left = limit - len(rows)
        found = await tx.fetch_first(
            "SELECT * FROM whole_delivery AS delivery WHERE state = 'queued' AND due_at <= ?"  # noqa: S608
            " AND (leased_until IS NULL OR leased_until <= ?)"
            " AND (expires_at IS NULL OR expires_at > ?)"
            f"{behind}{without}{urgent} ORDER BY priority, due_at, id LIMIT ?",
            (when, when, when, *known, *closed, left),
        )
        taken = [row for row in found if room.take(row["chat_id"])]
        await _lease(tx, [row["id"] for row in taken], now=now, until=lease_until)
        rows += taken
        if len(found) < left or len(taken) == len(found):
            break
    return [_from_row(row, attempts=row["attempts"] + 1) for row in rows]


def share_of(chat_id: int) -> int:
    """The share that a chat belongs to."""
    return abs(chat_id) % SHARES


def _of(shares: Collection[int] | None) -> str:
    """The SQL condition that a row's chat is in one of these shares; empty for all."""
    if shares is None:
        return ""
    listed = ", ".join(f"{share:d}" for share in sorted(shares)) or "-1"
    return f" AND abs(chat_id) % {SHARES:d} IN ({listed})"


def _is_of(chat_id: int, shares: Collection[int] | None) -> bool:
    return shares is None or share_of(chat_id) in shares


class _Room:
    """How many more rows of each chat may be claimed."""

    def __init__(self, held: Mapping[int, int], per_chat: int | None) -> None:
        self._held = Counter(held)
        self._per_chat = per_chat

    def take(self, chat_id: int) -> bool:
        if self._per_chat is not None and self._held[chat_id] >= self._per_chat:
            return False
        self._held[chat_id] += 1
        return True

    def closed(self) -> list[int]:
        """The chats that are at their limit; few, since ``limit`` rows are held in all."""
        most = self._per_chat
        return [] if most is None else [key for key, count in self._held.items() if count >= most]


async def _lease(tx: Connection, ids: Sequence[int], *, now: datetime, until: datetime) -> None:
    await execute_in(
        tx,
        "UPDATE delivery SET leased_until = ?, attempts = attempts + 1,"
        " tried_at = coalesce(tried_at, ?) WHERE id IN (:values)",
        ids,
        before=(times.to_epoch(until), times.to_epoch(now)),
    )


async def lease(
    tx: Connection, rows: Sequence[Delivery], *, now: datetime, lease_until: datetime
) -> list[Delivery]:
    """Lease messages that were just queued; gives them as ``claim_due`` would."""
    await _lease(tx, [row.id for row in rows], now=now, until=lease_until)
    return [replace(row, attempts=row.attempts + 1) for row in rows]


async def expire(tx: Connection, *, now: datetime) -> list[int]:
    """Give up queued rows past their expiry that are not leased; gives the rows' ids."""
    when = times.to_epoch(now)
    rows = await tx.fetch_all(
        "UPDATE delivery SET state = 'expired', leased_until = NULL, finished_at = ?"
        " WHERE state = 'queued' AND expires_at <= ?"
        " AND (leased_until IS NULL OR leased_until <= ?) RETURNING id",
        (when, when, when),
    )
    return [row["id"] for row in rows]


async def mark_all_sent(tx: Connection, sent: Sequence[tuple[int, int | None, datetime]]) -> None:
    """Mark many as sent: row id, message id and time of each; each row only once.

    The last is named again up to a power of two: a server prepares few statements, not one for
    each number of rows.
    """
    for start in range(0, len(sent), MOST_AT_ONCE):
        piece = sent[start : start + MOST_AT_ONCE]
        values = [(id, message_id, times.to_epoch(at)) for id, message_id, at in piece]
        values += values[-1:] * ((1 << (len(values) - 1).bit_length()) - len(values))
        await tx.execute(
            _MARK_SENT.replace(":triples", ", ".join([TRIPLE] * len(values))),
            [value for row in values for value in row],
        )


async def postpone(
    tx: Connection,
    row: Delivery,
    due_at: datetime,
    error: str | None,
    *,
    attempted: bool = True,
    may_be_out: bool = False,
) -> None:
    """Retry a claimed message later. ``attempted=False`` takes back the attempt that claiming
    counted; ``may_be_out``: it is not known whether it arrived. Idempotent."""
    await tx.execute(
        "UPDATE delivery SET due_at = ?, last_error = coalesce(?, last_error), leased_until = NULL,"
        " attempts = attempts - ?, tried_at = CASE WHEN ? THEN tried_at ELSE ? END"
        " WHERE id = ? AND state = 'queued' AND leased_until IS NOT NULL",
        (
            times.to_epoch(due_at),
            error,
            0 if attempted else 1,
            may_be_out,
            times.optional_to_epoch(row.tried_at),
            row.id,
        ),
    )


async def mark_dead(tx: Connection, id: int, error: str) -> None:
    """Give a message up after its last attempt."""
    await tx.execute(
        "UPDATE delivery SET state = 'dead', last_error = ?, leased_until = NULL"
        " WHERE id = ? AND state = 'queued'",
        (error, id),
    )


async def mark_dropped(tx: Connection, id: int, reason: str) -> None:
    """Drop a message that is not needed any more."""
    await tx.execute(
        "UPDATE delivery SET state = 'dropped', last_error = ?, leased_until = NULL"
        " WHERE id = ? AND state = 'queued'",
        (reason, id),
    )


async def mark_replaced(tx: Connection, id: int) -> None:
    """Mark a dead message as replaced by a copy: it must not be revived."""
    await tx.execute("UPDATE delivery SET state = 'dropped' WHERE id = ? AND state = 'dead'", (id,))


async def mark_gone(tx: Connection, chat_id: int) -> int:
    """Give up everything queued for a chat that has left except notices, which wait
    (``storage.outbox.notices``); gives how many."""
    return await tx.execute(
        "UPDATE delivery SET state = 'gone', leased_until = NULL"
        " WHERE chat_id = ? AND state = 'queued' AND kind <> 'notice'",
        (chat_id,),
    )


async def release(tx: Connection, ids: Sequence[int]) -> None:
    """Put claimed messages back unsent; the attempt does not count."""
    await tx.execute_many(
        "UPDATE delivery SET leased_until = NULL, attempts = attempts - 1"
        " WHERE id = ? AND state = 'queued' AND leased_until IS NOT NULL",
        [(id,) for id in ids],
    )


async def release_all(tx: Connection, shares: Collection[int] | None = None) -> int:
    """At start: end the leases of a former process, of chats in ``shares`` if given; gives how
    many.

    The rows are not to blame for its end: the attempts do not count.
    """
    return await tx.execute(
        "UPDATE delivery SET leased_until = NULL, attempts = attempts - 1"  # noqa: S608
        f" WHERE state = 'queued' AND leased_until IS NOT NULL{_of(shares)}"
    )


async def release_others(
    tx: Connection, held: Collection[int], shares: Collection[int] | None = None
) -> int:
    """End all leases, of chats in ``shares`` if given, except those of ``held`` (row ids): for when
    the reply to a claim's commit was lost. Gives how many; the attempts do not count."""
    leased = [id for chat_id, id in await list_leased(tx) if _is_of(chat_id, shares)]
    lost = sorted({*leased}.difference(held))
    await release(tx, lost)
    return len(lost)


async def list_leased(conn: Connection) -> list[tuple[int, int]]:
    """The messages that are leased, also by a former process: chat and row id of each."""
    rows = await conn.fetch_all(
        "SELECT chat_id, id FROM delivery WHERE state = 'queued' AND leased_until IS NOT NULL"
    )
    return [(row["chat_id"], row["id"]) for row in rows]


async def next_due(conn: Connection, shares: Collection[int] | None = None) -> datetime | None:
    """When the next queued message (to a chat in ``shares``) can be claimed; None if none is
    queued."""
    row = await conn.fetch_one(
        "SELECT min(CASE WHEN leased_until > due_at THEN leased_until ELSE due_at END) AS next"  # noqa: S608
        f" FROM delivery WHERE state = 'queued'{_of(shares)}"
    )
    return None if row is None else times.optional_from_epoch(row["next"])


async def find_newest(conn: Connection) -> int:
    """The id of the message queued last; 0 for none."""
    row = await conn.fetch_one("SELECT max(id) AS newest FROM delivery")
    return 0 if row is None else int(row["newest"] or 0)


async def is_under_way(conn: Connection, chat_id: int) -> bool:
    """Whether a message to a chat is being sent, or was when its sender ended."""
    row = await conn.fetch_one(
        "SELECT 1 AS it FROM delivery"
        " WHERE chat_id = ? AND state = 'queued' AND leased_until IS NOT NULL LIMIT 1",
        (chat_id,),
    )
    return row is not None


async def count_by_state(conn: Connection) -> dict[DeliveryState, int]:
    """How many messages are in each state; empty states are left out."""
    rows = await conn.fetch_all(
        "SELECT state, count(*) AS n FROM ("
        " SELECT state FROM delivery WHERE state <> 'queued'"
        " UNION ALL SELECT 'queued' FROM delivery WHERE state = 'queued') AS each GROUP BY state"
    )
    return {row["state"]: row["n"] for row in rows}


async def find_delivery(conn: Connection, key: str) -> Delivery | None:
    """The message queued under a key, or None."""
    id = await queueing.find_id(conn, key)
    return None if id is None else next(iter(await list_deliveries(conn, [id])), None)


async def list_dead(conn: Connection, *, limit: int) -> list[Delivery]:
    """Messages that were given up, latest first."""
    rows = await conn.fetch_all(
        "SELECT * FROM whole_delivery WHERE state = 'dead' ORDER BY id DESC LIMIT ?", (limit,)
    )
    return [_from_row(row, attempts=row["attempts"]) for row in rows]


async def revive(tx: Connection, *, now: datetime, id: int | None = None) -> int:
    """Queue a dead message again, due now; without ``id`` all of them."""
    return await tx.execute(
        "UPDATE delivery SET state = 'queued', attempts = 0, due_at = ?, leased_until = NULL,"
        " expires_at = NULL, finished_at = NULL WHERE state = 'dead' AND id = coalesce(?, id)",
        (times.to_epoch(now), id),
    )


async def drop(tx: Connection, id: int, *, now: datetime) -> bool:
    """Drop a message that is queued or dead; gives whether there was one that is not leased.

    Its key stays, so it is not queued again.
    """
    when = times.to_epoch(now)
    return (
        await tx.execute(
            "UPDATE delivery SET state = 'dropped', leased_until = NULL, finished_at = ?"
            " WHERE id = ? AND (state = 'dead' OR (state = 'queued'"
            " AND (leased_until IS NULL OR leased_until <= ?)))",
            (when, id, when),
        )
        > 0
    )


async def set_payload(tx: Connection, id: int, payload: Payload) -> None:
    """Change the payload of a queued message, or of a list that was sent."""
    if isinstance(payload, AlertPayload):
        await told_posts.set_payload(tx, id, payload)
        return
    await tx.execute("UPDATE delivery SET payload = ? WHERE id = ?", (payloads.write(payload), id))


async def list_deliveries(conn: Connection, ids: Sequence[int]) -> list[Delivery]:
    """Those of the messages with these ids that exist, by id."""
    rows = await fetch_in(conn, "SELECT * FROM whole_delivery WHERE id IN (:values)", ids)
    found = [_from_row(row, attempts=row["attempts"]) for row in rows]
    return sorted(found, key=lambda delivery: delivery.id)


def _from_row(row: Row, *, attempts: int) -> Delivery:
    return Delivery(
        id=row["id"],
        chat_id=row["chat_id"],
        kind=row["kind"],
        key=row["key"],
        random_id=row["random_id"],
        payload=payloads.read(row["kind"], row["payload"]),
        priority=row["priority"],
        due_at=times.from_epoch(row["due_at"]),
        state=row["state"],
        attempts=attempts,
        last_error=row["last_error"],
        message_id=row["message_id"],
        created_at=times.from_epoch(row["created_at"]),
        expires_at=times.optional_from_epoch(row["expires_at"]),
        bundle=row["bundle"],
        story=row["story"],
        target=row["target"],
        tried_at=times.optional_from_epoch(row["tried_at"]),
        finished_at=times.optional_from_epoch(row["finished_at"]),
        topic=row["topic"],
    )
