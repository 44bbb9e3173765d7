"""What was written while the clock was ahead goes out, and is told, when it is set right."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from database_steps import mark_sent

from storage import database
from storage.connection import Database
from storage.outbox import new_rows, outbox
from storage.outbox.gate import Outbox
from storage.payloads import TextPayload
from storage.retention import ahead
from storage.subscribers import plans, subscribers

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOW = datetime(2031, 5, 1, 12, tzinfo=UTC)
YEAR = 365 * DAY
LEASE = timedelta(minutes=15)


@pytest.fixture
async def db(address: str) -> AsyncIterator[Database]:
    opened = await database.open_database(address)
    async with opened.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=42, now=NOW - DAY)
    yield opened
    await opened.close()


async def queue(db: Database, key: str, at: datetime) -> None:
    async with db.transaction() as tx:
        await Outbox().queue_digests(tx, [new_rows.digest(42, key, TextPayload(text=key), now=at)])


async def claimed(db: Database, at: datetime) -> list[str]:
    async with db.transaction() as tx:
        rows = await outbox.claim_due(tx, now=at, limit=100, lease_until=at + LEASE)
    return sorted(row.key for row in rows)


async def mend(db: Database, now: datetime) -> int:
    async with db.transaction() as tx:
        assert await ahead.is_any(tx, now)
        mended = await ahead.mend(tx, now, lease=LEASE)
        assert not await ahead.is_any(tx, now)
    return mended


async def test_a_message_that_was_queued_then_goes_out_now(db: Database) -> None:
    await queue(db, "then", NOW + YEAR)
    await queue(db, "now", NOW)
    assert await claimed(db, NOW) == ["now"]
    assert await mend(db, NOW + HOUR) == 1
    assert await claimed(db, NOW + HOUR) == ["now", "then"]


async def test_one_that_was_leased_then_is_free_after_a_while(db: Database) -> None:
    await queue(db, "row", NOW)
    assert await claimed(db, NOW + YEAR) == ["row"]
    assert await mend(db, NOW + HOUR) == 1
    assert await claimed(db, NOW + HOUR) == []
    assert await claimed(db, NOW + HOUR + LEASE) == ["row"]


async def test_one_that_failed_then_is_tried_again_now(db: Database) -> None:
    await queue(db, "row", NOW)
    async with db.transaction() as tx:
        (row,) = await outbox.claim_due(tx, now=NOW + YEAR, limit=1, lease_until=NOW + YEAR)
        await outbox.postpone(tx, row, NOW + YEAR + HOUR, "no")
    assert await mend(db, NOW) == 1
    assert await claimed(db, NOW) == ["row"]


async def test_one_that_was_sent_or_given_up_then_is_of_now(db: Database) -> None:
    """But for what was dropped, which a button puts back by its time."""
    await queue(db, "sent", NOW)
    await queue(db, "dropped", NOW)
    await queue(db, "now", NOW)
    async with db.transaction() as tx:
        rows = await outbox.claim_due(tx, now=NOW, limit=9, lease_until=NOW + LEASE)
        ids = {row.key: row.id for row in rows}
        await mark_sent(tx, ids["sent"], 7, NOW + YEAR)
        await mark_sent(tx, ids["now"], 8, NOW)
        assert await outbox.drop(tx, ids["dropped"], now=NOW + YEAR)
    assert await mend(db, NOW + HOUR) == 1
    async with db.reader() as conn:
        found = {row.key: row for row in await outbox.list_deliveries(conn, list(ids.values()))}
    times = {key: row.finished_at for key, row in found.items()}
    assert times == {"sent": NOW + HOUR, "now": NOW, "dropped": NOW + YEAR}


@pytest.mark.parametrize("told", [True, False])
async def test_a_plan_is_reckoned_anew(db: Database, told: bool) -> None:
    async with db.transaction() as tx:
        plan = await plans.add_plan(
            tx, chat_id=42, kind="digest", times="every 12h", timezone="UTC", due_at=NOW, now=NOW
        )
        due = NOW + YEAR + 12 * HOUR
        if told:
            await plans.note_told(tx, [(plan, NOW + YEAR, due)])
        else:  # it was paused
            await plans.update_plan(tx, plan.id, due_at=due)
    assert await mend(db, NOW + HOUR) == 1
    async with db.reader() as conn:
        (found,) = await plans.list_unreckoned(conn, limit=10)
    assert (found.id, found.told_until, found.due_at) == (plan.id, None, None)


async def test_what_is_of_its_time_stays(db: Database) -> None:
    await queue(db, "row", NOW)
    async with db.transaction() as tx:
        await plans.add_plan(
            tx, chat_id=42, kind="digest", times="every 12h", timezone="UTC", due_at=NOW, now=NOW
        )
    async with db.reader() as conn:
        assert not await ahead.is_any(conn, NOW - timedelta(minutes=5))
        assert await ahead.is_any(conn, NOW - HOUR)


async def test_what_failed_while_the_clock_was_ahead_is_tried_again_soon(db: Database) -> None:
    """It was queued before the clock was set, and was to be tried again by the clock of then."""
    for key in ("failed", "long", "held"):
        await queue(db, key, NOW)
    async with db.transaction() as tx:
        rows = await outbox.claim_due(tx, now=NOW, limit=9, lease_until=NOW + LEASE)
        by_key = {row.key: row for row in rows}
        await outbox.postpone(tx, by_key["failed"], NOW + DAY + HOUR / 60, "FLOOD_WAIT_60")
        await outbox.postpone(tx, by_key["long"], NOW + DAY + 2 * HOUR, "FLOOD_WAIT_7200")
        await outbox.postpone(tx, by_key["held"], NOW + 5 * HOUR, None)
        assert not await ahead.is_any(tx, NOW)
        assert await ahead.put_back(tx, NOW, DAY) == 2
    assert await claimed(db, NOW) == []
    assert await claimed(db, NOW + HOUR / 60) == ["failed"]
    assert await claimed(db, NOW + HOUR) == ["failed"]
    assert await claimed(db, NOW + 2 * HOUR) == ["failed", "long"]
