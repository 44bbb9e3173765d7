"""Putting together what a chat is told of at one time."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from storage.connection import Connection, Database
from storage.outbox import bundles, held, outbox, queueing
from storage.payloads import AlertPayload
from storage.records import PRIORITY_ALERT, Delivery, NewDelivery
from storage.subscribers import subscribers

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
            payload=AlertPayload(doc_id=f"tg:1/{number}", alerts=((1, "oil"),), silent=number > 0),
            priority=PRIORITY_ALERT,
            due_at=now,
            created_at=now,
            bundle=bundle,
            story=f"tg:1/{number}",
        )
        for number in range(count)
    ]
    await queueing.add_deliveries(tx, rows)
    return await outbox.claim_due(tx, now=now, limit=100, lease_until=now + MINUTE, per_chat=3)


def told(row: Delivery) -> list[str]:
    return [line.doc_id for line in row.listed.posts]


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
    assert (row.kind, row.is_silent, row.listed.late) == ("bundle", False, False)
    assert await outbox.count_by_state(tx) == {"bundled": count, "queued": 1}


async def test_what_was_missed_is_told_in_order(tx: Connection, now: datetime) -> None:
    (row,) = await gather(tx, 60, bundles.LATE, now)
    assert told(row) == [f"tg:1/{number}" for number in range(60)]
    assert row.listed.late


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


async def test_what_may_have_been_told_is_one_list_even_of_two(
    tx: Connection, now: datetime
) -> None:
    (row,) = await gather(tx, 2, bundles.AWAY, now)
    assert told(row) == ["tg:1/0", "tg:1/1"]
    assert (row.listed.late, row.listed.away) == (False, True)


async def test_a_list_has_the_id_of_what_it_holds(tx: Connection, now: datetime) -> None:
    """In another life of the database, with other row numbers."""
    (before,) = await gather(tx, 12, bundles.LATE, now)
    await tx.execute("DELETE FROM delivery")
    await queue(tx, 1, "other", now)
    await tx.execute("DELETE FROM delivery")
    (same,) = await gather(tx, 12, bundles.LATE, now)
    await tx.execute("DELETE FROM delivery")
    (other,) = await gather(tx, 13, bundles.LATE, now)
    assert same.id != before.id
    assert same.random_id == before.random_id != other.random_id


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("due", "at", "doubted"),
    [
        (-2 * HOUR, -HOUR, True),
        (-2 * HOUR, -3 * HOUR, False),
        (-HOUR / 2, -HOUR / 4, False),
        (-HOUR / 2, -HOUR, False),
        (-9 * HOUR, 0 * HOUR, True),
        (-2 * HOUR, -2 * HOUR, False),
        (-HOUR, -HOUR / 2, False),
    ],
)
async def test_only_what_was_due_before_a_restore_and_long_ago_is_doubted(
    tx: Connection, now: datetime, due: timedelta, at: timedelta, doubted: bool
) -> None:
    restored = bundles.Restored(at=now + at, told_at=now + MINUTE)
    assert restored.doubts(now + due, now=now) is doubted
    await queue(tx, 3, "held:1", now + due)
    until = now + 9 * HOUR
    held_back = await bundles.hold_doubtful(tx, restored, now=now, expires_at=until)
    assert held_back == (3 if doubted else 0)
    later = now + MINUTE
    await outbox.release_all(tx)
    claimed = await outbox.claim_due(tx, now=later, limit=9, lease_until=later + MINUTE)
    assert {(row.bundle, row.due_at) for row in claimed} == (
        {(bundles.AWAY, later)} if doubted else {("held:1", now + due)}
    )


async def test_nothing_of_another_chat_or_bundle_and_nothing_early_is_put_together(
    tx: Connection, now: datetime
) -> None:
    def row(key: str, **fields: object) -> NewDelivery:
        given = {"chat_id": CHAT, "kind": "alert", "priority": PRIORITY_ALERT, "due_at": now}
        given |= {"bundle": "held:1", "payload": AlertPayload(doc_id=key), "created_at": now}
        return NewDelivery(key=key, **{**given, **fields})  # type: ignore[arg-type]

    await queueing.add_deliveries(
        tx,
        [
            row("tg:1/1"),
            row("tg:1/2"),
            row("tg:1/3", bundle="held:2"),
            row("tg:1/4", chat_id=6),
            row("tg:1/5", kind="update"),
            row("tg:1/6", due_at=now + MINUTE),
            row("tg:1/7", bundle=None),
            row("tg:1/8", topic=9),
            row("tg:1/9"),
        ],
    )
    await tx.execute("UPDATE delivery SET payload = '[]' WHERE key = ?", ("tg:1/9",))
    claimed = await outbox.claim_due(tx, now=now, limit=100, lease_until=now + MINUTE)
    rows = await bundles.gather(tx, claimed, now=now, lease_until=now + MINUTE)
    (bundle,) = [one for one in rows if one.kind == "bundle"]
    assert told(bundle) == ["tg:1/2", "tg:1/1"]
    assert sorted(one.key for one in rows if one is not bundle) == [
        f"tg:1/{number}" for number in (3, 4, 5, 7, 8, 9)
    ]
