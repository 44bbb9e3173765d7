"""What other processes queue is seen, and a wait that Telegram asks of one is kept by all."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.delivering.waking import Waking
from bot.telegram.pace import Pace
from storage import facts
from storage.connection import Database
from storage.database import open_database
from storage.outbox import outbox, queueing
from storage.outbox.gate import Outbox
from storage.payloads import AlertPayload
from storage.records import NewDelivery

WAIT = "sending_waits_until"


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    database = await open_database(database_url)
    yield database
    await database.close()


class Waker:
    """A process that sends, as far as it wakes."""

    def __init__(self, db: Database) -> None:
        self.gate = Outbox()
        self.pace = Pace(overall=30.0, per_chat=1.0, per_group=20.0)
        self.waking = Waking(db, self.gate, self.pace)

    async def is_woken(self) -> bool:
        """Look once; whether that woke the sender."""
        self.gate.news.clear()
        await self.waking._look()
        return self.gate.news.is_set()

    def closed_for(self) -> float:
        return self.pace.closed_for(asyncio.get_running_loop().time())

    def close(self, seconds: float) -> None:
        self.pace.close_all(asyncio.get_running_loop().time() + seconds)


async def queue(db: Database, key: str) -> None:
    now = datetime.now(UTC)
    given: dict[str, Any] = {"chat_id": 5, "kind": "alert", "priority": 1}
    row = NewDelivery(
        key=key, payload=AlertPayload(doc_id=key), due_at=now, created_at=now, **given
    )
    async with db.transaction() as tx:
        await queueing.add_deliveries(tx, [row])


async def test_it_wakes_for_what_is_new_and_for_nothing_else(db: Database) -> None:
    waker = Waker(db)
    assert await waker.is_woken(), "at the start nobody knows what is there"
    assert not await waker.is_woken()
    for key in ("a", "b"):
        await queue(db, key)
        assert await waker.is_woken()
        assert not await waker.is_woken()
    async with db.transaction() as tx:
        assert await outbox.find_newest(tx) == 2
        await tx.execute("DELETE FROM delivery")
        assert await outbox.find_newest(tx) == 0


async def known(db: Database) -> str | None:
    async with db.reader() as conn:
        return await facts.find_value(conn, WAIT)


async def test_a_wait_that_one_was_told_is_kept_by_the_other(db: Database) -> None:
    told, other = Waker(db), Waker(db)
    for waker in (told, other):
        await waker.is_woken()
        assert waker.closed_for() == 0.0
    assert await known(db) is None
    told.close(30.0)
    await told.is_woken()
    written = await known(db)
    assert written is not None
    await other.is_woken()
    assert other.closed_for() == pytest.approx(30.0, abs=5.0)
    await other.is_woken()  # what it knows from others it tells nobody
    await told.is_woken()
    assert await known(db) == written
    other.close(90.0)
    await other.is_woken()
    await told.is_woken()
    assert told.closed_for() == pytest.approx(90.0, abs=5.0)


async def test_a_wait_that_is_over_holds_nobody_up(db: Database) -> None:
    async with db.transaction() as tx:
        await facts.set_value(tx, WAIT, str(int(datetime.now(UTC).timestamp() * 1e6) - 1))
    waker = Waker(db)
    await waker.is_woken()
    assert waker.closed_for() == 0.0
