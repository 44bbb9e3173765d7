"""Putting messages into the outbox, each under its key, once whoever adds it again."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from storage import facts, payloads, times
from storage.connection import Connection, fetch_in
from storage.outbox import outbox_keys
from storage.payloads import AlertPayload
from storage.records import NewDelivery
from storage.slices import in_slices

_ADD = """
    INSERT INTO delivery (chat_id, kind, key, random_id, payload, priority, due_at, created_at,
        expires_at, bundle, story, target, post)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING
"""


async def add_deliveries(tx: Connection, rows: Sequence[NewDelivery]) -> int:
    """Queue messages; gives how many were new. A key that was ever queued is not queued again."""
    before = await _look(tx)
    rows = _spare_repeated(rows)
    await _add(tx, rows, before.secret)
    added = await _count(tx) - before.changes
    if added == len(rows):
        return added
    await _add(tx, await _spare_used(tx, rows, before.last_id), before.secret)
    return await _count(tx) - before.changes


@dataclass(frozen=True, slots=True)
class _Before:
    """The outbox before something is queued: how much this connection has changed, the last row,
    and the instance's own secret, which random ids follow from."""

    changes: int
    last_id: int
    secret: bytes


async def _look(tx: Connection) -> _Before:
    row = await tx.fetch_one(
        "SELECT total_changes() AS n, (SELECT max(id) FROM delivery) AS last,"
        " (SELECT value FROM fact WHERE name = 'outbox_secret') AS secret"
    )
    if row is not None and row["secret"] is not None:
        return _Before(int(row["n"]), int(row["last"] or 0), bytes.fromhex(row["secret"]))
    # It is made with the first message.
    secret = secrets.token_bytes(32)
    await facts.set_value(tx, "outbox_secret", secret.hex())
    return _Before(await _count(tx), 0, secret)


async def _add(tx: Connection, rows: Sequence[NewDelivery], secret: bytes) -> None:
    epochs = _Epochs()
    values = []
    async for part in in_slices(rows):
        values += values_of(part, secret, epochs)
    await tx.execute_many(_ADD, values)


class _Epochs(dict[datetime | None, int | None]):
    """Times as they are stored, each reckoned once: the readers of a post have them in common."""

    def __missing__(self, moment: datetime | None) -> int | None:
        epoch = self[moment] = times.optional_to_epoch(moment)
        return epoch


def values_of(
    rows: Sequence[NewDelivery], secret: bytes, epochs: _Epochs | None = None
) -> list[tuple[Any, ...]]:
    """What is stored of new rows; random ids follow from the instance's secret."""
    known = _Epochs() if epochs is None else epochs
    return [_values(row, secret, known) for row in rows]


def _values(row: NewDelivery, secret: bytes, epochs: _Epochs) -> tuple[Any, ...]:
    return (
        row.chat_id,
        row.kind,
        row.key,
        outbox_keys.random_id(secret, row.key),
        payloads.write(row.payload),
        row.priority,
        epochs[row.due_at],
        epochs[row.created_at],
        epochs[row.expires_at],
        row.bundle,
        row.story,
        row.target,
        row.payload.doc_id if isinstance(row.payload, AlertPayload) else None,
    )


def _spare_repeated(rows: Sequence[NewDelivery]) -> Sequence[NewDelivery]:
    """The rows, each with its spare key where one before it has its key."""
    if len({row.key for row in rows}) == len(rows):
        return rows
    seen: set[str] = set()
    spared = []
    for row in rows:
        if row.key in seen and row.spare_key is not None:
            spared.append(replace(row, key=row.spare_key))
        else:
            seen.add(row.key)
            spared.append(row)
    return spared


async def _spare_used(
    tx: Connection, rows: Sequence[NewDelivery], last_id: int
) -> list[NewDelivery]:
    """Those whose key was used up to that row, with their spare keys."""
    could = {row.key: row for row in rows if row.spare_key not in (None, row.key)}
    used = await fetch_in(
        tx,
        "SELECT key FROM delivery WHERE id <= ? AND key IN (:values)",
        sorted(could),
        before=(last_id,),
    )
    found = [could[row["key"]] for row in used]
    return [replace(row, key=row.spare_key) for row in found if row.spare_key is not None]


async def _count(tx: Connection) -> int:
    row = await tx.fetch_one("SELECT total_changes() AS n")
    return 0 if row is None else int(row["n"])
