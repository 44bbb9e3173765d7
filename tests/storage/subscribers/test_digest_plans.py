"""When a chat gets its digest."""

from datetime import datetime, time

import pytest

from storage.connection import Connection
from storage.errors import NotFoundError
from storage.subscribers import digests, subscribers


@pytest.fixture(autouse=True)
async def chats(tx: Connection, now: datetime) -> None:
    """Three who may have a digest."""
    for chat_id in (1, 2, 3):
        await subscribers.add_subscriber(tx, chat_id=chat_id, now=now)


async def test_a_chat_has_one_plan(tx: Connection, now: datetime) -> None:
    await digests.set_plan(tx, chat_id=1, local_time=time(8, 5), timezone="UTC", now=now)
    other = await digests.set_plan(tx, chat_id=2, local_time=time(0), timezone="UTC", now=now)
    plan = await digests.set_plan(
        tx, chat_id=1, local_time=time(23, 59), timezone="Asia/Tokyo", now=now
    )
    assert (plan.chat_id, plan.local_time, plan.timezone) == (1, time(23, 59), "Asia/Tokyo")
    assert plan.created_at == now
    assert await digests.find_plan(tx, 1) == plan
    assert await digests.find_plan(tx, 2) == other
    assert await digests.list_plans(tx) == [plan, other]
    await subscribers.deactivate(tx, 2)
    assert await digests.list_plans(tx) == [plan]
    assert await digests.remove_plan(tx, 1)
    assert not await digests.remove_plan(tx, 1)
    assert await digests.find_plan(tx, 2) == other
    with pytest.raises(NotFoundError):
        await digests.set_plan(tx, chat_id=9, local_time=time(8), timezone="UTC", now=now)


async def test_a_plan_moves_with_its_chat(tx: Connection, now: datetime) -> None:
    for chat_id in (1, 2, 3):
        await digests.set_plan(tx, chat_id=chat_id, local_time=time(8), timezone="UTC", now=now)
    assert not await digests.move_plan(tx, 1, "UTC")
    assert await digests.move_plan(tx, 1, "Asia/Tokyo")
    moved, other = await digests.find_plan(tx, 1), await digests.find_plan(tx, 2)
    assert moved is not None and other is not None
    assert (moved.local_time, moved.timezone, other.timezone) == (time(8), "Asia/Tokyo", "UTC")
    # Chat 1 chose the zone of the others, chat 2 another one, chat 3 none.
    await subscribers.update_subscriber(tx, 1, timezone="UTC")
    await subscribers.update_subscriber(tx, 2, timezone="Europe/Berlin")
    elsewhere = await digests.list_plans_elsewhere(tx, "UTC", limit=9)
    assert [plan.chat_id for plan in elsewhere] == [1, 2]
    assert len(await digests.list_plans_elsewhere(tx, "UTC", limit=1)) == 1
    assert len(await digests.list_plans_elsewhere(tx, "Asia/Tokyo", limit=9)) == 3
    await digests.convert_plan(tx, moved.id, local_time=time(23), timezone="UTC")
    converted = await digests.find_plan(tx, 1)
    assert converted is not None
    assert (converted.local_time, converted.timezone) == (time(23), "UTC")
    assert await digests.find_plan(tx, 2) == other
