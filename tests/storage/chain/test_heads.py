"""Heads of days: what they hold, and when they are made."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from storage import instance
from storage.chain import entries, heads, merkle
from storage.chain.heads import Head
from storage.connection import Database
from storage.document import Document
from storage.documents import documents

MakeDocument = Callable[..., Document]
FIRST = datetime(2024, 5, 1, 23, 59, 59, 999999, tzinfo=UTC)
DAY = timedelta(days=1)


async def store(database: Database, document: Document, at: datetime) -> None:
    async with database.transaction() as tx:
        await documents.store_documents(tx, [document], stored_at=at, live=True)


async def told(database: Database) -> list[Head]:
    async with database.reader() as conn:
        return await heads.list_heads(conn)


async def test_a_day_is_closed_once_when_it_is_over(
    database: Database, make_document: MakeDocument
) -> None:
    assert await heads.close_days(database, now=FIRST) == 0
    for number in range(3):
        await store(database, make_document(f"Post {number}", message_id=number + 1), FIRST)
    assert await heads.close_days(database, now=FIRST) == 0
    async with database.reader() as conn:
        opened = await heads.find_open(conn)
    midnight = FIRST + timedelta(microseconds=1)
    await store(database, make_document("Next", message_id=9), midnight)
    made = await asyncio.gather(*(heads.close_days(database, now=midnight) for _ in range(3)))
    assert sum(made) == 1
    (head,) = await told(database)
    assert (head.number, head.day, head.first, head.last) == (1, "2024-05-01", 1, 3)
    assert head.restored_at is None
    async with database.reader() as conn:
        hashes = [found for _, found in await entries.list_hashes(conn, 1, 3)]
    assert (head.root, head.last_hash) == (merkle.root_of(hashes), hashes[-1])
    assert head.hash == head.true_hash
    assert opened is not None and opened.line == head.line


class Meanwhile:
    """A database of which another closes the days between two things that are read of it."""

    def __init__(self, database: Database, now: datetime) -> None:
        self._database = database
        self._now = now
        self._is_closed = False
        self.transaction = database.transaction

    @asynccontextmanager
    async def reader(self) -> AsyncIterator["Meanwhile"]:
        async with self._database.reader() as conn:
            self._conn = conn
            yield self

    async def fetch_one(self, *asked: Any) -> Any:
        row = await self._conn.fetch_one(*asked)
        if not self._is_closed:
            self._is_closed = True
            assert await heads.close_days(self._database, now=self._now) == 1
        return row

    def __getattr__(self, name: str) -> Any:
        return getattr(self._conn, name)


async def test_entries_that_another_takes_up_meanwhile_are_in_one_head(
    database: Database, make_document: MakeDocument
) -> None:
    for number in range(3):
        await store(database, make_document(f"Post {number}", message_id=number + 1), FIRST)
    other: Any = Meanwhile(database, FIRST + DAY)
    assert await heads.close_days(other, now=FIRST + DAY) == 0
    (head,) = await told(database)
    assert (head.number, head.first, head.last) == (1, 1, 3)


async def test_days_that_nobody_closed_are_closed_one_by_one(
    database: Database, make_document: MakeDocument
) -> None:
    for number, day in enumerate((0, 0, 2, 5), 1):
        await store(database, make_document(f"{number}", message_id=number), FIRST + day * DAY)
    assert await heads.close_days(database, now=FIRST + 9 * DAY) == 3
    made = await told(database)
    assert [(one.day, one.first, one.last) for one in made] == [
        ("2024-05-01", 1, 2),
        ("2024-05-03", 3, 3),
        ("2024-05-06", 4, 4),
    ]
    assert [one.previous for one in made] == [entries.NOTHING, made[0].hash, made[1].hash]


async def test_a_clock_that_goes_back_loses_no_entry(
    database: Database, make_document: MakeDocument
) -> None:
    for number, day in enumerate((3, 1, 3, 4), 1):
        await store(database, make_document(f"{number}", message_id=number), FIRST + day * DAY)
    await heads.close_days(database, now=FIRST + 9 * DAY)
    assert [(one.day, one.first, one.last) for one in await told(database)] == [
        ("2024-05-04", 1, 3),
        ("2024-05-05", 4, 4),
    ]


async def test_a_life_after_a_restore_has_heads_of_its_own(
    database: Database, make_document: MakeDocument
) -> None:
    await store(database, make_document("One"), FIRST)
    async with database.reader() as conn:
        former = await heads.find_open(conn)
    async with database.transaction() as tx:
        await instance.note_restored(tx, now=FIRST)
    async with database.reader() as conn:
        head = await heads.find_open(conn)
    assert former is not None and head is not None
    assert (head.restored_at, head.root) == (FIRST, former.root)
    assert head.true_hash != former.true_hash
