"""What a person is told who lets the bot write somewhere."""

from datetime import timedelta
from typing import Any

import pytest

from handlers.chats.arrivals import Departures, arrival_message
from handlers.conversation.requests import Request
from storage import times
from storage.channels import channels
from storage.outbox import outbox
from storage.outbox.gate import Outbox
from storage.payloads import TextPayload
from storage.records import Subscriber
from storage.structs import replace
from storage.subscribers import alerts, managed, plans, silences, subscribers, surges

CLUB = -1_001_700_000_001


@pytest.fixture
def club(now: Any) -> Subscriber:
    return Subscriber(
        chat_id=CLUB, username="Ferry_Club", name="Ferry Club", is_channel=True, created_at=now
    )


@pytest.fixture
def person(now: Any) -> Subscriber:
    return Subscriber(chat_id=1, created_at=now)


def told(chat: Subscriber, person: Subscriber, kept: int, services: Any) -> Any:
    request = Request(chat_id=1, sender_id=1, text="", now=person.created_at)
    return arrival_message(chat, person, kept, request, services)


@pytest.mark.parametrize(("username", "handle"), [("Ferry_Club", "@Ferry_Club"), (None, str(CLUB))])
async def test_who_lets_the_bot_in_learns_how_to_go_on(
    ann: Any, club: Subscriber, person: Subscriber, username: str | None, handle: str
) -> None:
    async def role_of(chat_id: int, user_id: int) -> str:
        return "manager"

    services = replace(ann.services, role_of=role_of)
    message = told(replace(club, username=username), person, 0, services)
    first, here, there = message.text.text.splitlines()
    assert "Ferry Club" in first
    assert f"/for {handle} /alert " in here
    assert "/alert@dateline_bot " in there
    assert [span.kind for span in message.text.spans].count("code") == 2
    ((ask,),) = message.keyboard
    assert ask.data == f"rn|for|{handle} /alert"


@pytest.mark.parametrize(("kept", "count"), [(1, "1 alert"), (2, "2 alerts")])
def test_what_was_kept_there_is_on_again(
    services: Any, club: Subscriber, person: Subscriber, kept: int, count: str
) -> None:
    message = told(club, person, kept, services)
    assert "Ferry Club" in message.text.text and count in message.text.text
    assert message.keyboard == ()


@pytest.mark.parametrize("kept", [0, 2])
def test_a_private_instance_says_how_a_chat_is_let_in(
    services: Any, club: Subscriber, person: Subscriber, kept: int
) -> None:
    private = replace(services, access="private")
    refused = told(club, person, kept, private)
    assert str(CLUB) in refused.text.text
    assert "/alert" not in refused.text.text
    admitted = replace(club, admitted=True)
    assert told(admitted, person, kept, private) == told(club, person, kept, services)


@pytest.mark.parametrize("setting", ["alert", "plan", "silence", "surge", None])
async def test_who_manages_a_channel_is_told_once_that_the_bot_may_write_there_no_more(
    database: Any, now: Any, setting: str | None
) -> None:
    gate = Outbox(on_lost=Departures(language="en", timezone="UTC").tell)
    async with database.transaction() as tx:
        for chat_id, language in ((CLUB, None), (1, None), (2, "ru"), (3, None), (4, None)):
            await subscribers.add_subscriber(
                tx, chat_id=chat_id, name="Ferry Club", language=language, now=now
            )
        for person in (1, 2, 3):
            await managed.note_managed(tx, person, CLUB, now=now)
        await subscribers.deactivate(tx, 3)
        match setting:
            case "alert":
                await alerts.add_alert(tx, chat_id=CLUB, query="ferry", now=now)
            case "plan":
                await plans.add_plan(
                    tx, chat_id=CLUB, times="daily 8", timezone="UTC", due_at=now, now=now
                )
            case "silence":
                quay = await channels.add_channel(tx, channel_id=7, title="Quay", now=now)
                await silences.add_silence(tx, CLUB, quay.id, now=now)
            case "surge":
                await surges.add_surge(tx, CLUB, "ferry", now=now)
    for _ in range(2):
        async with database.transaction() as tx:
            await gate.chat_left(tx, CLUB, reason="CHAT_ADMIN_REQUIRED", now=now)
    async with database.reader() as conn:
        rows = await conn.fetch_all("SELECT id, chat_id FROM delivery ORDER BY chat_id")
        told = await outbox.list_deliveries(conn, [row["id"] for row in rows])
    assert [row["chat_id"] for row in rows] == ([] if setting is None else [1, 2])
    if told:
        by_chat = {row.chat_id: row.payload.text for row in told}
        assert by_chat[1].startswith("I may no longer write in Ferry Club: nothing comes there.")
        assert by_chat[2].startswith("В Ferry Club мне больше нельзя писать")


async def test_who_sleeps_is_told_that_the_bot_may_write_no_more_when_they_wake(
    database: Any, now: Any
) -> None:
    gate = Outbox(on_lost=Departures(language="en", timezone="UTC").tell)
    begins, ends = (now + timedelta(hours=hours) for hours in (-1, 2))
    async with database.transaction() as tx:
        for chat_id in (CLUB, 1, 2):
            await subscribers.add_subscriber(tx, chat_id=chat_id, name="Ferry Club", now=now)
        for person in (1, 2):
            await managed.note_managed(tx, person, CLUB, now=now)
        await subscribers.update_subscriber(
            tx, 1, quiet_from=begins.time(), quiet_until=ends.time()
        )
        await alerts.add_alert(tx, chat_id=CLUB, query="ferry", now=now)
        await gate.chat_left(tx, CLUB, reason="CHAT_ADMIN_REQUIRED", now=now)
    async with database.reader() as conn:
        rows = await conn.fetch_all("SELECT chat_id, due_at FROM delivery ORDER BY chat_id")
    due = {row["chat_id"]: times.from_epoch(row["due_at"]) for row in rows}
    assert due == {1: ends, 2: now}


async def test_each_loss_of_a_channel_is_told_of_and_many_at_once_as_one(
    database: Any, now: Any
) -> None:
    gate = Outbox(on_lost=Departures(language="en", timezone="UTC").tell)
    now = now.replace(minute=30)
    for hours in (0, 0.001, 0.1, 5):
        later = now + timedelta(hours=hours)
        async with database.transaction() as tx:
            for chat_id in (CLUB, 1):
                await subscribers.add_subscriber(tx, chat_id=chat_id, name="Club", now=later)
            await subscribers.update_subscriber(tx, CLUB, active=True)
            await managed.note_managed(tx, 1, CLUB, now=later)
            await alerts.add_alert(tx, chat_id=CLUB, query=f"ferry {hours}", now=later)
            await gate.chat_left(tx, CLUB, reason="CHAT_ADMIN_REQUIRED", now=later)
    async with database.reader() as conn:
        rows = await conn.fetch_all("SELECT chat_id FROM delivery")
    assert [row["chat_id"] for row in rows] == [1, 1]


@pytest.mark.parametrize(("is_sent", "count"), [(False, 1), (True, 2)])
async def test_a_loss_of_what_was_written_to_meanwhile_is_another(
    database: Any, now: Any, count: int, *, is_sent: bool
) -> None:
    gate = Outbox(on_lost=Departures(language="en", timezone="UTC").tell)
    async with database.transaction() as tx:
        for chat_id in (CLUB, 1):
            await subscribers.add_subscriber(tx, chat_id=chat_id, name="Club", now=now)
        await managed.note_managed(tx, 1, CLUB, now=now)
        await alerts.add_alert(tx, chat_id=CLUB, query="ferry", now=now)
        await gate.chat_left(tx, CLUB, reason="CHAT_WRITE_FORBIDDEN", now=now)
        await subscribers.update_subscriber(tx, CLUB, active=True)
        await gate.queue_answer(tx, CLUB, "a", TextPayload(text="said"), now=now)
        (row,) = [
            row
            for row in await outbox.claim_due(tx, now=now, limit=9, lease_until=now)
            if row.chat_id == CLUB
        ]
        if is_sent:
            await outbox.mark_all_sent(tx, [(row.id, 7, now)])
        await gate.chat_left(tx, CLUB, reason="CHAT_WRITE_FORBIDDEN", now=now)
        rows = await tx.fetch_all("SELECT id FROM delivery WHERE chat_id = 1")
    assert len(rows) == count
