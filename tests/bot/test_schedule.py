"""Planned digests: once per plan and local date, whatever restarts in between."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.schedule import Schedule
from handlers.times import planning
from storage import database
from storage.connection import Database
from storage.document import Block, Channel, Document, Source
from storage.documents import documents
from storage.outbox import outbox
from storage.outbox.gate import Outbox
from storage.records import Delivery
from storage.subscribers import digests, subscribers

CHAT = 42


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    opened = await database.open_database(database_url)
    yield opened
    await opened.close()


async def subscribe(db: Database, *, planned_at: datetime, local_time: time) -> None:
    """A subscriber with a daily plan, and a post of the last hour."""
    now = datetime.now(UTC)
    post = Document(
        kind="post",
        doc_id="tg:7/1",
        source=Source(type="telethon"),
        channel=Channel(id=7, title="Harbour"),
        message_id=1,
        title="The ferry sails",
        body=(Block(type="para", text="At noon."),),
        content_hash="0123456789abcdef",
    )
    async with db.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=CHAT, now=planned_at)
        await digests.set_plan(
            tx, chat_id=CHAT, local_time=local_time, timezone="UTC", now=planned_at
        )
        await documents.store_documents(
            tx, [post], stored_at=now - timedelta(minutes=50), live=True
        )


async def queued(db: Database) -> list[Delivery]:
    """What stands in the outbox."""
    now = datetime.now(UTC)
    async with db.transaction() as tx:
        rows = await outbox.claim_due(tx, now=now, limit=100, lease_until=now)
        await outbox.release_all(tx)
    return rows


def timetable(db: Database, gate: Outbox) -> Schedule:
    return Schedule(
        db,
        language="en",
        timezone="UTC",
        outbox=gate,
        retry=timedelta(seconds=0.05),
    )


async def start_and_stop(db: Database) -> bool:
    """A start of the service as far as digests go; whether it says that rows were added."""
    gate = Outbox()
    table = timetable(db, gate)
    await table.start()
    table.stop()
    return gate.news.is_set()


def minutes_ago(minutes: int) -> time:
    return (datetime.now(UTC) - timedelta(minutes=minutes)).time().replace(second=0, microsecond=0)


async def test_a_digest_that_was_missed_while_down_is_sent_once_at_the_start(db: Database) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    await subscribe(db, planned_at=yesterday, local_time=minutes_ago(30))
    assert await start_and_stop(db)
    assert not await start_and_stop(db)
    (row,) = await queued(db)
    assert row.kind == "digest"
    assert row.key.startswith("digest:")
    assert "The ferry sails" in row.text.text


async def test_a_plan_made_after_todays_time_waits_for_tomorrow(db: Database) -> None:
    await subscribe(db, planned_at=datetime.now(UTC), local_time=minutes_ago(30))
    assert not await start_and_stop(db)
    assert await queued(db) == []


async def test_nobody_who_has_left_gets_a_digest(db: Database) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    await subscribe(db, planned_at=yesterday, local_time=minutes_ago(30))
    async with db.transaction() as tx:
        await subscribers.deactivate(tx, CHAT)
    assert not await start_and_stop(db)


async def test_plans_wait_for_their_next_time_and_follow_their_changes(db: Database) -> None:
    await subscribe(db, planned_at=datetime.now(UTC), local_time=minutes_ago(30))
    table = timetable(db, Outbox())
    await table.start()
    due = table.next_due(CHAT)
    assert due is not None
    assert timedelta(hours=23) < due - datetime.now(UTC) < timedelta(days=1)
    async with db.transaction() as tx:
        await digests.remove_plan(tx, CHAT)
    await table.replan(CHAT)
    assert table.next_due(CHAT) is None
    table.stop()


async def wait_until(is_so: Callable[[], object]) -> None:
    """Look until it is so; the scheduler tells nobody."""
    async with asyncio.timeout(20):
        while True:
            if is_so():
                return
            await asyncio.sleep(0.01)


async def test_a_plan_that_cannot_be_read_is_read_as_soon_as_it_can(db: Database) -> None:
    table = timetable(db, Outbox())
    await table.start()
    await subscribe(db, planned_at=datetime.now(UTC), local_time=time(9))
    async with db.transaction() as tx:
        await tx.execute("ALTER TABLE digest_plan RENAME TO away")
    await table.replan(CHAT)
    assert table.next_due(CHAT) is None
    async with db.transaction() as tx:
        await tx.execute("ALTER TABLE away RENAME TO digest_plan")
    await wait_until(lambda: table.next_due(CHAT))
    table.stop()


async def test_a_digest_whose_plan_cannot_be_read_in_time_comes_late(db: Database) -> None:
    gate = Outbox()
    table = timetable(db, gate)
    await table.start()
    await subscribe(db, planned_at=datetime.now(UTC) - timedelta(days=2), local_time=minutes_ago(1))
    async with db.reader() as conn:
        plan = await digests.find_plan(conn, CHAT)
    assert plan is not None
    async with db.transaction() as tx:
        await tx.execute("ALTER TABLE digest_plan RENAME TO away")
    await table._fire(CHAT, planning.latest_run(plan.local_time, "UTC", now=datetime.now(UTC)))
    assert not gate.news.is_set()
    async with db.transaction() as tx:
        await tx.execute("ALTER TABLE away RENAME TO digest_plan")
    await wait_until(gate.news.is_set)
    table.stop()
