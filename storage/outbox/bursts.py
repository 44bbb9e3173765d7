"""Bursts: alerts that come faster than a chat can bear become lines of one growing list.

The first few alerts of a minute (``burst_after``, say 5) come alone. From the next one on, while
that many came within the last minute, whatever is due becomes a line of one list. The list is a
bundle: one row of the outbox, sent once under its key, which names the posts that it begins with.
Later lines are shown by edits, rows of their own, each with the number of lines that it shows. So
each line is known to be shown or not; if the list ends early (its reader deleted it, its message
number is not known), the lines not shown are queued as alerts again.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from storage import payloads, times
from storage.connection import Connection, Row, fetch_in
from storage.outbox import new_rows, outbox, queueing
from storage.payloads import AlertPayload, EditPayload, Line, ListPayload, TallyPayload
from storage.records import Delivery, Subscriber
from storage.structs import replace
from storage.subscribers import subscribers

BURST = "burst"
"""The bundle of what came too fast."""
MINUTE = timedelta(minutes=1)
EDIT_EVERY = timedelta(seconds=10)
"""The shortest time between two edits of a list."""
RING_EVERY = timedelta(minutes=1)
"""An edit makes no sound: this often a message says how many posts came to the list."""
MOST_LINES = 20
"""The most lines of a list; they are short enough for all of them to fit into a message."""

IsQuiet = Callable[[int, datetime], bool]
"""Whether a chat wants no sound at a time."""

_CAME = """
    SELECT chat_id, count(*) AS n FROM delivery
    WHERE state <> 'queued' AND kind IN ('alert', 'bundle') AND finished_at > ? AND (
        (kind = 'alert' AND (state = 'sent' OR (state = 'bundled' AND target IS NOT NULL)))
        OR (kind = 'bundle' AND state = 'sent' AND coalesce(bundle, '') <> 'burst'))
        AND chat_id IN (:values)
    GROUP BY chat_id
"""
_UNDER_WAY = """
    SELECT chat_id, id FROM delivery
    WHERE state = 'queued' AND kind = 'alert' AND tried_at IS NOT NULL AND chat_id IN (:values)
"""
_DUE = """
    SELECT id FROM whole_delivery
    WHERE chat_id = ? AND state = 'queued' AND kind = 'alert' AND due_at <= ? AND tried_at IS NULL
        AND leased_until IS NULL AND bundle IS NULL AND (expires_at IS NULL OR expires_at > ?)
        AND json_extract(payload, '$.urgent') IS NULL
        AND json_extract(payload, '$.change') IS NULL AND coalesce(topic, 0) = ?
    ORDER BY id
"""
_LAST_LIST = """
    SELECT max(id) AS id FROM delivery
    WHERE ((chat_id = ? AND state = 'queued') OR (chat_id = ? AND state <> 'queued'))
        AND id > ? AND kind = 'bundle' AND bundle = 'burst' AND coalesce(topic, 0) = ?
"""


async def gather(
    tx: Connection,
    claimed: Sequence[Delivery],
    readers: Mapping[int, Subscriber],
    *,
    burst_after: int,
    is_quiet: IsQuiet,
    now: datetime,
    lease_until: datetime,
) -> list[Delivery]:
    """Put alerts that come too fast into lists; gives what is to be sent of these rows, which were
    just leased, and the new lists. ``burst_after`` is the default for chats that set none."""
    alerts: defaultdict[int, list[Delivery]] = defaultdict(list)
    for row in claimed:
        reader = readers.get(row.chat_id)
        if row.kind != "alert" or reader is None:
            continue
        if limit_of(reader, burst_after):
            alerts[row.chat_id].append(row)
        elif reader.growing:
            # The chat has turned lists off.
            await subscribers.end_growing(tx, row.chat_id, reader.growing)
    if not alerts:
        return list(claimed)
    came = await _count_came(tx, alerts, now)
    lists: list[Delivery] = []
    gone: set[int] = set()
    for chat_id, rows in alerts.items():
        reader = readers[chat_id]
        lines = choose_lines(rows, came.get(chat_id, 0), limit_of(reader, burst_after))
        kept = {row.id for row in rows} - {row.id for row in lines}
        if reader.growing and any(row.id in kept and _may_wait(row) for row in rows):
            reader = replace(reader, growing=None)  # the burst is over; another one may begin
            await subscribers.set_growing(tx, chat_id, None)
        for topic in sorted({row.topic or 0 for row in lines}):
            of_topic = [row for row in lines if (row.topic or 0) == topic]
            begun = await _tell_in_lists(tx, reader, of_topic, is_quiet, now)
            lists += begun
            if begun and reader.growing is None:
                reader = replace(reader, growing=begun[-1].id)
        gone.update(row.id for row in lines)
    return [row for row in claimed if row.id not in gone] + await outbox.lease(
        tx, lists, now=now, lease_until=lease_until
    )


def limit_of(reader: Subscriber, burst_after: int) -> int:
    """How many alerts a minute come alone to a chat; 0: no lists."""
    return burst_after if reader.burst_after is None else reader.burst_after


def choose_lines(rows: Sequence[Delivery], came: int, limit: int) -> list[Delivery]:
    """Which of a chat's alerts become lines of a list, where ``came`` arrived within the last
    minute.

    Urgent alerts come alone, and so do those tried alone before, which may have arrived; both count
    towards the limit.
    """
    count = came + sum(not _may_wait(row) for row in rows)
    alone = max(0, limit - count)
    return [row for row in rows if _may_wait(row)][alone:]


def _may_wait(row: Delivery) -> bool:
    told = row.payload
    is_plain = isinstance(told, AlertPayload) and not (told.urgent or told.change)
    return is_plain and row.tried_at is None


async def _count_came(
    tx: Connection, claimed: Mapping[int, Sequence[Delivery]], now: datetime
) -> dict[int, int]:
    """How many alerts each chat got within the last minute, alone or as lines, including those
    being sent."""
    since = times.to_epoch(now - MINUTE)
    rows = await fetch_in(tx, _CAME, sorted(claimed), before=(since,))
    came = {row["chat_id"]: int(row["n"]) for row in rows}
    ours = {row.id for rows in claimed.values() for row in rows}
    for row in await fetch_in(tx, _UNDER_WAY, sorted(claimed)):
        if row["id"] not in ours:
            came[row["chat_id"]] = came.get(row["chat_id"], 0) + 1
    return came


async def _tell_in_lists(
    tx: Connection,
    reader: Subscriber,
    claimed: Sequence[Delivery],
    is_quiet: IsQuiet,
    now: datetime,
) -> list[Delivery]:
    """Add these alerts of a chat, all of one topic, and whatever else is due there, to the growing
    list; gives new lists for those that do not fit."""
    when, topic = times.to_epoch(now), claimed[0].topic
    due = await tx.fetch_all(_DUE, (reader.chat_id, when, when, topic or 0))
    others = await outbox.list_deliveries(tx, [row["id"] for row in due])
    rows = sorted([*claimed, *others], key=lambda row: row.id)
    growing, is_first = await _find_growing(tx, reader, topic)
    if growing is not None:
        room = MOST_LINES - len(growing.listed.posts)
        if room > 0:
            await _append(tx, growing, rows[:room], is_quiet, now)
            rows = rows[room:]
    begun = [
        await _begin(tx, reader.chat_id, rows[start : start + MOST_LINES], now)
        for start in range(0, len(rows), MOST_LINES)
    ]
    if begun and is_first:
        await subscribers.set_growing(tx, reader.chat_id, begun[-1].id)
    return begun


async def _find_growing(
    tx: Connection, reader: Subscriber, topic: int | None
) -> tuple[Delivery | None, bool]:
    """The list of a chat's topic that can still be edited, and whether it is the one that the
    chat's row names, or that row names none. The lists of other topics are newer."""
    named = None if reader.growing is None else await _get(tx, reader.growing)
    if named is None:
        return None, True
    id = named.id
    if named.topic != topic:
        last = await tx.fetch_one(_LAST_LIST, (reader.chat_id, reader.chat_id, id, topic or 0))
        id = int(last["id"] or 0) if last else 0
    row = await tx.fetch_one(
        "SELECT id FROM delivery WHERE id = ? AND closed = 0"
        " AND (state = 'queued' OR (state = 'sent' AND message_id IS NOT NULL))",
        (id,),
    )
    found = None if row is None else await _get(tx, row["id"])
    is_list = found is not None and isinstance(found.payload, ListPayload)
    return (found if is_list else None), named.topic == topic


async def _begin(
    tx: Connection, chat_id: int, lines: Sequence[Delivery], now: datetime
) -> Delivery:
    """Begin a list with these alerts."""
    is_silent = all(row.is_silent for row in lines)
    payload = ListPayload(
        posts=tuple(_line(row) for row in lines),
        rows=tuple(row.id for row in lines),
        first=len(lines),
        silent=is_silent,
    )
    new = new_rows.bundle(chat_id, lines, payload, now=now, name=BURST)
    await queueing.add_deliveries(tx, [new])
    made = await outbox.find_delivery(tx, new.key)
    if made is None:
        raise LookupError(f"a list that was just queued is not there: {new.key}")
    await _bind(tx, lines, made.id, now)
    if not is_silent:
        # The list's own message makes a sound.
        await tx.execute(
            "UPDATE delivery SET state = 'dropped', finished_at = ? WHERE chat_id = ?"
            " AND kind = 'tally' AND state = 'queued' AND leased_until IS NULL",
            (times.to_epoch(now), chat_id),
        )
    return made


async def _append(
    tx: Connection, growing: Delivery, rows: Sequence[Delivery], is_quiet: IsQuiet, now: datetime
) -> None:
    """Add lines to a list."""
    former = growing.listed
    posts = (*former.posts, *map(_line, rows))
    payload = replace(former, posts=posts, rows=(*former.rows, *(row.id for row in rows)))
    await outbox.set_payload(tx, growing.id, payload)
    await _bind(tx, rows, growing.id, now)
    edited_at = await show_lines(tx, growing, len(posts), now=now)
    heard = sum(not row.is_silent for row in rows)
    if heard:
        await _ring(tx, growing, heard, edited_at, is_quiet, now)


def _line(row: Delivery) -> Line:
    told = row.alert
    return Line(doc_id=told.doc_id, alerts=told.alerts, story=row.story, fresh=told.fresh)


async def _bind(tx: Connection, rows: Sequence[Delivery], list_id: int, now: datetime) -> None:
    await tx.execute_many(
        "UPDATE delivery SET state = 'bundled', target = ?, leased_until = NULL, finished_at = ?"
        " WHERE id = ?",
        [(list_id, times.to_epoch(now), row.id) for row in rows],
    )


async def show_lines(tx: Connection, target: Delivery, lines: int, *, now: datetime) -> datetime:
    """Queue an edit that shows ``lines`` of a list; gives when it is due. A waiting edit is changed
    instead."""
    waiting = await _find_last(tx, target.id, "update")
    if waiting is not None and waiting["state"] == "queued" and waiting["leased_until"] is None:
        await outbox.set_payload(tx, waiting["id"], EditPayload(lines=lines))
        return times.from_epoch(waiting["due_at"])
    last = waiting["finished_at"] if waiting is not None else await _sent_at(tx, target.id)
    due_at = max(now, (now if last is None else times.from_epoch(last)) + EDIT_EVERY)
    await tx.execute("UPDATE delivery SET versions = versions + 1 WHERE id = ?", (target.id,))
    version = await tx.fetch_one("SELECT versions FROM delivery WHERE id = ?", (target.id,))
    number = version["versions"] if version else 0
    new = new_rows.list_edit(target, number, lines, now=now, due_at=due_at)
    await queueing.add_deliveries(tx, [new])
    return due_at


async def _sent_at(tx: Connection, id: int) -> int | None:
    row = await tx.fetch_one("SELECT finished_at FROM delivery WHERE id = ?", (id,))
    return None if row is None or row["finished_at"] is None else int(row["finished_at"])


async def _ring(
    tx: Connection,
    growing: Delivery,
    count: int,
    edited_at: datetime,
    is_quiet: IsQuiet,
    now: datetime,
) -> None:
    """Queue a message that says how many posts came to a list: at most one a minute, after the edit
    that shows them."""
    last = await _find_last(tx, growing.id, "tally")
    if last is not None and last["state"] == "queued" and last["leased_until"] is None:
        due_at, told = times.from_epoch(last["due_at"]), payloads.read("tally", last["payload"])
        if timedelta(0) < edited_at - due_at < EDIT_EVERY:
            due_at = edited_at
        if isinstance(told, TallyPayload):
            more = replace(told, count=told.count + count)
            await outbox.set_payload(tx, last["id"], more)
        await tx.execute(
            "UPDATE delivery SET due_at = ? WHERE id = ?", (times.to_epoch(due_at), last["id"])
        )
        return
    rang_at = times.from_epoch(last["due_at"]) if last is not None else growing.created_at
    is_first = last is None and growing.is_silent
    due_at = edited_at if is_first else max(rang_at + RING_EVERY, edited_at)
    is_silent = is_quiet(growing.chat_id, due_at)
    new = new_rows.tally(growing, count, is_silent=is_silent, now=now, due_at=due_at)
    await queueing.add_deliveries(tx, [new])


async def _find_last(tx: Connection, list_id: int, kind: str) -> Row | None:
    """The last edit, or tally, of a list."""
    return await tx.fetch_one(
        "SELECT * FROM delivery WHERE target = ? AND kind = ? ORDER BY id DESC LIMIT 1",
        (list_id, kind),
    )


async def list_of_stories(tx: Connection, names: Sequence[str], *, since: datetime) -> list[int]:
    """The lists (row ids), sent or being sent, that have any of these stories as lines."""
    rows = await fetch_in(
        tx,
        "SELECT DISTINCT l.id FROM whole_alert AS d JOIN delivery AS l ON l.id = d.target"
        " WHERE d.kind = 'alert' AND d.state = 'bundled' AND l.kind = 'bundle' AND l.closed = 0"
        " AND l.created_at > ? AND l.versions < ?"
        " AND ((l.state = 'sent' AND l.message_id IS NOT NULL)"
        "  OR (l.state = 'queued' AND l.leased_until IS NOT NULL))"
        " AND EXISTS (SELECT 1 FROM subscriber AS s WHERE s.chat_id = l.chat_id AND s.active = 1)"
        " AND d.story IN (:values)",
        names,
        before=(times.to_epoch(since), 3 * MOST_LINES),
    )
    return [row["id"] for row in rows]


async def refresh(tx: Connection, names: Sequence[str], *, since: datetime, now: datetime) -> int:
    """Queue edits of the lists that have any of these stories as lines; gives how many."""
    ids = await list_of_stories(tx, names, since=since)
    for target in await outbox.list_deliveries(tx, ids):
        if isinstance(target.payload, ListPayload):
            await show_lines(tx, target, len(target.payload.posts), now=now)
    return len(ids)


async def end(tx: Connection, list_id: int, *, is_refused: bool = False) -> None:
    """End a list: lines that it does not show are queued as alerts again.

    ``is_refused``: the list itself was never sent, so all its posts are.
    """
    row = await _get(tx, list_id)
    if row is None or row.bundle != BURST or not isinstance(row.payload, ListPayload):
        return
    shown = 0 if is_refused else await _count_shown(tx, row)
    await tx.execute_many(
        "UPDATE delivery SET state = 'queued', target = NULL, attempts = 0, finished_at = NULL,"
        " last_error = NULL, tried_at = CASE WHEN ? THEN created_at END"
        " WHERE id = ? AND state = 'bundled'",
        [(is_refused, id) for id in row.listed.rows[shown:]],
    )
    left = replace(row.listed, posts=row.listed.posts[:shown], rows=row.listed.rows[:shown])
    await outbox.set_payload(tx, list_id, left)
    await subscribers.end_growing(tx, row.chat_id, list_id)


async def _count_shown(tx: Connection, row: Delivery) -> int:
    """How many lines a list shows: those it was sent with, or those of its last edit that was
    sent."""
    edited = await tx.fetch_one(
        "SELECT max(CAST(json_extract(payload, '$.lines') AS BIGINT)) AS n FROM delivery"
        " WHERE target = ? AND kind = 'update' AND state = 'sent'",
        (row.id,),
    )
    return max(row.listed.first or 0, int(edited["n"] or 0) if edited else 0)


async def _get(tx: Connection, id: int) -> Delivery | None:
    return next(iter(await outbox.list_deliveries(tx, [id])), None)
