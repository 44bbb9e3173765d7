"""Notices that wait for an operator who cannot be written to."""

from datetime import datetime, timedelta

import pytest

from storage.connection import Database
from storage.outbox import notices, outbox, queueing
from storage.outbox.new_rows import NOTICE_KEPT_FOR
from storage.payloads import TextPayload
from storage.records import PRIORITY_ALERT, DeliveryKind, NewDelivery

ADMIN = 7


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "MOST", 3)


async def add(
    database: Database, number: int, at: datetime, *, kind: DeliveryKind = "notice"
) -> None:
    row = NewDelivery(
        chat_id=ADMIN,
        kind=kind,
        key=f"{kind}:{number}",
        payload=TextPayload(text=str(number)),
        priority=PRIORITY_ALERT,
        due_at=at,
        created_at=at,
        expires_at=at + NOTICE_KEPT_FOR,
    )
    async with database.transaction() as tx:
        await queueing.add_deliveries(tx, [row])


async def claim(database: Database, now: datetime) -> list[str]:
    async with database.transaction() as tx:
        rows = await outbox.claim_due(tx, now=now, limit=100, lease_until=now + timedelta(hours=1))
        await outbox.release(tx, [row.id for row in rows])
    return [row.key for row in rows]


async def hold(database: Database) -> None:
    async with database.transaction() as tx:
        await outbox.mark_gone(tx, ADMIN)
        await notices.hold_notices(tx, ADMIN, reason="PEER_ID_INVALID")


async def release(database: Database, now: datetime) -> int:
    async with database.transaction() as tx:
        return await notices.release_notices(tx, ADMIN, now=now)


async def test_notices_wait_and_are_told_in_their_order_and_the_rest_is_given_up(
    database: Database, now: datetime
) -> None:
    await add(database, 1, now)
    await add(database, 2, now, kind="alert")
    await hold(database)
    later = now + timedelta(hours=1)
    assert await claim(database, later) == []
    await add(database, 3, later)
    # What comes while another waits is not tried.
    assert await claim(database, later) == []
    assert await release(database, later) == 2
    assert await claim(database, later) == ["notice:1", "notice:3"]


async def test_nothing_but_notices_waits_behind_one_that_is_held(
    database: Database, now: datetime
) -> None:
    await add(database, 1, now)
    await hold(database)
    later = now + timedelta(hours=1)
    await add(database, 2, later)
    await add(database, 3, later, kind="alert")
    assert await claim(database, later) == ["alert:3"]


async def test_of_many_the_latest_are_told(database: Database, now: datetime) -> None:
    for number in range(5):
        await add(database, number, now + timedelta(minutes=number))
    await hold(database)
    later = now + timedelta(hours=1)
    assert await release(database, later) == 3
    assert await claim(database, later) == ["notice:2", "notice:3", "notice:4"]
    async with database.reader() as conn:
        assert await outbox.count_by_state(conn) == {"queued": 3, "expired": 2}


async def test_what_nobody_came_for_in_a_week_is_given_up(
    database: Database, now: datetime
) -> None:
    await add(database, 1, now)
    await hold(database)
    later = now + timedelta(days=8)
    async with database.transaction() as tx:
        assert len(await outbox.expire(tx, now=later)) == 1
    assert await release(database, later) == 0
