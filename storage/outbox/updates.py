"""Updates: edits of an alert's message that show what came of its story since.

An update only says which message to edit; the new text is made when it is sent. So one waiting
update covers everything that happens meanwhile, and a repeated one changes nothing.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from storage import times
from storage.connection import Connection, Row, fetch_in
from storage.documents import documents
from storage.outbox import bursts, new_rows, queueing
from storage.stories import event_told, stories

MOST_VERSIONS = 10
"""The most times that a message is edited which takes in no posts of its event."""
_MOST = (event_told.MOST_VERSIONS, MOST_VERSIONS)
EDITABLE = timedelta(hours=48)
FIRST_DELAY = timedelta(seconds=2)
LONGEST_DELAY = timedelta(minutes=15)

_OPEN = """
    SELECT d.id, d.key, d.chat_id, d.versions, d.created_at FROM whole_alert AS d
    WHERE d.kind = 'alert' AND d.closed = 0 AND d.created_at > ? AND d.versions < CASE
            WHEN instr(d.payload, '"once":true') > 0 THEN CAST(? AS BIGINT) ELSE ? END
        AND ((d.state = 'sent' AND d.message_id IS NOT NULL)
            OR (d.state = 'queued' AND d.leased_until IS NOT NULL))
        AND NOT EXISTS (
            SELECT 1 FROM delivery AS u
            WHERE u.target = d.id AND u.kind = 'update'
                AND u.state = 'queued' AND u.leased_until IS NULL
        )
        AND EXISTS (SELECT 1 FROM subscriber AS s WHERE s.chat_id = d.chat_id AND s.active = 1)
"""
_TARGETS = f"{_OPEN} AND d.story IN (:values)"
_THESE = f"{_OPEN} AND d.id IN (:values)"


async def add_updates(tx: Connection, names: Collection[str], *, now: datetime) -> int:
    """Queue updates of the alerts about these stories, and of the lists that have such alerts as
    lines; gives how many.

    An alert that is not sent yet needs none, and one with a waiting update gets no second. Each
    update of a message waits longer than the one before (back-off), so that frequent changes are
    shown together.
    """
    since = times.to_epoch(now - EDITABLE)
    lists = await bursts.refresh(tx, sorted(names), since=now - EDITABLE, now=now)
    found = await fetch_in(tx, _TARGETS, sorted(names), before=(since, *_MOST))
    return lists + await _add(tx, found, now)


async def add_updates_of(tx: Connection, ids: Collection[int], *, now: datetime) -> int:
    """Queue updates of these alerts, as ``add_updates`` does."""
    since = times.to_epoch(now - EDITABLE)
    found = await fetch_in(tx, _THESE, sorted(ids), before=(since, *_MOST))
    return await _add(tx, found, now)


async def _add(tx: Connection, found: Iterable[Row], now: datetime) -> int:
    """Add updates in the order of the alerts on both engines, so that two writers cannot
    deadlock."""
    rows = sorted(found, key=lambda row: row["id"])
    if not rows:
        return 0
    await tx.execute_many(
        "UPDATE delivery SET versions = versions + 1 WHERE id = ?", [(row["id"],) for row in rows]
    )
    return await queueing.add_deliveries(
        tx,
        [
            new_rows.update(
                row["chat_id"],
                row["id"],
                row["key"],
                row["versions"] + 1,
                now=now,
                due_at=now + _delay(row["versions"]),
                expires_at=times.from_epoch(row["created_at"]) + EDITABLE,
            )
            for row in rows
        ],
    )


def _delay(versions: int) -> timedelta:
    return min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** min(versions, MOST_VERSIONS))


async def close_target(tx: Connection, id: int) -> None:
    """Never edit this delivery's message again: its reader deleted it, with its lines."""
    await tx.execute("UPDATE delivery SET closed = 1 WHERE id = ?", (id,))
    await tx.execute(
        "UPDATE delivery SET closed = 1 WHERE target = ? AND state = 'bundled' AND EXISTS"
        " (SELECT 1 FROM delivery AS l WHERE l.id = ? AND l.message_id IS NOT NULL)",
        (id, id),
    )
    await tx.execute(
        "UPDATE delivery SET state = 'dropped', leased_until = NULL"
        " WHERE target = ? AND state = 'queued'",
        (id,),
    )


async def list_stories_of(
    conn: Connection, *, channel_id: int, message_ids: Sequence[int]
) -> set[str]:
    """The names of the stories that these messages of a channel belong to."""
    names = [f"tg:{channel_id}/{message_id}" for message_id in message_ids]
    found = await documents.find_documents(conn, names)
    doc_ids = {document.doc_id for document in found.values()}
    return {await stories.find_story(conn, doc_id) for doc_id in sorted(doc_ids)}
