"""Notices that wait for an operator who cannot be written to."""

from datetime import datetime, timedelta

import pytest

from storage import times
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
    database: Database,
    number: int,
    at: datetime,
    *,
    kind: DeliveryKind = "notice",
    chat_id: int = ADMIN,
    kept_for: timedelta | None = NOTICE_KEPT_FOR,
) -> None:
    row = NewDelivery(
        chat_id=chat_id,
        kind=kind,
        key=f"{kind}:{number}",
        payload=TextPayload(text=str(number)),
        priority=PRIORITY_ALERT,
        due_at=at,
        created_at=at,
        expires_at=None if kept_for is None else at + kept_for,
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


async def state_of(database: Database, key: str, state: str, error: str | None = None) -> None:
    async with database.transaction() as tx:
        await tx.execute(
            "UPDATE delivery SET state = ?, last_error = ? WHERE key = ?", (state, error, key)
        )


@pytest.mark.parametrize(
    ("former", "last", "why"),
    [
        (("sent", None), ("dead", "CHAT_RESTRICTED"), "CHAT_RESTRICTED"),
        (("dead", "CHAT_RESTRICTED"), ("sent", None), None),
        (("dead", "CHAT_RESTRICTED"), ("queued", "PEER_ID_INVALID"), "PEER_ID_INVALID"),
        (("dead", "CHAT_RESTRICTED"), ("queued", None), None),
        (("sent", None), ("expired", None), "it was given up"),
        (("sent", None), ("gone", "USER_IS_BLOCKED"), "USER_IS_BLOCKED"),
    ],
)
async def test_the_last_notice_says_whether_somebody_can_be_told(
    database: Database,
    now: datetime,
    former: tuple[str, str | None],
    last: tuple[str, str | None],
    why: str | None,
) -> None:
    for number, (state, error) in enumerate((former, last)):
        await add(database, number, now)
        await state_of(database, f"notice:{number}", state, error)
    # Neither what is no notice, nor what is another's.
    await add(database, 8, now, kind="alert")
    await state_of(database, "alert:8", "dead", "an alert's")
    await add(database, 9, now, chat_id=ADMIN + 1)
    await state_of(database, "notice:9", "dead", "another's")
    async with database.reader() as conn:
        assert await notices.find_refusal(conn, ADMIN) == why
        assert await notices.find_refusal(conn, ADMIN + 2) is None


async def test_only_what_waits_for_somebody_is_put_off_and_until_it_expires(
    database: Database, now: datetime
) -> None:
    day = timedelta(days=1)
    await add(database, 1, now, kept_for=day)
    await add(database, 2, now, kept_for=None)
    await add(database, 3, now)
    await state_of(database, "notice:3", "sent")
    await add(database, 4, now, kind="alert")
    await add(database, 5, now, chat_id=ADMIN + 1)
    async with database.transaction() as tx:
        held = await notices.hold_notices(tx, ADMIN, reason="PEER_ID_INVALID")
        rows = await tx.fetch_all(
            "SELECT key, due_at, last_error FROM delivery WHERE kind <> 'update' ORDER BY key"
        )
    assert held == 2
    due = {row["key"]: times.from_epoch(row["due_at"]) for row in rows if row["last_error"]}
    assert due == {"notice:1": now + day, "notice:2": now + NOTICE_KEPT_FOR}


async def test_what_waits_without_an_end_is_told_and_what_is_another_chats_is_not(
    database: Database, now: datetime
) -> None:
    await add(database, 1, now, kept_for=None)
    await add(database, 2, now, kept_for=timedelta(hours=1))
    await add(database, 3, now, kept_for=timedelta(hours=1, seconds=1))
    await add(database, 4, now, chat_id=ADMIN + 1)
    await hold(database)
    later = now + timedelta(hours=1)
    assert await release(database, later) == 2
    async with database.reader() as conn:
        rows = await conn.fetch_all("SELECT key, due_at, last_error FROM delivery ORDER BY key")
    told = {row["key"] for row in rows if row["due_at"] == times.to_epoch(later)}
    assert told >= {"notice:1", "notice:3"} and "notice:4" not in told
    errors = {row["key"]: row["last_error"] for row in rows}
    assert errors["notice:1"] is None and errors["notice:2"] == "PEER_ID_INVALID"
