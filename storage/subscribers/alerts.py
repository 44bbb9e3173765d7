"""Alerts: the queries that chats have saved."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from storage import times
from storage.connection import Connection, Query, Row, fetch_groups, fetch_in, queries_in
from storage.errors import NotFoundError
from storage.records import Alert
from storage.structs import replace

_FIELDS = frozenset(
    {
        "paused",
        "snoozed_until",
        "urgent",
        "silent",
        "hourly_limit",
        "every_minutes",
        "once",
        "topic",
    }
)
# CROSS JOIN, here and below: the alerts, which are named, come first in the plan.
_WITH_SETTINGS = """
    SELECT a.* FROM alert AS a CROSS JOIN subscriber AS s
    WHERE s.chat_id = a.chat_id AND (a.paused = 1 OR a.snoozed_until IS NOT NULL
        OR a.silent = 1 OR a.urgent = 1 OR a.hourly_limit IS NOT NULL
        OR a.every_minutes IS NOT NULL OR a.once = 1 OR a.topic IS NOT NULL
        OR s.quiet_from IS NOT NULL)
        AND a.id IN (:values)
"""


async def add_alert(
    tx: Connection, *, chat_id: int, query: str, now: datetime, topic: int | None = None
) -> Alert:
    """Save a query (its text) for a subscriber; the same one again gives the first."""
    await tx.execute(
        "INSERT INTO alert (chat_id, query, created_at, topic) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (chat_id, query) DO NOTHING",
        (chat_id, query, times.to_epoch(now), topic),
    )
    row = await tx.fetch_one(
        "SELECT * FROM alert WHERE chat_id = ? AND query = ?", (chat_id, query)
    )
    if row is None:
        raise NotFoundError("the alert was not saved", where=f"chat {chat_id}")
    return _from_row(row)


async def list_alerts(conn: Connection, chat_id: int) -> list[Alert]:
    """A chat's alerts, oldest first."""
    rows = await conn.fetch_all("SELECT * FROM alert WHERE chat_id = ? ORDER BY id", (chat_id,))
    return [_from_row(row) for row in rows]


async def list_active_texts(
    conn: Connection, *, after: int, limit: int
) -> list[tuple[int, int, str]]:
    """Id, chat and query of the alerts of all active subscribers, by id: the first ``limit`` after
    ``after``."""
    rows = await conn.fetch_all(
        "SELECT a.id, a.chat_id, a.query FROM alert AS a CROSS JOIN subscriber AS s"
        " WHERE s.chat_id = a.chat_id AND s.active = 1 AND a.id > ? ORDER BY a.id LIMIT ?",
        (after, limit),
    )
    return [(row["id"], row["chat_id"], row["query"]) for row in rows]


async def list_active_of(conn: Connection, ids: Sequence[int]) -> list[Alert]:
    """Those of the alerts whose subscribers are active."""
    rows = await fetch_in(
        conn,
        "SELECT a.* FROM alert AS a CROSS JOIN subscriber AS s"
        " WHERE s.chat_id = a.chat_id AND s.active = 1 AND a.id IN (:values)",
        ids,
    )
    return [_from_row(row) for row in rows]


async def find_alert(conn: Connection, id: int) -> Alert | None:
    """The alert of that id, or None."""
    row = await conn.fetch_one("SELECT * FROM alert WHERE id = ?", (id,))
    return None if row is None else _from_row(row)


async def update_alert(tx: Connection, id: int, chat_id: int, **fields: Any) -> Alert | None:
    """Set fields of a chat's alert; gives the alert, None if the chat has no such alert."""
    unknown = fields.keys() - _FIELDS
    if unknown:
        raise TypeError(f"an alert has no field {min(unknown)} to update")
    alert = await find_alert(tx, id)
    if alert is None or alert.chat_id != chat_id:
        return None
    alert = replace(alert, **fields)
    await tx.execute(
        "UPDATE alert SET paused = ?, snoozed_until = ?, urgent = ?, silent = ?, hourly_limit = ?,"
        " every_minutes = ?, once = ?, topic = ? WHERE id = ?",
        (
            int(alert.paused),
            times.optional_to_epoch(alert.snoozed_until),
            int(alert.urgent),
            int(alert.silent),
            alert.hourly_limit,
            alert.every_minutes,
            int(alert.once),
            alert.topic,
            id,
        ),
    )
    return alert


async def change_query(
    tx: Connection, id: int, chat_id: int, query: str, *, now: datetime
) -> Alert | None:
    """Replace the query of a chat's alert from now on; gives the alert, None if the chat has no
    such alert. It must have no other one with that query."""
    await tx.execute(
        "UPDATE alert SET query = ?, since = ? WHERE id = ? AND chat_id = ? AND query <> ?",
        (query, times.to_epoch(now), id, chat_id, query),
    )
    alert = await find_alert(tx, id)
    return alert if alert is not None and alert.chat_id == chat_id else None


async def list_with_settings(conn: Connection, ids: Sequence[int]) -> dict[int, Alert]:
    """Those of the alerts with settings other than the default (at once, with sound, in General),
    by id."""
    (rows,) = await fetch_groups(conn, settings_queries(ids))
    return read_with_settings(rows)


def settings_queries(ids: Sequence[int]) -> Iterator[Query]:
    """The queries for ``read_with_settings``."""
    return queries_in(_WITH_SETTINGS, ids)


def read_with_settings(rows: Sequence[Row]) -> dict[int, Alert]:
    """``list_with_settings``, of the rows of its queries."""
    return {row["id"]: _from_row(row) for row in rows}


async def note_times_told(tx: Connection, told: Sequence[tuple[int, datetime]]) -> None:
    """Note when alerts with an hourly limit were, or will be, sent."""
    await tx.execute_many(
        "INSERT INTO told (alert_id, told_at) VALUES (?, ?)",
        [(alert_id, times.to_epoch(at)) for alert_id, at in told],
    )


async def forget_times_told(tx: Connection, ids: Sequence[int], *, until: datetime) -> None:
    """Forget these times up to ``until``: an hourly limit needs nothing older."""
    last = times.to_epoch(until)
    await tx.execute_many(
        "DELETE FROM told WHERE alert_id = ? AND told_at <= ?", [(id, last) for id in ids]
    )


async def list_times_told(
    conn: Connection, ids: Sequence[int], *, since: datetime
) -> dict[int, list[datetime]]:
    """When alerts were, or will be, sent after ``since``, in order."""
    told: dict[int, list[datetime]] = {id: [] for id in ids}
    sql = (
        "SELECT alert_id, told_at FROM told"
        " WHERE told_at > ? AND alert_id IN (:values) ORDER BY told_at"
    )
    for row in await fetch_in(conn, sql, ids, before=(times.to_epoch(since),)):
        told[row["alert_id"]].append(times.from_epoch(row["told_at"]))
    return told


async def remove_alert(tx: Connection, id: int, chat_id: int) -> bool:
    """Drop a chat's alert for good; False when the chat has no such alert."""
    return await tx.execute("DELETE FROM alert WHERE id = ? AND chat_id = ?", (id, chat_id)) > 0


async def count_alerts(conn: Connection, chat_id: int | None = None) -> int:
    """How many alerts a chat has, or all chats together."""
    row = await conn.fetch_one(
        "SELECT count(*) AS n FROM alert WHERE chat_id = coalesce(?, chat_id)", (chat_id,)
    )
    return 0 if row is None else int(row["n"])


def _from_row(row: Row) -> Alert:
    return Alert(
        id=row["id"],
        chat_id=row["chat_id"],
        query=row["query"],
        created_at=times.from_epoch(row["created_at"]),
        paused=bool(row["paused"]),
        snoozed_until=times.optional_from_epoch(row["snoozed_until"]),
        urgent=bool(row["urgent"]),
        silent=bool(row["silent"]),
        hourly_limit=row["hourly_limit"],
        every_minutes=row["every_minutes"],
        once=bool(row["once"]),
        since=times.optional_from_epoch(row["since"]),
        topic=row["topic"],
    )
