from datetime import datetime

import pytest

from storage.chats import moving
from storage.connection import Database
from storage.outbox import outbox, queueing
from storage.payloads import AlertPayload
from storage.records import NewDelivery
from storage.stories import folded
from storage.subscribers import alerts, plans, subscribers

FORMER, PRESENT = -777, -1000000000042


async def test_a_chat_takes_its_alerts_plan_and_queue_along(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        await subscribers.add_subscriber(
            tx, chat_id=FORMER, access_hash=None, username=None, name="Crew", language="ru", now=now
        )
        alert = await alerts.add_alert(tx, chat_id=FORMER, query="ferry", now=now)
        await plans.add_plan(
            tx, chat_id=FORMER, times="daily 09:00", timezone="UTC", due_at=now, now=now
        )
        row = NewDelivery(
            chat_id=FORMER,
            kind="alert",
            key="alert:1",
            payload=AlertPayload(doc_id="tg:1/2"),
            story="tg:1/2",
            priority=1,
            due_at=now,
            created_at=now,
        )
        await queueing.add_deliveries(tx, [row])

        assert await moving.move_chat(tx, FORMER, PRESENT, access_hash=9)
        assert not await moving.move_chat(tx, FORMER, PRESENT)

        assert await subscribers.find_subscriber(tx, FORMER) is None
        moved = await subscribers.get_subscriber(tx, PRESENT)
        assert (moved.name, moved.language, moved.access_hash) == ("Crew", "ru", 9)
        (kept,) = await alerts.list_alerts(tx, PRESENT)
        assert kept.id == alert.id
        assert len(await plans.list_plans(tx, PRESENT)) == 1
        delivery = await outbox.find_delivery(tx, row.key)
        assert delivery is not None
        assert (delivery.chat_id, delivery.state) == (PRESENT, "queued")
        told = await folded.list_told(tx, ["tg:1/2"])
        assert [one.post for one in told[PRESENT, "tg:1/2"]] == ["tg:1/2"]


async def test_a_chat_that_nobody_knows_has_nothing_to_take_along(database: Database) -> None:
    async with database.transaction() as tx:
        assert not await moving.move_chat(tx, FORMER, PRESENT)
        assert await subscribers.find_subscriber(tx, PRESENT) is None


@pytest.mark.parametrize(("former_active", "known"), [(True, True), (False, False), (False, True)])
async def test_a_chat_known_under_its_new_id_takes_the_settings_over(
    database: Database, now: datetime, former_active: bool, known: bool
) -> None:
    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=-777, name="Crew", now=now)
        await subscribers.update_subscriber(
            tx, -777, timezone="Asia/Tokyo", admitted=True, active=former_active
        )
        if known:
            await subscribers.add_subscriber(tx, chat_id=-1_000_000_000_042, name="Crew", now=now)
        assert await moving.move_chat(tx, -777, -1_000_000_000_042)
        moved = await subscribers.get_subscriber(tx, -1_000_000_000_042)
    assert (moved.timezone, moved.admitted) == ("Asia/Tokyo", True)
    assert moved.active is (former_active or known)
