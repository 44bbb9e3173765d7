"""Heads of the chain: one for each day (UTC) on which anything was stored.

A head contains the root of the tree (``storage.chain.merkle``) over the hashes of its day's
entries, and the hash of the head before. Its own hash is the SHA-256 of its *line*, as with
entries:

    ["dateline/head/1",NUMBER,DAY,RESTORED_AT,FIRST,LAST,ROOT,LAST_HASH,PREVIOUS]

``FIRST`` and ``LAST`` are the numbers of the entries, ``LAST_HASH`` the last one's hash.
``RESTORED_AT`` is the time at which the database was last found to be an older copy that replaced a
later one, or null: two heads of one day that differ in it come from two lives of the database.
"""

import asyncio
import json
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

from msgspec import Struct

from storage import instance, times
from storage.chain import entries, merkle
from storage.chain.entries import NOTHING
from storage.connection import Connection, Database, Row

FORM = "dateline/head/1"

_INSERT = """
    INSERT INTO chain_head (
        number, day, restored_at, first, last, root, last_hash, previous, hash, made_at
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number) DO NOTHING
"""
# The entries that no head has taken up; the day is that of the first of them.
_OPEN = """
    SELECT min(seq) AS first, max(seq) AS last FROM chain_entry
    WHERE seq > coalesce((SELECT max(last) FROM chain_head), 0)
"""


class Head(Struct, frozen=True, kw_only=True):
    """A head. ``number`` counts from 1; ``day`` is an ISO date; ``hash`` is the stored one."""

    number: int
    day: str
    restored_at: datetime | None
    first: int
    last: int
    root: bytes
    last_hash: bytes
    previous: bytes
    hash: bytes = b""

    @property
    def line(self) -> str:
        """The line that is hashed, stamped and posted."""
        restored = entries.optional_moment(self.restored_at)
        told = [FORM, self.number, self.day, restored, self.first, self.last]
        told += [self.root.hex(), self.last_hash.hex(), self.previous.hex()]
        return json.dumps(told, separators=(",", ":"))

    @property
    def true_hash(self) -> bytes:
        """The hash computed from the line."""
        return sha256(self.line.encode()).digest()


async def list_heads(conn: Connection) -> list[Head]:
    """All heads, oldest first."""
    rows = await conn.fetch_all("SELECT * FROM chain_head ORDER BY number")
    return [_head(row) for row in rows]


async def find_last(conn: Connection) -> Head | None:
    """The newest head, or None."""
    row = await conn.fetch_one("SELECT * FROM chain_head ORDER BY number DESC LIMIT 1")
    return None if row is None else _head(row)


async def close_days(database: Database, *, now: datetime) -> int:
    """Make the heads of all days that have ended; returns how many."""
    made = 0
    while True:
        async with database.reader() as conn:
            head = await find_open(conn, before=now)
        if head is None:
            return made
        async with database.transaction() as tx:
            # Who closes days at the same time may have taken these entries up while they were read.
            if await _find_first(tx) == head.first:
                made += await tx.execute(_INSERT, _columns(head, now))


async def find_open(conn: Connection, *, before: datetime | None = None) -> Head | None:
    """A head over the entries that no head covers yet; None if there are none.

    ``before``: only those of the first such day, and only if that had ended by then.
    """
    row = await conn.fetch_one(_OPEN)
    if row is None or row["first"] is None:
        return None
    first, last = row["first"], row["last"]
    (entry,) = await entries.list_between(conn, first, first)
    day = entry.made_at.date()
    end = datetime.combine(day + timedelta(days=1), time(), UTC)
    if before is None:
        return await _make(conn, day, first, last)
    if before < end:
        return None
    following = await conn.fetch_one(
        "SELECT min(seq) AS seq FROM chain_entry WHERE seq > ? AND made_at >= ?",
        (first, times.to_epoch(end)),
    )
    if following is not None and following["seq"] is not None:
        last = following["seq"] - 1
    return await _make(conn, day, first, last)


async def _find_first(conn: Connection) -> int | None:
    row = await conn.fetch_one(_OPEN)
    return None if row is None else row["first"]


async def _make(conn: Connection, day: date, first: int, last: int) -> Head:
    former = await find_last(conn)
    hashes = [found for _, found in await entries.list_hashes(conn, first, last)]
    return Head(
        number=1 if former is None else former.number + 1,
        day=day.isoformat(),
        restored_at=await instance.find_restored_at(conn),
        first=first,
        last=last,
        root=await asyncio.to_thread(merkle.root_of, hashes),
        last_hash=hashes[-1],
        previous=NOTHING if former is None else former.hash,
    )


def _columns(head: Head, now: datetime) -> tuple[object, ...]:
    return (
        head.number,
        head.day,
        times.optional_to_epoch(head.restored_at),
        head.first,
        head.last,
        head.root,
        head.last_hash,
        head.previous,
        head.true_hash,
        times.to_epoch(now),
    )


def _head(row: Row) -> Head:
    return Head(
        number=row["number"],
        day=row["day"],
        restored_at=times.optional_from_epoch(row["restored_at"]),
        first=row["first"],
        last=row["last"],
        root=row["root"],
        last_hash=row["last_hash"],
        previous=row["previous"],
        hash=row["hash"],
    )
