"""Putting together what a chat is told of at one time."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from storage import bundles, held, outbox, subscribers
from storage.database import Connection, Database
from storage.records import PRIORITY_ALERT, Delivery, NewDelivery

CHAT = 5
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def tx(database: Database) -> AsyncIterator[Connection]:
    async with database.transaction() as opened:
        yield opened


async def queue(tx: Connection, count: int, bundle: str, now: datetime) -> list[Delivery]:
    """Queue so many alerts and claim what a courier would hold of them."""
    rows = [
        NewDelivery(
            chat_id=CHAT,
            kind="alert",
            key=f"alert:{CHAT}:tg:1/{number}",
            payload={"doc_id": f"tg:1/{number}", "alerts": [[1, "oil"]], "silent": number > 0},
            priority=PRIORITY_ALERT,
            due_at=now,
            created_at=now,
            bundle=bundle,
            story=f"tg:1/{number}",
        )
        for number in range(count)
    ]
    await outbox.add_deliveries(tx, rows)
    return await outbox.claim_due(tx, now=now, limit=100, lease_until=now + MINUTE, per_chat=3)


def told(row: Delivery) -> list[str]:
    return [doc_id for doc_id, _, _ in row.payload["posts"]]


async def gather(
    tx: Connection, count: int, bundle: str, now: datetime, *, is_channel: bool = False
) -> list[Delivery]:
    await subscribers.add_subscriber(tx, chat_id=CHAT, is_channel=is_channel, now=now)
    claimed = await queue(tx, count, bundle, now)
    return await bundles.gather(tx, claimed, now=now, lease_until=now + MINUTE)


@pytest.mark.parametrize("count", [2, 25, 26, 300])
async def test_what_was_held_is_one_message_newest_first(
    tx: Connection, now: datetime, count: int
) -> None:
    (row,) = await gather(tx, count, held.bundle_name(now), now)
    assert told(row) == [f"tg:1/{number}" for number in reversed(range(count))]
    assert (row.kind, row.payload["silent"], row.payload["late"]) == ("bundle", False, False)
    assert await outbox.count_by_state(tx) == {"bundled": count, "queued": 1}


async def test_what_was_missed_is_told_in_order(tx: Connection, now: datetime) -> None:
    (row,) = await gather(tx, 60, bundles.LATE, now)
    assert told(row) == [f"tg:1/{number}" for number in range(60)]
    assert row.payload["late"]


@pytest.mark.parametrize(
    ("count", "bundle"), [(1, "held:1"), (bundles.MUCH, bundles.LATE), (1, bundles.LATE)]
)
async def test_little_goes_alone(tx: Connection, now: datetime, count: int, bundle: str) -> None:
    rows = await gather(tx, count, bundle, now)
    assert {row.kind for row in rows} == {"alert"}
    assert await outbox.count_by_state(tx) == {"queued": count}


async def test_in_a_channel_a_long_list_is_several_messages_in_order(
    tx: Connection, now: datetime
) -> None:
    rows = await gather(tx, 60, held.bundle_name(now), now, is_channel=True)
    assert [len(told(row)) for row in rows] == [25, 25, 10]
    assert [doc_id for row in rows for doc_id in told(row)] == [
        f"tg:1/{number}" for number in range(60)
    ]


async def test_a_bundle_that_was_made_is_not_made_again(tx: Connection, now: datetime) -> None:
    (row,) = await gather(tx, 30, held.bundle_name(now), now)
    await outbox.release(tx, [row.id])
    again = await outbox.claim_due(tx, now=now, limit=100, lease_until=now + MINUTE)
    again = await bundles.gather(tx, again, now=now, lease_until=now + MINUTE)
    assert [one.id for one in again] == [row.id]
