"""What became of alerts, for whoever holds the saved queries in memory: read on from a place.

The database itself writes down (by triggers, in the transaction of the change) every alert that was
added, removed, given to another chat, or whose chat was stopped or revived, whichever process did
it. The list is short; who is too far behind, or has read another copy of it, reads all alerts anew.
"""

from typing import NamedTuple

from storage.connection import Connection, Row


class Place(NamedTuple):
    """Up to which change the list was read: its number, and its random mark."""

    id: int
    mark: int


class Changed(NamedTuple):
    """The ids of alerts that are not as they were, in order, and up to where that was read."""

    alert_ids: list[int]
    place: Place


async def find_place(conn: Connection) -> Place | None:
    """Where the list ends now; None where it is empty, which it never is by itself."""
    row = await conn.fetch_one("SELECT id, mark FROM alert_change ORDER BY id DESC LIMIT 1")
    return None if row is None else _place(row)


async def list_changed(conn: Connection, since: Place) -> Changed | None:
    """What has changed since a place; None where the list does not go back to it."""
    rows = await conn.fetch_all(
        "SELECT id, alert_id, mark FROM alert_change WHERE id >= ? ORDER BY id", (since.id,)
    )
    if not rows or _place(rows[0]) != since:
        return None
    return Changed(sorted({row["alert_id"] for row in rows[1:]}), _place(rows[-1]))


def _place(row: Row) -> Place:
    return Place(row["id"], row["mark"])
