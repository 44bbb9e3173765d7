"""Whose rows are whose in the database, and whether any have changed."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from storage.connection import Connection

_OWNERS = {
    "mute": "(SELECT chat_id FROM alert WHERE id = alert_id)",
    "told": "(SELECT chat_id FROM alert WHERE id = alert_id)",
    "link": "made_by",
    "collected": "(SELECT chat_id FROM collection WHERE id = collection_id)",
    "question": "sender_id",
    "fact": "CASE WHEN name LIKE 'searches:%' OR name LIKE 'digest:%' OR name LIKE 'greeted:%'"
    " OR name LIKE 'removed:%' OR name LIKE 'taken:%'"
    " THEN CAST(substr(name, instr(name, ':') + 1) AS INTEGER) END",
}
"""Tables whose rows are somebody's without naming the chat."""
_WHOLE = {"delivery": "whole_delivery"}
"""Tables that are read with what their rows share, ``told_post``, which is nobody's by itself."""
SHARED = frozenset({"fact", "delivery", "collection", "collected"})
"""What a chat's member may change by asking there: what was searched, the answers, and what is
saved."""
_ASKED = "notice:wish:"
"""What operators are told of a channel that somebody would like to be watched."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table, and the expression for the chat that a row belongs to; NULL for nobody's."""

    name: str
    owner: str


async def list_tables(conn: Connection) -> list[Table]:
    """The tables of the database but for the inner ones of the index, the list of changed alerts,
    which grows with whatever anybody does to theirs, and what rows of ``delivery`` share."""
    rows = await conn.fetch_all(
        "SELECT name FROM sqlite_schema WHERE type = 'table'"
        " AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'document_index%'"
        " AND name NOT IN ('alert_change', 'told_post')"
    )
    return [Table(name, await _owner(conn, name)) for name in sorted(row[0] for row in rows)]


async def _owner(conn: Connection, table: str) -> str:
    if table in _OWNERS:
        return _OWNERS[table]
    columns = await conn.fetch_all("SELECT name FROM pragma_table_info(?)", (table,))
    return "chat_id" if "chat_id" in {row[0] for row in columns} else "NULL"


async def digest(
    conn: Connection, tables: Iterable[Table], *, own: Iterable[int], shared: Iterable[int]
) -> dict[str, str]:
    """A hash for each table of all rows but those of the chats ``own``, and but for what members
    may change in the chats ``shared``.

    A question that was put to somebody in a group is the group's too: its administrators, who may
    write in its name, answer and end it.
    """
    return {table.name: await _digest(conn, table, set(own), set(shared)) for table in tables}


async def _digest(conn: Connection, table: Table, own: set[int], shared: set[int]) -> str:
    left_out = own | (shared if table.name in SHARED else set())
    sql = f"SELECT *, {table.owner} AS owner FROM {_WHOLE.get(table.name, table.name)}"  # noqa: S608  (our own names)
    total = 0
    for row in await conn.fetch_all(sql):
        if row["owner"] in left_out or (table.name == "question" and row["chat_id"] in own):
            continue
        if table.name == "delivery" and row["key"].startswith(_ASKED):
            continue
        total ^= _number(tuple(row))
    return f"{total:x}"


def _number(row: tuple[Any, ...]) -> int:
    return int.from_bytes(hashlib.blake2b(repr(row).encode(), digest_size=16).digest(), "big")
