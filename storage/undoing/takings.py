"""What a chat set up from a file of subscriptions: its last one is kept for a day, to be undone.

It is one small fact a chat, which goes with the chat.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct, field
from msgspec.structs import asdict

from storage import facts, times
from storage.connection import Connection

KEPT_FOR = timedelta(days=1)
"""So long it can be undone."""
PREFIX = "taken:"
"""How the names of these facts begin; the chat's id follows."""


class Taken(Struct, frozen=True, kw_only=True):
    """What was set up ``at`` a time (microseconds since 1970): the rows of alerts, plans and
    surges, the channels (rows) of silences, and the settings that were changed as they were
    ``before`` and as they are ``after``, as JSON has them; ``manners``: how each of it is told, by
    a name for it; ``mark`` names the file."""

    at: int
    alerts: list[int] = field(default_factory=list)
    plans: list[int] = field(default_factory=list)
    silences: list[int] = field(default_factory=list)
    surges: list[int] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    manners: dict[str, Any] = field(default_factory=dict)
    mark: str = ""


_FIELDS = {*Taken.__struct_fields__}


async def keep(tx: Connection, chat_id: int, taken: Taken) -> None:
    """Keep it, in place of what was set up before."""
    await facts.set_value(tx, _name(chat_id), json.dumps(asdict(taken)))


async def find(conn: Connection, chat_id: int, at: int, *, now: datetime) -> Taken | None:
    """What was set up then; None where that is long ago, or something else was since."""
    taken = await find_last(conn, chat_id, now=now)
    return taken if taken is not None and taken.at == at else None


async def find_last(conn: Connection, chat_id: int, *, now: datetime) -> Taken | None:
    """What was set up last; None where that is long ago, or was undone."""
    kept = await facts.find_value(conn, _name(chat_id))
    told = json.loads(kept) if kept else {}
    # What another version kept beside these is nothing that this one knows how to undo.
    taken = Taken(**{name: told[name] for name in _FIELDS & told.keys()}) if told else None
    return taken if taken is not None and taken.at >= times.to_epoch(now - KEPT_FOR) else None


async def forget(tx: Connection, chat_id: int) -> None:
    """Keep it no more: it was undone."""
    await facts.remove_value(tx, _name(chat_id))


async def move_chat(tx: Connection, former: int, present: int) -> None:
    """What one chat set up, another can undo: it goes on under that id."""
    kept = await facts.find_value(tx, _name(former))
    if kept is not None:
        await facts.set_value(tx, _name(present), kept)
        await facts.remove_value(tx, _name(former))


async def prune_taken(tx: Connection, *, now: datetime) -> None:
    """Forget what was set up long ago."""
    since = times.to_epoch(now - KEPT_FOR)
    rows = await tx.fetch_all("SELECT name, value FROM fact WHERE name LIKE ?", (f"{PREFIX}%",))
    for row in rows:
        if json.loads(row["value"])["at"] < since:
            await facts.remove_value(tx, row["name"])


def _name(chat_id: int) -> str:
    return f"{PREFIX}{chat_id}"
