"""Who reads which channel, where several watch: each channel is one's at a time.

Whether one of them still lives, its lease says (``storage.postgres.holding``). Rows are written by
writers that stand in line: whoever looks in a transaction whether a channel is its own has it until
that has ended.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from storage import times
from storage.channels import accounts
from storage.connection import Connection, fetch_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """A process that watches: the number of its ``account``, None without one, and whether that
    ``serves``: it is not gone, nor frozen."""

    owner: str
    account: int | None = None
    serves: bool = False


async def sign(tx: Connection, watcher: Watcher) -> None:
    """Say with which account a process watches."""
    await tx.execute(
        "INSERT INTO watcher (owner, account, serves) VALUES (?, ?, ?)"
        " ON CONFLICT (owner) DO UPDATE SET account = excluded.account, serves = excluded.serves",
        (watcher.owner, watcher.account, int(watcher.serves)),
    )


async def list_watchers(conn: Connection, owners: Collection[str]) -> list[Watcher]:
    """Those of these processes that watch."""
    rows = await fetch_in(conn, "SELECT * FROM watcher WHERE owner IN (:values)", sorted(owners))
    return [
        Watcher(owner=row["owner"], account=row["account"], serves=bool(row["serves"]))
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """How many channels a process reads; see ``Watcher``. ``name``: what the account is called."""

    account: int | None
    name: str
    serves: bool
    channels: int


async def list_parts(conn: Connection, now: datetime) -> list[Part]:
    """Who watches now, where several may; most channels first."""
    rows = await conn.fetch_all(
        "SELECT watcher.owner, watcher.account, watcher.serves, count(watched_by.channel) AS n"
        " FROM watcher JOIN lease ON lease.name = 'watcher:' || watcher.owner"
        " LEFT JOIN watched_by ON watched_by.owner = watcher.owner"
        " WHERE lease.expires_at > ?"
        " GROUP BY watcher.owner, watcher.account, watcher.serves ORDER BY n DESC, watcher.owner",
        (times.to_epoch(now),),
    )
    return [
        Part(
            account=row["account"],
            name=await accounts.find_name(conn, row["account"]),
            serves=bool(row["serves"]),
            channels=row["n"],
        )
        for row in rows
    ]


async def give(tx: Connection, rows: Collection[int], owner: str) -> None:
    """Have one read these channels, whoever did."""
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
