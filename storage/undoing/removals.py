"""What was taken out of a chat's lists: kept for a day, so that it can be put back as it was.

Here is what has no room for that in a table of its own: links, feeds, silences, surges, wishes, and
who was let in. Once removed it is gone from its table and works no more; its row alone is kept, in
one small fact a chat, which goes with the chat.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from msgspec import Struct

from storage import facts, times
from storage.connection import Connection

Kind = Literal["link", "feed", "silence", "surge", "wish", "admission", "channel"]
KEPT_FOR = timedelta(days=1)
"""So long it can be put back."""
MOST = 200
"""How many are kept of a chat, the latest."""
PREFIX = "removed:"
"""How the names of these facts begin; the chat's id follows."""

_SECRET = frozenset({"token", "secret_hash", "request", "name", "of"})
"""Columns that open something, or name it in an address or a button."""


async def keep(
    tx: Connection, chat_id: int, kind: Kind, key: str, row: Mapping[str, Any], *, now: datetime
) -> None:
    """Keep a row that was taken out: ``key`` names it among those of its kind."""
    others = [one for one in await _list(tx, chat_id, now) if not _is(one, kind, key)]
    new = {"kind": kind, "key": key, "row": dict(row), "removed_at": times.to_epoch(now)}
    await _write(tx, chat_id, [*others, new][-MOST:])


class Kept(Struct, frozen=True):
    """A row that was taken out, and when."""

    row: dict[str, Any]
    removed_at: datetime


async def find(
    conn: Connection, chat_id: int, kind: Kind, key: str, *, now: datetime
) -> Kept | None:
    """The row that was taken out, which is kept on; None where it is not (any more)."""
    for one in await _list(conn, chat_id, now):
        if _is(one, kind, key):
            return Kept(dict(one["row"]), times.from_epoch(one["removed_at"]))
    return None


async def take(
    tx: Connection, chat_id: int, kind: Kind, key: str, *, now: datetime
) -> dict[str, Any] | None:
    """The row that was taken out, which is kept no more; None where it is not (any more)."""
    kept = await _list(tx, chat_id, now)
    found = next((one for one in kept if _is(one, kind, key)), None)
    if found is None:
        return None
    await _write(tx, chat_id, [one for one in kept if one is not found])
    return dict(found["row"])


async def list_rows(
    conn: Connection, chat_id: int, kind: Kind, *, now: datetime
) -> list[dict[str, Any]]:
    """The rows of a kind that were taken out of a chat's lists and are kept, the latest last."""
    kept = await _list(conn, chat_id, now)
    return [dict(one["row"]) for one in kept if one["kind"] == kind]


async def list_kept(conn: Connection, chat_id: int) -> list[dict[str, Any]]:
    """What is kept of a chat, as it may be told: without what opens anything."""
    value = await facts.find_value(conn, _name(chat_id))
    return [
        {
            "removed": one["kind"],
            "removed_at": times.from_epoch(one["removed_at"]).isoformat(),
            **{name: told for name, told in one["row"].items() if name not in _SECRET},
        }
        for one in (json.loads(value) if value else [])
    ]


async def move_chat(tx: Connection, former: int, present: int) -> None:
    """What one chat removed, another can put back: it goes on under that id."""
    values = [await facts.find_value(tx, _name(chat_id)) for chat_id in (present, former)]
    kept = [one for value in values if value for one in json.loads(value)]
    await _write(tx, present, kept[-MOST:])
    await facts.remove_value(tx, _name(former))


async def prune_removed(tx: Connection, *, now: datetime) -> None:
    """Forget what was removed long ago."""
    rows = await tx.fetch_all(
        "SELECT name FROM fact WHERE name LIKE ? ORDER BY name", (f"{PREFIX}%",)
    )
    for row in rows:
        chat_id = int(row["name"].removeprefix(PREFIX))
        await _write(tx, chat_id, await _list(tx, chat_id, now))


async def _list(conn: Connection, chat_id: int, now: datetime) -> list[dict[str, Any]]:
    """What can be put back still."""
    value = await facts.find_value(conn, _name(chat_id))
    since = times.to_epoch(now - KEPT_FOR)
    return [one for one in (json.loads(value) if value else []) if one["removed_at"] >= since]


async def _write(tx: Connection, chat_id: int, kept: Sequence[Mapping[str, Any]]) -> None:
    if kept:
        await facts.set_value(tx, _name(chat_id), json.dumps(kept, ensure_ascii=False))
    else:
        await facts.remove_value(tx, _name(chat_id))


def _is(one: Mapping[str, Any], kind: Kind, key: str) -> bool:
    return bool(one["kind"] == kind and one["key"] == key)


def _name(chat_id: int) -> str:
    return f"{PREFIX}{chat_id}"
