"""What chats get by the clock."""

from datetime import datetime, timedelta

import pytest

from storage.chats import moving
from storage.connection import Connection
from storage.errors import NotFoundError, StorageError
from storage.records import Plan
from storage.subscribers import plans, subscribers

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
async def chats(tx: Connection, now: datetime) -> None:
    """Three who may have plans."""
    for chat_id in (1, 2, 3):
        await subscribers.add_subscriber(tx, chat_id=chat_id, now=now)


async def add(tx: Connection, chat_id: int, now: datetime, times: str = "daily 08:05") -> Plan:
    return await plans.add_plan(
        tx, chat_id=chat_id, times=times, timezone="UTC", due_at=now + HOUR, now=now
    )


async def test_a_chat_has_any_number_of_plans(tx: Connection, now: datetime) -> None:
    first = await add(tx, 1, now)
    other = await add(tx, 1, now, "every 3h")
    await add(tx, 2, now)
    assert await plans.list_plans(tx, 1) == [first, other]
    assert await plans.find_plan(tx, first.id) == first
    assert first.token != other.token
    with pytest.raises(StorageError):
        await add(tx, 9, now)


async def test_a_plan_is_changed_in_every_field(tx: Connection, now: datetime) -> None:
    plan = await add(tx, 1, now)
    fields = {
        "name": "Morning",
        "query": "grain",
        "channels": (3, 5),
        "times": "weekly mon 09:00",
        "timezone": "Asia/Tokyo",
        "most": 5,
        "short": True,
        "says_nothing_new": True,
        "paused": True,
        "told_until": now,
        "due_at": now + 2 * HOUR,
        "removed_at": now + HOUR,
    }
    changed = await plans.update_plan(tx, plan.id, **fields)
    assert {name: getattr(changed, name) for name in fields} == fields
    assert await plans.find_plan(tx, plan.id) == changed
    with pytest.raises(TypeError, match="kind"):
        await plans.update_plan(tx, plan.id, kind="review")
    with pytest.raises(NotFoundError):
        await plans.update_plan(tx, 99, name="x")


async def test_a_plan_that_was_removed_is_kept_for_a_day(tx: Connection, now: datetime) -> None:
    plan = await add(tx, 1, now)
    await plans.update_plan(tx, plan.id, removed_at=now)
    assert await plans.list_plans(tx, 1) == []
    assert await plans.list_due(tx, now=now + 2 * HOUR, after=0, limit=9) == []
    assert await plans.find_next_due(tx, after=now) is None
    assert await plans.prune_removed(tx, now=now + plans.KEPT_FOR) == 0
    assert await plans.prune_removed(tx, now=now + plans.KEPT_FOR + HOUR) == 1
    assert await plans.find_plan(tx, plan.id) is None


async def test_what_is_due_is_listed_by_pages(tx: Connection, now: datetime) -> None:
    made = [await add(tx, chat_id, now) for chat_id in (1, 2, 3)]
    await plans.update_plan(tx, made[1].id, due_at=now + 3 * HOUR)
    assert await plans.list_due(tx, now=now, after=0, limit=9) == []
    at = now + HOUR
    assert await plans.list_due(tx, now=at, after=0, limit=1) == [made[0]]
    assert await plans.list_due(tx, now=at, after=made[0].id, limit=9) == [made[2]]
    assert await plans.find_next_due(tx, after=now) == at
    assert await plans.find_next_due(tx, after=at) == now + 3 * HOUR


async def test_only_single_daily_times_can_be_told_in_another_zone(
    tx: Connection, now: datetime
) -> None:
    daily = await add(tx, 1, now)
    await add(tx, 1, now, "daily 08:00, 18:00")
    await add(tx, 1, now, "every 3h")
    await subscribers.update_subscriber(tx, 1, timezone="Asia/Tokyo")
    assert await plans.list_elsewhere(tx, "UTC", limit=9) == [daily]
    assert await plans.list_elsewhere(tx, "UTC", limit=0) == []


async def test_plans_move_with_their_chat_but_for_those_that_are_there(
    tx: Connection, now: datetime
) -> None:
    await add(tx, 1, now)
    other = await add(tx, 1, now, "every 3h")
    there = await add(tx, 2, now)
    await moving.move_chat(tx, 1, 2)
    assert [plan.id for plan in await plans.list_plans(tx, 2)] == [other.id, there.id]
