"""Channels that single alerts leave out."""

from collections.abc import Iterator, Mapping, Sequence, Set

from storage.connection import Connection, Query, Row, fetch_groups, fetch_in, queries_in
from storage.document import Channel
from storage.records import Mute


def name_of(channel: Channel | None) -> str | None:
    """The name under which a channel is muted: its bare number, else its @name; None if it has
    neither."""
    if channel is None:
        return None
    if channel.id is not None:
        return str(channel.id)
    return f"@{channel.username.lower()}" if channel.username else None


async def add_mutes(tx: Connection, alert_ids: Sequence[int], channel: str, title: str) -> None:
    """Leave a channel out of alerts; once more changes nothing but its title."""
    await tx.execute_many(
        "INSERT INTO mute (alert_id, channel, title) VALUES (?, ?, ?)"
        " ON CONFLICT (alert_id, channel) DO UPDATE SET title = excluded.title",
        [(alert_id, channel, title) for alert_id in alert_ids],
    )


async def leave_out(tx: Connection, alert_id: int, titles: Mapping[str, str]) -> None:
    """Leave many channels out of an alert: their names as ``name_of`` gives them, and titles."""
    await tx.execute_many(
        "INSERT INTO mute (alert_id, channel, title) VALUES (?, ?, ?)"
        " ON CONFLICT (alert_id, channel) DO UPDATE SET title = excluded.title",
        [(alert_id, channel, title) for channel, title in titles.items()],
    )


async def remove_mute(tx: Connection, alert_id: int, channel: str) -> bool:
    """Take a channel into an alert again; whether it was left out."""
    return (
        await tx.execute("DELETE FROM mute WHERE alert_id = ? AND channel = ?", (alert_id, channel))
        > 0
    )


async def list_mutes(conn: Connection, alert_id: int) -> list[Mute]:
    """The channels that an alert leaves out, by title."""
    rows = await conn.fetch_all(
        "SELECT * FROM mute WHERE alert_id = ? ORDER BY title, channel", (alert_id,)
    )
    return [_from_row(row) for row in rows]


async def list_mutes_of(conn: Connection, alert_ids: Sequence[int]) -> dict[int, list[Mute]]:
    """``list_mutes`` for many alerts at once; alerts without mutes are not in it."""
    rows = await fetch_in(conn, "SELECT * FROM mute WHERE alert_id IN (:values)", alert_ids)
    found: dict[int, list[Mute]] = {}
    for mute in sorted(map(_from_row, rows), key=lambda one: (one.title, one.channel)):
        found.setdefault(mute.alert_id, []).append(mute)
    return found


async def list_muting(conn: Connection, channel: str, alert_ids: Sequence[int]) -> set[int]:
    """Those of the alerts that leave out a channel."""
    sql = "SELECT alert_id FROM mute WHERE channel = ? AND alert_id IN (:values)"
    rows = await fetch_in(conn, sql, alert_ids, before=(channel,))
    return {row["alert_id"] for row in rows}


async def list_muting_each(
    conn: Connection, alert_ids: Mapping[str, Set[int]]
) -> dict[str, set[int]]:
    """``list_muting`` for many channels at once, each with its own alerts. Channels that none
    leaves out are not in it."""
    (rows,) = await fetch_groups(conn, muting_queries(alert_ids))
    return read_muting_each(rows, alert_ids)


def muting_queries(alert_ids: Mapping[str, Set[int]]) -> Iterator[Query]:
    """The queries for ``read_muting_each``."""
    ids = sorted(set[int]().union(*alert_ids.values()))
    return queries_in("SELECT channel, alert_id FROM mute WHERE alert_id IN (:values)", ids)


def read_muting_each(rows: Sequence[Row], alert_ids: Mapping[str, Set[int]]) -> dict[str, set[int]]:
    """``list_muting_each``, of the rows of its queries."""
    muting: dict[str, set[int]] = {}
    for row in rows:
        channel, id = row["channel"], row["alert_id"]
        if id in alert_ids.get(channel, ()):
            muting.setdefault(channel, set()).add(id)
    return muting


def _from_row(row: Row) -> Mute:
    return Mute(alert_id=row["alert_id"], channel=row["channel"], title=row["title"])
