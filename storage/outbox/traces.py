"""What became of a post on its way to one chat, as the outbox and the archive know it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec import Struct

from storage import payloads, times
from storage.connection import Connection, Row, fetch_in
from storage.document import name_key
from storage.payloads import AlertPayload, ListPayload
from storage.records import DeliveryState

MOST = 20
"""The most messages of a chat about one post, or story, that are looked at: the latest."""


class Trace(Struct, frozen=True, kw_only=True):
    """A message of the outbox about a ``post`` (``doc_id``), or for a list about several
    (``posts``).

    ``matched`` are ids and queries of the alerts that it is for. ``finished_at`` is when it was
    sent; ``is_closed``: its reader deleted it; ``leased_until``: it is being sent until then.
    """

    id: int
    kind: str
    state: DeliveryState
    post: str | None
    story: str | None = None
    posts: tuple[str, ...] = ()
    matched: tuple[tuple[int, str], ...] = ()
    message_id: int | None
    bundle: str | None
    due_at: datetime
    finished_at: datetime | None
    leased_until: datetime | None
    error: str | None
    is_closed: bool


class Folding(Struct, frozen=True, kw_only=True):
    """A post that was folded onto a message about another one; ``is_added``: with its news;
    ``is_event``: counted as the same event."""

    host: Trace
    is_added: bool
    is_event: bool = False


class Arrival(Struct, frozen=True, kw_only=True):
    """When a document was stored, whether by watching (``is_live``), and every ``doc_id`` it has
    had."""

    stored_at: datetime
    is_live: bool
    names: frozenset[str]


async def find_arrival(conn: Connection, doc_id: str) -> Arrival | None:
    """The arrival of the document with this (present) ``doc_id``."""
    name = name_key(doc_id)
    row = await conn.fetch_one("SELECT id, stored_at, live FROM document WHERE doc_id = ?", (name,))
    if row is None:
        return None
    names = await conn.fetch_all(
        "SELECT doc_id FROM document_name WHERE document_id = ?", (row["id"],)
    )
    return Arrival(
        stored_at=times.from_epoch(row["stored_at"]),
        is_live=bool(row["live"]),
        names=frozenset({name, *(one["doc_id"] for one in names)}),
    )


async def list_traces(
    conn: Connection, chat_id: int, story: str, names: Collection[str]
) -> list[Trace]:
    """A chat's messages about a post of a story, under any of its names; latest first."""
    rows = await fetch_in(
        conn,
        "SELECT * FROM whole_alert WHERE chat_id = ? AND kind = 'alert' AND story IN (:values)"
        " ORDER BY id",
        sorted({story, *names}),
        before=(chat_id,),
    )
    found = [_from_row(row) for row in rows if name_key(row["post"] or "") in names]
    return sorted(found, key=lambda trace: -trace.id)[:MOST]


async def list_foldings(conn: Connection, chat_id: int, names: Collection[str]) -> list[Folding]:
    """A chat's messages about other posts onto which this post was folded; latest first."""
    rows = await fetch_in(
        conn,
        "SELECT d.*, f.fresh, f.event FROM folded AS f"
        " CROSS JOIN whole_delivery AS d"
        " WHERE d.id = f.delivery_id AND d.chat_id = ? AND f.post IN (:values)",
        sorted(names),
        before=(chat_id,),
    )
    found = [
        Folding(
            host=_from_row(row),
            is_added=row["fresh"] is not None,
            is_event=bool(row["event"]),
        )
        for row in rows
        if name_key(row["post"] or "") not in names  # else it was edited
    ]
    return sorted(found, key=lambda folding: -folding.host.id)[:MOST]


async def find_message(conn: Connection, chat_id: int, message_id: int) -> Trace | None:
    """The alert or list that a chat was sent as this message number."""
    row = await conn.fetch_one(
        "SELECT * FROM whole_delivery WHERE chat_id = ? AND state = 'sent' AND state <> 'queued'"
        " AND message_id = ? AND kind IN ('alert', 'bundle') AND closed <> 2"
        " ORDER BY finished_at DESC LIMIT 1",
        (chat_id, message_id),
    )
    return None if row is None else _from_row(row)


async def find_list(conn: Connection, chat_id: int, trace: Trace) -> Trace | None:
    """The list that a ``bundled`` alert was, or is to be, sent in."""
    if trace.finished_at is None:
        return None
    line_of = await conn.fetch_one(
        "SELECT l.* FROM delivery AS d JOIN whole_delivery AS l ON l.id = d.target WHERE d.id = ?",
        (trace.id,),
    )
    if line_of is not None:
        return _from_row(line_of)
    rows = await conn.fetch_all(
        "SELECT * FROM whole_delivery WHERE ((chat_id = ? AND state = 'queued')"
        " OR (chat_id = ? AND state <> 'queued')) AND kind = 'bundle' AND created_at = ?",
        (chat_id, chat_id, times.to_epoch(trace.finished_at)),
    )
    return next((one for one in map(_from_row, rows) if trace.post in one.posts), None)


def _from_row(row: Row) -> Trace:
    told = payloads.read(row["kind"], row["payload"])
    return Trace(
        id=row["id"],
        kind=row["kind"],
        state=row["state"],
        post=row["post"],
        story=row["story"],
        posts=tuple(line.doc_id for line in told.posts) if isinstance(told, ListPayload) else (),
        matched=told.alerts if isinstance(told, AlertPayload) else (),
        message_id=None if row["closed"] == 2 else row["message_id"],  # it is in a former chat
        bundle=row["bundle"],
        due_at=times.from_epoch(row["due_at"]),
        finished_at=times.optional_from_epoch(row["finished_at"]),
        leased_until=times.optional_from_epoch(row["leased_until"]),
        error=row["last_error"],
        is_closed=row["closed"] == 1,
    )


async def list_told(conn: Connection, chat_id: int, *, after: datetime) -> set[str]:
    """The posts (``doc_id``) that a chat was sent after a time, alone or in lists."""
    rows = await conn.fetch_all(
        "SELECT post FROM whole_delivery WHERE chat_id = ? AND state <> 'queued'"
        " AND finished_at > ? AND kind IN ('alert', 'bundle') AND post IS NOT NULL",
        (chat_id, times.to_epoch(after)),
    )
    return {row["post"] for row in rows}


async def list_stored(
    conn: Connection, doc_ids: Sequence[str], *, after: datetime, until: datetime
) -> set[str]:
    """Those of the posts (by their present ``doc_id``) that watching stored between two times."""
    names = {name_key(doc_id): doc_id for doc_id in doc_ids}
    rows = await fetch_in(
        conn,
        "SELECT doc_id FROM document WHERE live = 1 AND stored_at > ? AND stored_at <= ?"
        " AND doc_id IN (:values)",
        [*names],
        before=(times.to_epoch(after), times.to_epoch(until)),
    )
    return {names[row["doc_id"]] for row in rows}
