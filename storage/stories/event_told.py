"""The messages that chats were sent about events, for alerts that ring once per event."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, TypeAlias

from storage import times
from storage.connection import Connection, Row, fetch_in
from storage.document import name_key
from storage.records import EventMessage

ChatEvent: TypeAlias = tuple[int, int | None, int]
"""A chat, a topic in it (None: General), and an event's number."""

MOST_VERSIONS = 200
"""The most edits of a message that takes in posts of its event."""
TAKES_FOR = timedelta(hours=46)
"""How long a message takes in posts; an edit must be sent before Telegram refuses it."""

_EVENTS = """
    SELECT d.doc_id, p.event FROM document AS d JOIN event_post AS p ON p.document_id = d.id
    WHERE p.event IS NOT NULL AND d.doc_id IN (:values)
"""
# CROSS JOIN: posts of the events come first in the plan, and the few messages that told of them.
_MESSAGES = """
    SELECT p.event, t.alert_id, d.id, d.chat_id, d.topic, d.story, d.post, d.state, d.bundle,
        d.versions, d.created_at, instr(d.payload, '"follows":') > 0 AS follows,
        instr(d.payload, '"silent":true') > 0 AS silent
    FROM event_post AS p CROSS JOIN event_told AS t CROSS JOIN whole_delivery AS d
    WHERE t.document_id = p.document_id AND d.id = t.delivery_id
        AND d.closed = 0 AND d.state IN ('queued', 'sent', 'bundled') AND d.post IS NOT NULL
        AND p.event IN (:values)
    ORDER BY d.id
"""
_NOTE = """
    INSERT INTO event_told (delivery_id, alert_id, document_id)
    SELECT max(m.id), CAST(? AS BIGINT), p.id FROM document AS p CROSS JOIN whole_alert AS m
    WHERE p.doc_id = ? AND m.chat_id = ? AND coalesce(m.topic, 0) = ? AND m.story = ?
        AND m.post = ? AND m.kind = 'alert'
    GROUP BY p.id
    ON CONFLICT DO NOTHING
"""


class Ringing(NamedTuple):
    """A message that was queued for alerts which ring once per event."""

    chat_id: int
    story: str
    post: str
    alerts: Sequence[int]
    topic: int | None = None


async def list_events(conn: Connection, doc_ids: Collection[str]) -> dict[str, int]:
    """The events of posts, by ``doc_id``; roundups and unknown posts are left out."""
    names = {name_key(doc_id): doc_id for doc_id in doc_ids}
    rows = await fetch_in(conn, _EVENTS, sorted(names))
    return {names[row["doc_id"]]: row["event"] for row in rows}


async def list_messages(
    conn: Connection, events: Iterable[int], *, now: datetime
) -> Mapping[ChatEvent, list[EventMessage]]:
    """The messages about these events that chats were sent, oldest first; without those that their
    readers are known to have deleted, and those that were given up."""
    rows = await fetch_in(conn, _MESSAGES, sorted(set(events)))
    first: dict[int, Row] = {}
    alerts: defaultdict[int, set[int]] = defaultdict(set)
    for row in rows:
        first.setdefault(row["id"], row)
        alerts[row["id"]].add(row["alert_id"])
    told: defaultdict[ChatEvent, list[EventMessage]] = defaultdict(list)
    for id in sorted(first):
        row = first[id]
        told[row["chat_id"], row["topic"], row["event"]].append(
            _message(row, frozenset(alerts[id]), now)
        )
    return told


def _message(row: Row, alerts: frozenset[int], now: datetime) -> EventMessage:
    at = times.from_epoch(row["created_at"])
    is_alone = row["state"] != "bundled" and row["bundle"] is None
    return EventMessage(
        story=row["story"] or "",
        post=row["post"],
        alerts=alerts,
        at=at,
        follows=bool(row["follows"]),
        silent=bool(row["silent"]),
        takes=is_alone and row["versions"] < MOST_VERSIONS and now - at < TAKES_FOR,
    )


async def note(tx: Connection, told: Iterable[Ringing]) -> None:
    """Record messages that were queued."""
    await tx.execute_many(
        _NOTE,
        [
            (alert, name_key(one.post), one.chat_id, one.topic or 0, one.story, one.post)
            for one in told
            for alert in one.alerts
        ],
    )
