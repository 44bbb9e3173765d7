"""What updates say of chats that move, and of who was put out."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import force_setattr
from telethon.tl import types

from bot.serving import membership_receiver
from handlers.chats.arrivals import Departures
from storage import times
from storage.outbox import outbox
from storage.payloads import TextPayload
from storage.subscribers import alerts, managed, subscribers

WHEN = datetime(2026, 1, 2, tzinfo=UTC)


def service(peer: Any, action: Any) -> Any:
    return types.MessageService(id=1, peer_id=peer, date=WHEN, action=action)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        pytest.param(
            service(types.PeerChat(777), types.MessageActionChatMigrateTo(42)),
            (-777, -1000000000042),
            id="said in the group",
        ),
        pytest.param(
            service(types.PeerChannel(42), types.MessageActionChannelMigrateFrom("Crew", 777)),
            (-777, -1000000000042),
            id="said in the supergroup",
        ),
        pytest.param(
            service(types.PeerChannel(42), types.MessageActionPinMessage()), None, id="no move"
        ),
        pytest.param(
            types.Message(id=1, peer_id=types.PeerChat(777), date=WHEN, message="hello"),
            None,
            id="a message",
        ),
    ],
)
def test_a_move_is_read_from_either_side(message: Any, expected: Any) -> None:
    assert membership_receiver.move_of(message) == expected


def group(migrated_to: Any) -> types.Chat:
    return types.Chat(
        id=777,
        title="Crew",
        photo=types.ChatPhotoEmpty(),
        participants_count=3,
        date=WHEN,
        version=1,
        migrated_to=migrated_to,
    )


@pytest.mark.parametrize(
    ("entity", "expected"),
    [
        (group(types.InputChannel(42, 1)), -1000000000042),
        (group(types.InputChannelEmpty()), None),
        (group(None), None),
        (None, None),
    ],
)
def test_what_a_group_has_become_is_read_from_the_group(entity: Any, expected: Any) -> None:
    assert membership_receiver.present_of(entity) == expected


async def test_a_group_that_has_moved_is_not_taken_for_one_that_put_the_bot_out(
    counter: Any,
) -> None:
    ann = await begin(counter)
    object.__setattr__(
        counter.services.outbox, "_on_lost", Departures(language="en", timezone="UTC").tell
    )
    async with counter.db.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=-777, name=CREW, now=WHEN)
        await alerts.add_alert(tx, chat_id=-777, query="ferry", now=WHEN)
        await managed.note_managed(tx, ann, -777, now=WHEN)
    bot = counter.bot.id
    update = types.UpdateChatParticipant(
        chat_id=777,
        date=WHEN,
        actor_id=ann,
        user_id=bot,
        qts=1,
        prev_participant=types.ChatParticipant(user_id=bot, inviter_id=ann, date=WHEN),
    )
    present = types.Channel(id=42, access_hash=9, title=CREW, photo=None, date=WHEN)
    update._entities = {-777: group(types.InputChannel(42, 1)), -1000000000042: present}
    planned: list[int] = []
    force_setattr(counter.services, "plans_changed", planned.append)
    await counter.receiver._memberships._change(update)
    assert planned == [-777, -1000000000042]
    row = await wait_row(counter, -1000000000042, lambda row: row.active)
    assert (row.name, row.access_hash) == (CREW, 9)
    assert await counter.answers(0) == []


@pytest.mark.parametrize(
    ("denied", "is_lost", "is_back"),
    [
        ({}, True, True),
        ({"send_media": True}, True, True),
        ({"send_messages": True}, True, False),
        ({"send_plain": True}, True, False),
        ({}, False, False),
    ],
)
async def test_a_group_whose_members_may_write_again_is_found_again(
    counter: Any,
    monkeypatch: pytest.MonkeyPatch,
    denied: dict[str, bool],
    is_lost: bool,
    is_back: bool,
) -> None:
    """One that was stopped stays so."""
    await begin(counter)
    chat = -1000000000042
    async with counter.db.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=chat, name=CREW, now=WHEN)
        await alerts.add_alert(tx, chat_id=chat, query="ferry", now=WHEN)
        if is_lost:
            await counter.services.outbox.chat_left(
                tx, chat, reason="CHAT_WRITE_FORBIDDEN", now=WHEN
            )
        else:
            await subscribers.update_subscriber(tx, chat, active=False)
    rights = types.ChatBannedRights(until_date=None, **denied)
    update = types.UpdateChatDefaultBannedRights(types.PeerChannel(42), rights, version=2)
    receiver = counter.receiver._memberships
    held: list[int] = []
    monkeypatch.setattr(receiver, "_put", lambda id, _update, _work: held.append(id))
    await receiver._on_rights(update)
    for id in held:
        await receiver._find_again(id)
    async with counter.db.reader() as conn:
        row = await subscribers.find_subscriber(conn, chat)
    assert row is not None
    assert (row.active, row.lost) == (is_back, is_lost and not is_back)


async def test_a_member_that_becomes_an_admin_of_a_lost_group_is_back(counter: Any) -> None:
    ann = await begin(counter)
    chat, bot = -1000000000042, counter.bot.id
    async with counter.db.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=chat, name=CREW, now=WHEN)
        await counter.services.outbox.queue_notice(
            tx, chat, "an event", TextPayload(text="Held"), now=datetime.now(UTC)
        )
        await counter.services.outbox.chat_left(tx, chat, reason="CHAT_WRITE_FORBIDDEN", now=WHEN)
    update = types.UpdateChannelParticipant(
        channel_id=42,
        date=WHEN,
        actor_id=ann,
        user_id=bot,
        qts=1,
        prev_participant=types.ChannelParticipant(user_id=bot, date=WHEN),
        new_participant=types.ChannelParticipantAdmin(
            user_id=bot, promoted_by=ann, date=WHEN, admin_rights=types.ChatAdminRights()
        ),
    )
    update._entities = {}
    await counter.receiver._memberships._change(update)
    await wait_row(counter, chat, lambda row: row.active and not row.lost)
    async with counter.db.reader() as conn:
        rows = await conn.fetch_all("SELECT due_at FROM delivery WHERE chat_id = ?", (chat,))
    assert [row["due_at"] <= times.to_epoch(datetime.now(UTC)) for row in rows] == [True]


CREW = "Crew"


async def wait_row(counter: Any, chat_id: int, is_so: Any) -> Any:
    """The stored chat, when it is so."""
    async with asyncio.timeout(60):
        while True:
            async with counter.db.reader() as conn:
                row = await subscribers.find_subscriber(conn, chat_id)
            if row is not None and is_so(row):
                return row
            await asyncio.sleep(0.01)


async def begin(counter: Any, **choices: Any) -> int:
    """Ann has begun with the bot; gives her id."""
    ann: int = counter.chat.user.id
    await counter.chat.send("/start")
    await counter.answers(1)
    await counter.done()
    async with counter.db.transaction() as tx:
        await subscribers.update_subscriber(tx, ann, **choices)
    return ann


async def test_a_chat_that_lets_the_bot_in_lives_as_whoever_did(counter: Any) -> None:
    ann = await begin(counter, language="ru", timezone="Asia/Tokyo")
    planned: list[int] = []
    force_setattr(counter.services, "plans_changed", planned.append)
    crew = counter.sandbox.add_group(CREW, members=[counter.chat.user])
    crew.add_member(counter.bot, by=counter.chat.user)
    chat_id = -1_000_000_000_000 - crew.id
    row = await wait_row(counter, chat_id, lambda row: row.timezone)
    assert (row.language, row.timezone, row.name) == ("ru", "Asia/Tokyo", CREW)
    assert (row.is_channel, row.active, row.access_hash is not None) == (False, True, True)
    (greeting,) = await counter.answers(1)
    assert (greeting.chat_id, greeting.kind) == (ann, "answer")
    assert CREW in greeting.text.text
    assert planned == [chat_id]
    async with counter.db.reader() as conn:
        assert await managed.list_managed(conn, ann) == []  # any member lets it into a group
    await counter.done()
    crew.remove_member(counter.bot, by=counter.chat.user)
    await wait_row(counter, chat_id, lambda row: not row.active)
    async with counter.db.transaction() as tx:
        await subscribers.update_subscriber(tx, ann, timezone="Europe/Berlin")
    crew.add_member(counter.bot, by=counter.chat.user)
    again = await wait_row(counter, chat_id, lambda row: row.active)
    assert again.timezone == "Asia/Tokyo"
    await counter.handled()


def change(who: int, before: bool, after: bool) -> Any:
    participants = [
        types.ChatParticipant(user_id=who, inviter_id=1, date=WHEN) if is_in else None
        for is_in in (before, after)
    ]
    update = types.UpdateChatParticipant(
        chat_id=777, date=WHEN, actor_id=1, user_id=who, qts=1,
        prev_participant=participants[0], new_participant=participants[1],
    )  # fmt: skip
    update._entities = {-777: group(None)}
    return update


async def test_only_what_befalls_the_bot_itself_and_changes_its_rights_counts(
    counter: Any,
) -> None:
    async with counter.db.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=-777, name="Old", now=WHEN)
        person = await subscribers.add_subscriber(tx, chat_id=1, name="Ann", now=WHEN)
        await subscribers.deactivate(tx, person.chat_id)
    bot, told = counter.bot.id, []
    for update in (
        change(counter.chat.user.id, before=True, after=False),
        change(bot, before=True, after=True),
        change(bot, before=True, after=False),
        change(bot, before=False, after=True),
    ):
        await counter.receiver._memberships._change(update)
        async with counter.db.reader() as conn:
            row = await subscribers.find_subscriber(conn, -777)
        told.append((row.name, row.active))
    assert told == [("Old", True), ("Old", True), ("Old", False), (CREW, True)]
    # Who has left the bot is not written to for letting it into a chat.
    assert await counter.answers(0) == []


async def test_who_set_a_channel_up_is_told_when_it_takes_the_right_to_post_away(
    counter: Any,
) -> None:
    ann = await begin(counter)
    object.__setattr__(
        counter.services.outbox, "_on_lost", Departures(language="en", timezone="UTC").tell
    )
    club = counter.sandbox.add_channel("Ferry Club", username="ferry_club")
    club.add_member(counter.chat.user, admin=True)
    club.add_member(counter.bot, admin=True, may_post=True, by=counter.chat.user)
    chat_id = -1_000_000_000_000 - club.id
    await wait_row(counter, chat_id, lambda row: row.active)
    await counter.answers(1)
    await counter.done()
    async with counter.db.transaction() as tx:
        await alerts.add_alert(tx, chat_id=chat_id, query="ferry", now=WHEN)
    club.add_member(counter.bot, admin=True, may_post=False, by=counter.chat.user)
    await wait_row(counter, chat_id, lambda row: not row.active)
    async with counter.db.reader() as conn:
        rows = await conn.fetch_all(
            "SELECT id FROM delivery WHERE chat_id = ? AND kind = 'notice'", (ann,)
        )
        (told,) = await outbox.list_deliveries(conn, [row["id"] for row in rows])
    assert "I may no longer write in Ferry Club" in told.payload.text


async def test_a_stranger_who_lets_the_bot_in_is_not_written_to(counter: Any) -> None:
    eve = counter.sandbox.add_user("Eve", username="eve")
    crew = counter.sandbox.add_group(CREW, members=[eve])
    crew.add_member(counter.bot, by=eve)
    row = await wait_row(counter, -1_000_000_000_000 - crew.id, lambda row: True)
    assert (row.timezone, row.active) == (None, True)
    assert await counter.answers(0) == []


async def test_who_blocks_the_bot_gets_nothing_and_who_returns_is_not_greeted_twice(
    counter: Any,
) -> None:
    ann = await begin(counter)
    await counter.chat.send("/help")
    await counter.answers(1)
    await counter.chat.user.block(counter.bot)
    await wait_row(counter, ann, lambda row: not row.active)
    assert await counter.answers(0) == []
    await counter.chat.user.unblock(counter.bot)
    await counter.chat.send("/start")
    assert len(await counter.answers(1)) == 1
    await wait_row(counter, ann, lambda row: row.active)


async def test_what_becomes_of_a_chat_is_held_for_ten_minutes_while_nothing_can_be_written(
    counter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, held, done = asyncio.get_running_loop().time, [], []

    async def noted(work: Any, until: float) -> None:
        held.append(until - clock())
        await work()

    async def work() -> None:
        done.append(True)

    monkeypatch.setattr(membership_receiver, "patiently", noted)
    counter.client.hold()
    update = types.UpdateBotStopped(user_id=5, date=WHEN, stopped=True, qts=1)
    await counter.receiver._memberships._attend(5, update, work)
    assert (held, done) == ([pytest.approx(600, abs=5)], [True])


@pytest.mark.parametrize(
    ("update", "chat_id"),
    [
        (
            types.UpdateChannelParticipant(channel_id=42, date=WHEN, actor_id=1, user_id=2, qts=3),
            -1_000_000_000_042,
        ),
        (types.UpdateChatParticipant(chat_id=42, date=WHEN, actor_id=1, user_id=2, qts=3), -42),
    ],
)
def test_the_chat_of_a_change_is_named_by_its_marked_id(update: Any, chat_id: int) -> None:
    assert membership_receiver.chat_of(update) == chat_id
