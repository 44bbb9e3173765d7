"""Each period of each plan is told once, with all that came in since the last."""

import asyncio
from datetime import timedelta

import pytest

from handlers.plans.due import DuePlans, first_due
from storage.errors import StorageError
from storage.outbox import outbox
from storage.outbox.gate import Outbox
from storage.records import Plan
from storage.subscribers import plans, subscribers

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Clock:
    """A clock that the test sets."""

    def __init__(self, now) -> None:
        self.now = now

    def __call__(self):
        return self.now


@pytest.fixture
def clock(now) -> Clock:
    return Clock(now)


@pytest.fixture
async def add(database, now):
    """Adds a plan of a chat, made yesterday, which is due now."""

    async def added(chat_id: int = 1, times: str = "every 12h", **fields) -> Plan:
        async with database.transaction() as tx:
            await subscribers.add_subscriber(tx, chat_id=chat_id, now=now - DAY)
            plan = await plans.add_plan(
                tx, chat_id=chat_id, times=times, timezone="UTC", due_at=now, now=now - DAY
            )
            return await plans.update_plan(tx, plan.id, **fields)

    return added


@pytest.fixture
def due(database, clock) -> DuePlans:
    return DuePlans(database, Outbox(), "en", clock=clock)


async def told(database) -> list[tuple[int, str]]:
    """What stands in the outbox: chat and text."""
    async with database.transaction() as tx:
        rows = await tx.fetch_all("SELECT key FROM delivery ORDER BY id")
        found = [await outbox.find_delivery(tx, row["key"]) for row in rows]
    return [(row.chat_id, row.text.text) for row in found if row is not None]


async def plan_of(database, plan: Plan) -> Plan:
    async with database.reader() as conn:
        found = await plans.find_plan(conn, plan.id)
    assert found is not None
    return found


async def test_a_period_is_told_once_and_the_next_begins_where_it_ended(
    database, due, add, clock, now, store, make_post
) -> None:
    plan = await add()
    await store(make_post(1, "Ferry late"))
    assert await due.run() == now + 12 * HOUR
    assert await due.run() == now + 12 * HOUR
    ((chat, text),) = await told(database)
    assert (chat, "Ferry late" in text) == (1, True)
    assert (await plan_of(database, plan)).told_until == now
    await store(make_post(2, "Tram late"), at=now + HOUR)
    clock.now = now + 40 * HOUR  # Three of its times passed meanwhile.
    assert await due.run() == now + 48 * HOUR
    _, (_, text) = await told(database)
    assert "Tram late" in text and "Ferry" not in text


async def test_each_plan_has_a_since_of_its_own(
    database, due, add, clock, now, store, make_post
) -> None:
    await add(times="every 12h")
    await add(times="daily 12:00", told_until=now - 30 * HOUR)
    await store(make_post(1, "Ferry late"), at=now - 25 * HOUR)
    await store(make_post(2, "Tram late"), at=now - HOUR)
    await due.run()
    first, second = (text for _, text in await told(database))
    assert "Tram late" in first and "Ferry" not in first
    assert "Tram late" in second and "Ferry late" in second


@pytest.mark.parametrize("says", [True, False])
async def test_that_nothing_is_new_is_said_where_it_is_to_be(database, due, add, says) -> None:
    await add(name="Morning", says_nothing_new=says)
    await due.run()
    texts = [text for _, text in await told(database)]
    assert texts == (["🗞 Morning\nNothing new since today 0:00."] if says else [])


async def test_who_is_at_rest_is_told_nothing_and_all_of_it_later(
    database, due, add, clock, now, store, make_post
) -> None:
    paused = await add(1, paused=True)
    await add(2)
    await store(make_post(1, "Ferry late"))
    async with database.transaction() as tx:
        await subscribers.deactivate(tx, 2)
    assert await due.run() == now + 12 * HOUR
    assert await told(database) == []
    async with database.transaction() as tx:
        await plans.update_plan(tx, paused.id, paused=False)
        await subscribers.update_subscriber(tx, 2, active=True)
    clock.now = now + 12 * HOUR
    await due.run()
    texts = dict(await told(database))
    assert all("Ferry late" in texts[chat_id] for chat_id in (1, 2))


async def test_one_that_fails_is_told_later_and_holds_up_no_other(
    database, due, add, clock, now, store, make_post
) -> None:
    broken = await add(1, query='"ferry')
    for chat_id in range(2, 5):
        await add(chat_id)
    await store(make_post(1, "Ferry late"))
    assert await due.run() == now + due.retry
    assert [chat for chat, _ in await told(database)] == [2, 3, 4]
    async with database.transaction() as tx:
        await plans.update_plan(tx, broken.id, query="ferry")
    await due.run()  # It is not time yet.
    clock.now = now + due.retry
    await due.run()
    assert [chat for chat, _ in await told(database)] == [2, 3, 4, 1]


async def test_a_plan_that_is_changed_while_it_is_composed_is_told_as_it_is_then(
    database, due, add, store, make_post
) -> None:
    plan = await add()
    await store(make_post(1, "Ferry late"), make_post(2, "Tram late"))
    compose = due.compose

    async def change() -> None:
        async with database.transaction() as tx:
            await plans.update_plan(tx, plan.id, query="ferry")

    async def composing(conn, period):
        await asyncio.create_task(change())
        due.compose = compose
        return await compose(conn, period)

    due.compose = composing
    await due.run()
    assert await told(database) == []
    await due.run()
    ((_, text),) = await told(database)
    assert "Ferry late" in text and "Tram" not in text


@pytest.mark.parametrize("turns", range(0, 60, 3))
async def test_whatever_is_cut_off_is_told_once(
    database, due, add, store, make_post, turns: int
) -> None:
    for chat_id in range(1, 4):
        await add(chat_id)
    await store(make_post(1, "Ferry late"))
    work = asyncio.create_task(due.run())
    for _ in range(turns):
        await asyncio.sleep(0)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    await due.run()
    assert [chat for chat, _ in await told(database)] == [1, 2, 3]


async def test_a_database_that_cannot_be_read_is_an_error(database, due, add) -> None:
    await add()
    async with database.transaction() as tx:
        await tx.execute("ALTER TABLE plan RENAME TO away")
    with pytest.raises(StorageError):
        await due.run()


@pytest.mark.parametrize(
    ("made", "told_until", "hours"),
    [
        (-30, None, -4),  # a time was missed since it was made
        (-3, None, 20),
        (-30, -4, 20),
        (-30, -10, -4),
    ],
)
async def test_plans_of_before_are_due_when_they_were(
    database, due, add, now, clock, made: int, told_until: int | None, hours: int
) -> None:
    """``now`` is noon; the plan is for eight o'clock."""
    plan = await add(
        times="daily 08:00",
        due_at=None,
        told_until=None if told_until is None else now + told_until * HOUR,
    )
    async with database.transaction() as tx:
        created = int((now + made * HOUR).timestamp() * 1_000_000)
        await tx.execute("UPDATE plan SET created_at = ?", (created,))
    assert first_due(await plan_of(database, plan), now) == now + hours * HOUR
    await due.run()
    assert (await plan_of(database, plan)).due_at == now + 20 * HOUR
