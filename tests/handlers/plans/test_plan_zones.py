"""Plans of a former time, each with a zone of its own."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.schedule import Schedule
from handlers.plans import plan_zones
from handlers.times import planning
from handlers.times.plan_times import parse_times
from storage import database
from storage.connection import Database
from storage.outbox import outbox
from storage.outbox.gate import Outbox
from storage.records import Delivery
from storage.subscribers import plans, subscribers

NOW = datetime.now(UTC)
BEFORE = NOW - timedelta(days=3)
CHATS = {1: "Europe/Berlin", 2: None, 3: "Asia/Tokyo", 4: None, 5: "Asia/Tokyo", 6: "Japan"}
PLANS = {  # Chats 1 and 4 have plans in their zones.
    1: (time(8), "Europe/Berlin"),
    2: (time(8), "America/New_York"),
    3: (time(23, 30), "Asia/Kolkata"),
    4: (time(9), "UTC"),
    5: (time(0, 15), "Etc/GMT+5"),
    6: (time(7), "Asia/Tokyo"),
}


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """As an earlier version left it: plans in any zone."""
    opened = await database.open_database(database_url)
    async with opened.transaction() as tx:
        for chat_id, zone in CHATS.items():
            await subscribers.add_subscriber(tx, chat_id=chat_id, now=BEFORE)
            await subscribers.update_subscriber(tx, chat_id, timezone=zone, last_digest_at=BEFORE)
            at, named = PLANS[chat_id]
            times, soon = f"daily {at:%H:%M}", datetime.now(UTC) + timedelta(hours=1)
            await plans.add_plan(
                tx, chat_id=chat_id, times=times, timezone=named, due_at=soon, now=BEFORE
            )
        await subscribers.update_subscriber(tx, 2, language="ru")
        await subscribers.deactivate(tx, 5)
    yield opened
    await opened.close()


async def due(db: Database) -> dict[int, tuple[str, datetime]]:
    """Each chat's zone of its plan, and when that is due next after ``NOW``."""
    found = {}
    for chat_id in CHATS:
        async with db.reader() as conn:
            (plan,) = await plans.list_plans(conn, chat_id)
        due_at = planning.next_due(parse_times(plan.times), plan.timezone, after=NOW)
        found[chat_id] = (plan.timezone, due_at)
    return found


async def told(db: Database) -> dict[int, Delivery]:
    now = datetime.now(UTC)
    async with db.transaction() as tx:
        rows = await outbox.claim_due(tx, now=now, limit=100, lease_until=now)
        await outbox.release_all(tx)
    return {row.chat_id: row for row in rows if row.kind == "notice"}


async def start(db: Database) -> None:
    table = Schedule(db, language="en", timezone="UTC", outbox=Outbox())
    await table.start()
    table.stop()


async def test_plans_keep_their_moment_in_their_chats_zone_and_it_is_told_once(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_zones, "BATCH", 2)
    before = await due(db)
    await start(db)
    after = await due(db)
    assert {chat: zone for chat, (zone, _) in after.items()} == {
        chat: zone or "UTC" for chat, zone in CHATS.items()
    }
    assert {chat: at for chat, (_, at) in after.items()} == {
        chat: at for chat, (_, at) in before.items()
    }
    first = await told(db)
    assert sorted(first) == [2, 3, 6]  # 5 is stopped
    assert "3:00 (Asia/Tokyo), the same moment as 23:30 (Asia/Kolkata)" in first[3].text.text
    assert "раньше 8:00 (Нью-Йорк)" in first[2].text.text
    await start(db)
    assert {row.id for row in (await told(db)).values()} == {row.id for row in first.values()}


async def test_plans_of_who_chose_no_zone_follow_the_instances(db: Database) -> None:
    assert await plan_zones.unite(db, Outbox(), timezone="UTC", language="en") == 4
    before = await due(db)
    assert await plan_zones.unite(db, Outbox(), timezone="Europe/Moscow", language="en") == 2
    assert (await due(db))[4] == ("Europe/Moscow", before[4][1])
