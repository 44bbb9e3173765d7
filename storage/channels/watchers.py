"""Assigns each channel to one of several watchers.

A watcher is alive while it holds its lease (``storage.postgres.holding``). Writers take turns, so a
transaction that finds a channel to be its own keeps it until it ends.
"""

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct

from storage import times
from storage.channels import accounts, lookups
from storage.connection import Connection, fetch_in


class Watcher(Struct, frozen=True, kw_only=True):
    """A process that watches: the number of its ``account``, None without one, and whether that
    ``serves``: it is not gone, nor frozen, of which ``trouble`` is the reason. ``waits_until``: for
    so long Telegram told it to ask for nothing."""

    owner: str
    account: int | None = None
    serves: bool = False
    waits_until: datetime | None = None
    trouble: str = ""


async def sign(tx: Connection, watcher: Watcher) -> None:
    """Say with which account a process watches."""
    await tx.execute(
        "INSERT INTO watcher (owner, account, serves, waits_until, trouble)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (owner) DO UPDATE SET account = excluded.account,"
        " serves = excluded.serves, waits_until = excluded.waits_until,"
        " trouble = excluded.trouble",
        (
            watcher.owner,
            watcher.account,
            int(watcher.serves),
            times.optional_to_epoch(watcher.waits_until),
            watcher.trouble,
        ),
    )


async def list_watchers(conn: Connection, owners: Collection[str]) -> list[Watcher]:
    """Those of these processes that watch."""
    rows = await fetch_in(conn, "SELECT * FROM watcher WHERE owner IN (:values)", sorted(owners))
    return [
        Watcher(
            owner=row["owner"],
            account=row["account"],
            serves=bool(row["serves"]),
            waits_until=times.optional_from_epoch(row["waits_until"]),
            trouble=row["trouble"],
        )
        for row in rows
    ]


async def forget_gone(tx: Connection) -> None:
    """Forget who does not watch any more: whose lease is forgotten."""
    await tx.execute(
        "DELETE FROM watcher"
        " WHERE NOT EXISTS (SELECT 1 FROM lease WHERE lease.name = 'watcher:' || watcher.owner)"
    )


async def list_readers(conn: Connection) -> dict[int, str]:
    """Who reads each channel, by its row; it may be one that lives no more."""
    rows = await conn.fetch_all("SELECT channel, owner FROM watched_by")
    return {row["channel"]: row["owner"] for row in rows}


class Part(Struct, frozen=True, kw_only=True):
    """How many channels a ``watcher`` reads. ``name``: what its account is called; until
    ``refused_until`` that looks no names up."""

    watcher: Watcher
    name: str
    channels: int
    refused_until: datetime | None = None


async def list_parts(conn: Connection, now: datetime) -> list[Part]:
    """Who watches now, where several may; most channels first."""
    rows = await conn.fetch_all(
        "SELECT watcher.owner, count(watched_by.channel) AS n"
        " FROM watcher JOIN lease ON lease.name = 'watcher:' || watcher.owner"
        " LEFT JOIN watched_by ON watched_by.owner = watcher.owner"
        " WHERE lease.expires_at > ? GROUP BY watcher.owner ORDER BY n DESC, watcher.owner",
        (times.to_epoch(now),),
    )
    counts = {row["owner"]: row["n"] for row in rows}
    known = {one.owner: one for one in await list_watchers(conn, counts)}
    return [await _part(conn, known[owner], count, now) for owner, count in counts.items()]


async def _part(conn: Connection, watcher: Watcher, count: int, now: datetime) -> Part:
    account = watcher.account
    return Part(
        watcher=watcher,
        name=await accounts.find_name(conn, account),
        channels=count,
        refused_until=await lookups.find_refused_until(conn, now, account) if account else None,
    )


async def give(tx: Connection, rows: Collection[int], owner: str) -> None:
    """Make one watcher the reader of these channels, in place of any other."""
    await tx.execute_many(
        "INSERT INTO watched_by (channel, owner) VALUES (?, ?)"
        " ON CONFLICT (channel) DO UPDATE SET owner = excluded.owner",
        [(row, owner) for row in sorted(rows)],
    )


async def let_go(tx: Connection, rows: Collection[int], owner: str) -> None:
    """Let others have these channels, as far as they are one's own."""
    await tx.execute_many(
        "DELETE FROM watched_by WHERE channel = ? AND owner = ?",
        [(row, owner) for row in sorted(rows)],
    )


async def list_others(conn: Connection, rows: Collection[int], owner: str) -> frozenset[int]:
    """Those of these channels that one does not read."""
    own = await fetch_in(
        conn,
        "SELECT channel FROM watched_by WHERE owner = ? AND channel IN (:values)",
        sorted(rows),
        before=(owner,),
    )
    return frozenset(rows) - {row["channel"] for row in own}
