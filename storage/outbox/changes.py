"""Finds the rows that tell of edited and deleted posts, by a prefix of their keys."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from storage import times
from storage.connection import Connection
from storage.outbox import outbox_keys

GONE = "gone:"
"""How the name of a bundle of deleted posts begins: of one channel, for one chat."""


class ToldChange(Struct, frozen=True, kw_only=True):
    """A row that tells of a change; ``versions`` counts the edits of its message."""

    id: int
    key: str
    state: str
    versions: int


async def list_changes(
    tx: Connection, chat_id: int, prefix: str, *, since: datetime
) -> Sequence[ToldChange]:
    """A chat's rows of changes with this key prefix, queued after ``since`` and not given up, in
    order."""
    reader, first = outbox_keys.split(prefix)
    until = first[:-1] + chr(ord(first[-1]) + 1)
    rows = await tx.fetch_all(
        "SELECT d.id, d.key || t.name AS key, d.state, d.versions"
        " FROM told_post AS t CROSS JOIN delivery AS d"
        " WHERE d.told_post = t.id AND t.name >= ? AND t.name < ?"
        " AND d.chat_id = ? AND d.key = ?"
        " AND d.created_at > ? AND d.state IN ('queued', 'sent', 'bundled') ORDER BY d.id",
        (first, until, chat_id, reader, times.to_epoch(since)),
    )
    return [
        ToldChange(id=row["id"], key=row["key"], state=row["state"], versions=row["versions"])
        for row in rows
    ]


async def find_list_due(
    tx: Connection, chat_id: int, bundle: str, *, now: datetime
) -> datetime | None:
    """When a bundle waiting for a chat is due; None if none waits."""
    row = await tx.fetch_one(
        "SELECT min(due_at) AS due_at FROM delivery WHERE chat_id = ? AND state = 'queued'"
        " AND bundle = ? AND leased_until IS NULL AND due_at > ?",
        (chat_id, bundle, times.to_epoch(now)),
    )
    return None if row is None or row["due_at"] is None else times.from_epoch(row["due_at"])
