"""The state of the service in a few numbers, at a cost that does not grow with the archive."""

from datetime import datetime, timedelta

from msgspec import Struct

from storage import times
from storage.channels import channels
from storage.connection import Connection
from storage.documents import problems
from storage.records import Channel

MOST_WAITING = 20_000
"""The most due messages that are looked through, most urgent first."""
SOON = timedelta(seconds=30)
"""A message that is tried again within this time counts as waiting all the same."""


class Waiting(Struct, frozen=True, kw_only=True):
    """What is due, or will be soon, of a chat's messages, or of the edits of its messages: since
    when the first of it has been."""

    chat_id: int
    is_edit: bool
    due_at: datetime


class Standing(Struct, frozen=True, kw_only=True):
    """``queued`` and ``dead`` count messages; ``oldest_due_at`` is when the first of those that are
    due should have gone; ``channels`` are those that are watched. ``waiting`` leaves out chats of
    which a message was put off: what came later waits behind it. ``problems`` are set aside at
    present, ``problems_dropped`` were too many to be kept. ``stored`` counts all documents
    that were ever stored."""

    queued: int
    dead: int
    oldest_due_at: datetime | None
    channels: tuple[Channel, ...]
    problems: int = 0
    problems_dropped: int = 0
    waiting: tuple[Waiting, ...] = ()
    stored: int = 0


async def get_standing(conn: Connection, now: datetime) -> Standing:
    """The numbers of this moment, read off the indexes of what is queued and what is dead."""
    queue = await conn.fetch_one(
        "SELECT count(*) AS n, min(due_at) AS due FROM delivery WHERE state = 'queued'"
    )
    dead = await conn.fetch_one("SELECT count(*) AS n FROM delivery WHERE state = 'dead'")
    last = await conn.fetch_one("SELECT coalesce(max(id), 0) AS id FROM document")
    return Standing(
        queued=queue["n"] if queue else 0,
        dead=dead["n"] if dead else 0,
        oldest_due_at=times.optional_from_epoch(queue["due"]) if queue else None,
        channels=tuple(await channels.list_channels(conn, watched=True)),
        problems=await problems.count_problems(conn),
        problems_dropped=await problems.count_dropped(conn),
        waiting=await _list_waiting(conn, now),
        stored=last["id"] if last else 0,
    )


async def _list_waiting(conn: Connection, now: datetime) -> tuple[Waiting, ...]:
    soon = times.to_epoch(now + SOON)
    rows = await conn.fetch_all(
        "SELECT chat_id, is_edit, min(due_at) AS due FROM ("
        " SELECT chat_id, target IS NOT NULL AS is_edit, due_at FROM delivery"
        " WHERE state = 'queued' AND due_at <= ? AND (expires_at IS NULL OR expires_at > ?)"
        " ORDER BY priority, due_at, id LIMIT ?) AS first"
        " WHERE chat_id NOT IN (SELECT chat_id FROM delivery WHERE state = 'queued'"
        " AND last_error IS NOT NULL AND due_at > ?) GROUP BY chat_id, is_edit",
        (soon, times.to_epoch(now), MOST_WAITING, soon),
    )
    return tuple(
        Waiting(
            chat_id=row["chat_id"],
            is_edit=bool(row["is_edit"]),
            due_at=times.from_epoch(row["due"]),
        )
        for row in rows
    )
