"""The list of changes of alerts, for processes that hold the saved queries in memory.

The database itself records, by triggers in the transaction of the change, every alert that was
added, removed, given to another chat, or whose chat was stopped or revived, whichever process did
it. The list is short; a process that is too far behind, or that has read another copy of the list,
reads all alerts anew.
"""

from typing import NamedTuple

from storage.connection import Connection, Query, Row


class LogPosition(NamedTuple):
    """Up to which change the list was read: the change's number, and its random mark."""

    id: int
    mark: int


class Changed(NamedTuple):
    """The ids of alerts that have changed, in order, and up to which change that is."""

    alert_ids: list[int]
    position: LogPosition


async def find_end(conn: Connection) -> LogPosition | None:
    """The end of the list now; None if it is empty, which it never is by itself."""
    row = await conn.fetch_one("SELECT id, mark FROM alert_change ORDER BY id DESC LIMIT 1")
    return None if row is None else _position(row)


async def list_changed(conn: Connection, since: LogPosition) -> Changed | None:
    """What has changed since a position; None if the list does not reach back to it."""
    rows = await conn.fetch_all(*changes_query(since))
    if not rows or _position(rows[0]) != since:
        return None
    return Changed(sorted({row["alert_id"] for row in rows[1:]}), _position(rows[-1]))


def changes_query(since: LogPosition) -> Query:
    """What ``list_changed`` asks."""
    return "SELECT id, alert_id, mark FROM alert_change WHERE id >= ? ORDER BY id", (since.id,)


def _position(row: Row) -> LogPosition:
    return LogPosition(row["id"], row["mark"])
