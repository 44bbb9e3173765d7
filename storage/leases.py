"""Leases: what one process alone may do at a time, for as long as it says that it still does.

A lease is a row with its owner, the moment at which it ends unless it is renewed, and a number that
is higher each time it goes to another (``fence``): whoever was away for too long sees by that that
it is another's now. A row that was given back stays, so that the number never falls.
"""

from dataclasses import dataclass
from datetime import datetime

from storage.connection import Connection
from storage.times import from_epoch, to_epoch

_TAKE = """
    INSERT INTO lease (name, owner, fence, expires_at) VALUES (?, ?, 1, ?)
    ON CONFLICT (name) DO UPDATE SET
        owner = excluded.owner, fence = lease.fence + 1, expires_at = excluded.expires_at
    WHERE lease.expires_at <= ? RETURNING fence
"""
_RENEW = "UPDATE lease SET expires_at = ? WHERE name = ? AND owner = ? AND fence = ?"
_FIND = "SELECT owner, fence, expires_at FROM lease WHERE name = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """That ``owner`` may do what ``name`` stands for."""

    name: str
    owner: str
    fence: int


async def take(
    tx: Connection, name: str, owner: str, *, now: datetime, until: datetime
) -> Lease | None:
    """Take a lease that nobody has at ``now``; None where somebody does, the same owner too."""
    row = await tx.fetch_one(_TAKE, (name, owner, to_epoch(until), to_epoch(now)))
    return None if row is None else Lease(name=name, owner=owner, fence=int(row["fence"]))


async def renew(tx: Connection, lease: Lease, *, until: datetime) -> bool:
    """Have a lease end later; False where it is another's by now."""
    return await tx.execute(_RENEW, (to_epoch(until), lease.name, lease.owner, lease.fence)) > 0


async def give_back(tx: Connection, lease: Lease) -> None:
    """End a lease now, unless it is another's."""
    await tx.execute(_RENEW, (0, lease.name, lease.owner, lease.fence))


async def find(conn: Connection, name: str) -> tuple[Lease, datetime] | None:
    """Who had a lease last, and when that ends or ended; None for one that nobody ever had."""
    row = await conn.fetch_one(_FIND, (name,))
    if row is None:
        return None
    lease = Lease(name=name, owner=row["owner"], fence=int(row["fence"]))
    return lease, from_epoch(row["expires_at"])
