"""What is at work on a database, where several processes share it: each has a lease of its own, by
which is seen when it was last heard of."""

from collections.abc import Collection
from datetime import datetime, timedelta

from msgspec import Struct

from storage import times
from storage.connection import Connection

LASTS = 12.0
"""Seconds that a lease lasts after its holder was last heard of."""
LEASE = "process:"
TOLD_FOR = timedelta(hours=24)
"""How long one that has gone without a word is told of."""


class Process(Struct, frozen=True, kw_only=True):
    """``name`` is what an operator knows it by; ``is_alive``: it was ``heard_at`` lately."""

    owner: str
    name: str
    roles: tuple[str, ...]
    heard_at: datetime
    is_alive: bool


async def sign(tx: Connection, owner: str, name: str, roles: Collection[str]) -> None:
    """Say what a process is called and does. Those whose lease is forgotten are forgotten."""
    await tx.execute(
        "DELETE FROM process WHERE NOT EXISTS"
        " (SELECT 1 FROM lease WHERE lease.name = 'process:' || process.owner)"
    )
    await tx.execute(
        "INSERT INTO process (owner, name, roles) VALUES (?, ?, ?)"
        " ON CONFLICT (owner) DO UPDATE SET name = excluded.name, roles = excluded.roles",
        (owner, name, ",".join(roles)),
    )


async def list_processes(conn: Connection, now: datetime) -> list[Process]:
    """Those at work, and those that have gone without a word within a day, by name. One that was
    stopped has given its lease back, and is not among them."""
    rows = await conn.fetch_all(
        "SELECT process.owner, process.name, process.roles, lease.expires_at FROM process"
        " JOIN lease ON lease.name = 'process:' || process.owner WHERE lease.expires_at > ?"
        " ORDER BY process.name, process.owner",
        (times.to_epoch(now - TOLD_FOR),),
    )
    return [
        Process(
            owner=row["owner"],
            name=row["name"],
            roles=tuple(row["roles"].split(",")),
            heard_at=min(now, times.from_epoch(row["expires_at"]) - timedelta(seconds=LASTS)),
            is_alive=row["expires_at"] > times.to_epoch(now),
        )
        for row in rows
    ]
