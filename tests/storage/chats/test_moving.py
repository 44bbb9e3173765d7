from datetime import datetime, timedelta

import pytest
from database_steps import mark_sent

from storage import times
from storage.chats import moving
from storage.connection import Database
from storage.outbox import bursts, new_rows, outbox, queueing, updates
from storage.payloads import AlertPayload, Line, ListPayload
from storage.records import NewDelivery
from storage.stories import folded
from storage.subscribers import alerts, plans, subscribers
from storage.undoing import takings
from storage.undoing.takings import Taken

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
        assert [one.post for one in told[PRESENT, None, "tg:1/2"]] == ["tg:1/2"]


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


async def test_what_was_refused_before_the_move_was_known_goes_to_the_new_chat(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=FORMER, name="Crew", now=now)
        rows = [
            NewDelivery(
                chat_id=FORMER,
                kind="alert",
                key=f"alert:{number}",
                payload=AlertPayload(doc_id=f"tg:1/{number}"),
                story=f"tg:1/{number}",
                priority=1,
                due_at=now,
                created_at=now,
            )
            for number in range(3)
        ]
        await queueing.add_deliveries(tx, rows[:1])
        await outbox.mark_gone(tx, FORMER)  # once, long ago
        await queueing.add_deliveries(tx, rows[1:2])
        queued = await outbox.find_delivery(tx, rows[1].key)
        assert queued is not None
        await mark_sent(tx, queued.id, 7, now)
        await queueing.add_deliveries(tx, rows[2:])
        await outbox.mark_gone(tx, FORMER)
        assert await subscribers.lose(tx, FORMER)
        assert await moving.move_chat(tx, FORMER, PRESENT)
        assert (await subscribers.get_subscriber(tx, PRESENT)).active
        states = await tx.fetch_all("SELECT state FROM delivery ORDER BY id")
    assert [row["state"] for row in states] == ["gone", "sent", "queued"]


async def test_of_what_waits_for_others_nothing_is_touched(
    database: Database, now: datetime
) -> None:
    """Each chat has an alert that is out and an edit of it that waits; one of the chats moves."""
    async with database.transaction() as tx:
        for chat_id in (FORMER, 5):
            await subscribers.add_subscriber(tx, chat_id=chat_id, now=now)
            row = NewDelivery(
                chat_id=chat_id,
                kind="alert",
                key=f"alert:{chat_id}",
                payload=AlertPayload(doc_id="tg:1/2"),
                story="tg:1/2",
                priority=1,
                due_at=now,
                created_at=now,
            )
            await queueing.add_deliveries(tx, [row])
            queued = await outbox.find_delivery(tx, row.key)
            assert queued is not None
            await mark_sent(tx, queued.id, 7, now)
        assert await updates.add_updates(tx, ["tg:1/2"], now=now) == 2
        assert await moving.move_chat(tx, FORMER, PRESENT)
        rows = await tx.fetch_all("SELECT chat_id, kind, state, closed FROM delivery ORDER BY id")
    assert [
        tuple(row[name] for name in ("chat_id", "kind", "state", "closed")) for row in rows
    ] == [
        (PRESENT, "alert", "sent", 2),
        (5, "alert", "sent", 0),
        (PRESENT, "update", "dropped", 2),
        (5, "update", "queued", 0),
    ]


async def test_what_the_new_chat_has_already_stays_its_own(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        for chat_id, asked in ((FORMER, ("ferry", "pier")), (PRESENT, ("pier",))):
            await subscribers.add_subscriber(tx, chat_id=chat_id, now=now)
            for number, query in enumerate(reversed(asked)):
                await alerts.add_alert(tx, chat_id=chat_id, query=query, now=now)
                await plans.add_plan(
                    tx, chat_id=chat_id, times=f"daily 0{8 + number}:00", timezone="UTC",
                    due_at=now, now=now,
                )  # fmt: skip
        own = {one.times: one.id for one in await plans.list_plans(tx, PRESENT)}
        kept = {one.query: one.id for one in await alerts.list_alerts(tx, PRESENT)}
        assert await moving.move_chat(tx, FORMER, PRESENT)
        found = {one.query: one.id for one in await alerts.list_alerts(tx, PRESENT)}
        assert set(found) == {"ferry", "pier"} and found["pier"] == kept["pier"]
        assert await alerts.list_alerts(tx, FORMER) == []
        moved = {one.times: one.id for one in await plans.list_plans(tx, PRESENT)}
        assert set(moved) == {"daily 08:00", "daily 09:00"}
        assert moved["daily 08:00"] == own["daily 08:00"]
        assert await plans.list_plans(tx, FORMER) == []


@pytest.mark.parametrize(
    ("former_is_active", "present_is_active", "is_active"),
    [(1, 0, True), (0, 1, True), (0, 0, False), (1, 1, True)],
)
async def test_a_chat_that_is_known_under_its_new_id_keeps_what_it_is_called(
    database: Database,
    now: datetime,
    former_is_active: int,
    present_is_active: int,
    is_active: bool,
) -> None:
    later = now + timedelta(hours=1)
    async with database.transaction() as tx:
        for chat_id, name, username, at, active in (
            (FORMER, "Crew", "crew", now, former_is_active),
            (PRESENT, "Whole crew", "whole_crew", later, present_is_active),
        ):
            await subscribers.add_subscriber(
                tx, chat_id=chat_id, username=username, name=name, language="en", now=at
            )
            await tx.execute(
                "UPDATE subscriber SET active = ?, incarnation = ? WHERE chat_id = ?",
                (active, str(abs(chat_id)), chat_id),
            )
        await tx.execute(
            "UPDATE subscriber SET language = 'ru', timezone = 'Asia/Omsk', quiet_from = 60,"
            " quiet_until = 120, quiet_but_urgent = 1, burst_after = 7, admitted = 1,"
            " last_digest_at = 5 WHERE chat_id = ?",
            (FORMER,),
        )
        (before,) = await tx.fetch_all("SELECT * FROM subscriber WHERE chat_id = ?", (PRESENT,))
        (former,) = await tx.fetch_all("SELECT * FROM subscriber WHERE chat_id = ?", (FORMER,))
        assert await moving.move_chat(tx, FORMER, PRESENT)
        (after,) = await tx.fetch_all("SELECT * FROM subscriber")
    own = ("chat_id", "username", "name", "created_at", "incarnation")
    taken = ("language", "timezone", "quiet_from", "quiet_until", "quiet_but_urgent",
             "burst_after", "admitted", "last_digest_at")  # fmt: skip
    assert [after[name] for name in own] == [before[name] for name in own]
    assert [after[name] for name in taken] == [former[name] for name in taken]
    assert bool(after["active"]) is is_active


async def test_what_was_set_up_from_a_file_can_be_undone_under_the_new_id(
    database: Database, now: datetime
) -> None:
    taken = Taken(at=times.to_epoch(now), mark="file")
    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=FORMER, now=now)
        await takings.keep(tx, FORMER, taken)
        assert await moving.move_chat(tx, FORMER, PRESENT)
        assert await takings.find_last(tx, PRESENT, now=now) == taken
        assert await takings.find_last(tx, FORMER, now=now) is None


@pytest.mark.parametrize(("topic", "kept"), [(None, None), (5, None)])
async def test_a_chat_that_stands_in_no_topic_yet_is_not_moved_into_one(
    database: Database, now: datetime, topic: int | None, kept: int | None
) -> None:
    async with database.transaction() as tx:
        for chat_id in (FORMER, PRESENT):
            await subscribers.add_subscriber(tx, chat_id=chat_id, now=now)
        await tx.execute("UPDATE subscriber SET topic = ? WHERE chat_id = ?", (topic, FORMER))
        assert await moving.move_chat(tx, FORMER, PRESENT)
        assert (await subscribers.get_subscriber(tx, PRESENT)).topic == kept


async def test_a_list_takes_no_more_lines_once_its_chat_has_moved(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=FORMER, now=now)
        await queueing.add_deliveries(
            tx,
            [
                NewDelivery(
                    chat_id=FORMER, kind="bundle", key="list", bundle=bursts.BURST, priority=1,
                    payload=ListPayload(posts=(Line(doc_id="tg:1/1"),)),
                    due_at=now, created_at=now,
                )
            ],
        )  # fmt: skip
        listed = await outbox.find_delivery(tx, "list")
        assert listed is not None
        await mark_sent(tx, listed.id, 9, now)
        edit = new_rows.list_edit(listed, 1, 2, now=now, due_at=now)
        line = NewDelivery(
            chat_id=FORMER, kind="alert", key="line", priority=1, target=listed.id,
            payload=AlertPayload(doc_id="tg:1/2"), due_at=now, created_at=now,
        )  # fmt: skip
        await queueing.add_deliveries(tx, [edit, line])
        await tx.execute("UPDATE delivery SET state = 'bundled' WHERE kind = 'alert'")
        added = await outbox.find_delivery(tx, "line")
        assert added is not None
        lines = (Line(doc_id="tg:1/1"), Line(doc_id="tg:1/2"))
        shown = ListPayload(posts=lines, rows=(0, added.id), first=1)
        await outbox.set_payload(tx, listed.id, shown)
        assert await moving.move_chat(tx, FORMER, PRESENT)
        told = await outbox.find_delivery(tx, "line")
    assert told is not None
    assert (told.chat_id, told.state, told.target) == (PRESENT, "queued", None)
