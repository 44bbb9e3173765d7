"""Acting for a group or channel: who may, what is shown, and what the buttons lead to."""

from typing import Any

import pytest

from handlers.conversation import behalf
from handlers.conversation.requests import PressResult
from handlers.render.text.messages import DATA_BYTES, Button, Message
from handlers.render.text.rich import RichText
from storage.channels import channels
from storage.records import Subscriber
from storage.structs import replace
from storage.subscribers import alerts, plans, subscribers

CLUB = -1_001_700_000_001
MANAGER, READER = 1, 2


@pytest.fixture
async def club(database: Any, now: Any) -> Subscriber:
    async with database.transaction() as tx:
        return await subscribers.add_subscriber(
            tx, chat_id=CLUB, username="Ferry_Club", name="Ferry Club", is_channel=True, now=now
        )


@pytest.fixture
def manager_of_club(services: Any, ann: Any, club: Subscriber) -> Any:
    async def role_of(chat_id: int, user_id: int) -> str:
        return {(CLUB, MANAGER): "manager", (CLUB, READER): "member"}.get(
            (chat_id, user_id), "stranger"
        )

    return replace(ann, services=replace(services, role_of=role_of))


@pytest.fixture
def reader(manager_of_club: Any) -> Any:
    return replace(manager_of_club, chat_id=READER, sender_id=READER)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("-1001700000001:ap|5|0", (CLUB, "ap|5|0")),
        ("-777:-", (-777, "-")),
        ("ap|5|0", (None, "ap|5|0")),
        ("-", (None, "-")),
        ("-0:ap", (None, "-0:ap")),
        ("777:ap|5", (None, "777:ap|5")),
        ("xq|tg:5/7|3", (None, "xq|tg:5/7|3")),
        ("", (None, "")),
    ],
)
def test_whom_a_button_is_about(data: str, expected: Any) -> None:
    assert behalf.split_data(data) == expected


def test_a_button_whose_data_would_be_too_long_is_left_out(club: Subscriber) -> None:
    room = DATA_BYTES - len(f"{CLUB}:")
    long = Button(text="long", data="x" * (room + 1))
    fits = Button(text="fits", data="x" * room)
    link = Button(text="link", url="https://example.org")
    shown = behalf.mark_message(
        Message(RichText("hi"), ((long,), (fits, link), (long, link))), club
    )
    assert [[button.text for button in row] for row in shown.keyboard] == [
        ["fits", "link"],
        ["link"],
    ]
    assert behalf.mark_result(PressResult(keyboard=()), club).keyboard == ()


@pytest.mark.parametrize(
    "name",
    ["@ferry_club", "Ferry_Club", "https://t.me/ferry_club", str(CLUB), "t.me/c/1700000001/5"],
)
async def test_a_channel_is_named_in_any_way(
    manager_of_club: Any, database: Any, name: str
) -> None:
    assert (await manager_of_club.read(f"/for {name} /alert oil")).startswith("📢 Ferry Club")
    async with database.reader() as conn:
        assert [alert.query for alert in await alerts.list_alerts(conn, CLUB)] == ["oil"]
        assert await alerts.list_alerts(conn, MANAGER) == []


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("", "This channel's settings"),
        (" alerts", "This channel has no alerts"),
        (" /digest daily 08:00", "every day at 8:00 · next: tomorrow 8:00"),
        (" /quiet 22:00-07:00", "From 22:00 to 7:00"),
        (" timezone berlin", "Europe/Berlin"),
        (" /stop", "Stopped."),
        (" /alert", "Which words shall I watch for?"),
        (" /why", "/for @Ferry_Club /why https://t.me/example_mfa/123"),
        (" /search oil", "I understand: /start"),
        (" watch @harbour", "I understand: /start"),
        (" /digest now", "/digest@dateline_bot now"),
        (" /digest NOW", "/digest@dateline_bot now"),
        (" /catchup week", "/catchup@dateline_bot friday"),
        (" /review", "/review@dateline_bot"),
        (" 5", "I understand: /start"),
    ],
)
async def test_what_is_understood_for_a_channel(
    manager_of_club: Any, command: str, answer: str
) -> None:
    if command.startswith(" /digest daily"):
        await manager_of_club.say(f"/for @ferry_club{command}")
        command = " digest"
    assert answer in await manager_of_club.read(f"/for @ferry_club{command}")


async def test_a_plain_word_after_it_answers_for_the_channel(
    manager_of_club: Any, database: Any
) -> None:
    (question,) = await manager_of_club.say("/for @ferry_club /alert")
    assert question.text.text.startswith("📢 Ferry Club")
    assert "Alert set: oil" in await manager_of_club.read("oil")
    async with database.reader() as conn:
        assert [alert.query for alert in await alerts.list_alerts(conn, CLUB)] == ["oil"]


async def test_a_question_about_a_channel_stands_after_what_answers_it_wrongly(
    manager_of_club: Any, database: Any
) -> None:
    await manager_of_club.say("/for @ferry_club /alert")
    (wrong,) = await manager_of_club.say("oil OR")
    assert wrong.keyboard[-1][0].text == "✕ Cancel"
    assert "Alert set: oil" in await manager_of_club.read("oil")
    async with database.reader() as conn:
        assert [alert.query for alert in await alerts.list_alerts(conn, CLUB)] == ["oil"]


async def test_a_question_about_a_channel_is_answered_and_cancelled_by_its_buttons(
    manager_of_club: Any, database: Any
) -> None:
    (question,) = await manager_of_club.say("/for @ferry_club /alert")
    assert "Cancelled" in (await manager_of_club.press(question.keyboard, "Cancel")).edit.text.text
    assert "over" in (await manager_of_club.press(question.keyboard, "sanctions")).toast
    (question,) = await manager_of_club.say("/for @ferry_club /alert")
    result = await manager_of_club.press(question.keyboard, "sanctions")
    assert "Alert set: sanctions" in result.reply[0].text.text
    async with database.reader() as conn:
        assert [alert.query for alert in await alerts.list_alerts(conn, CLUB)] == ["sanctions"]


async def test_in_a_group_it_is_said_where_it_belongs(manager: Any) -> None:
    assert await manager.read("/for@dateline_bot") == "Write that to me in private."


async def test_a_zone_of_a_channel_that_is_chosen_answers_the_question(
    manager_of_club: Any, database: Any
) -> None:
    (question,) = await manager_of_club.say("/for @ferry_club timezone")
    await manager_of_club.press(question.keyboard, "UTC")
    async with database.reader() as conn:
        assert (await subscribers.get_subscriber(conn, CLUB)).timezone == "UTC"
    assert (await manager_of_club.read("ferry")).startswith("Nothing found")


async def test_the_settings_of_a_channel_are_changed_by_buttons(
    manager_of_club: Any, database: Any
) -> None:
    (shown,) = await manager_of_club.say("/for @ferry_club")
    menu = await manager_of_club.press(shown.keyboard, "Digest")
    times = await manager_of_club.press(menu.edit.keyboard, "New")
    result = await manager_of_club.press(times.edit.keyboard, "on Mon at 9:00")
    assert result.edit.text.text.startswith("📢 Ferry Club")
    async with database.reader() as conn:
        assert await plans.list_plans(conn, CLUB)
        assert await plans.list_plans(conn, MANAGER) == []


@pytest.mark.parametrize("asked", ["", " /settings", " /quiet"])
async def test_what_is_shown_of_a_channel_is_how_it_is_and_not_how_its_manager_is(
    manager_of_club: Any, asked: str
) -> None:
    await manager_of_club.say("/for @ferry_club /quiet 22:00-07:00")
    await manager_of_club.say("/quiet 01:00-02:00")
    shown = await manager_of_club.read(f"/for @ferry_club{asked}")
    assert "22:00–7:00" in shown
    assert "1:00–2:00" not in shown


@pytest.mark.parametrize(
    ("command", "table"),
    [
        ("/alert ferry", "alert"),
        ("/digest daily 8:00", "plan"),
        ("/review weekly mon 9", "plan"),
        ("/surge ferry", "surge"),
        ("/silence @harbour", "silence"),
    ],
)
async def test_what_is_asked_for_again_moves_to_the_topic_where_that_was_said_alone(
    manager_of_club: Any, database: Any, now: Any, command: str, table: str
) -> None:
    async with database.transaction() as tx:
        await tx.execute("UPDATE subscriber SET is_channel = 0")
        await channels.add_channel(tx, channel_id=100, username="harbour", now=now)
    there = replace(manager_of_club, chat_id=CLUB, is_private=False)
    name, _, words = command.partition(" ")
    asked = f"{name}@dateline_bot {words}"
    for topic, kept in ((7, 7), (None, None), (8, 8)):
        await replace(there, topic=topic).say(asked)
        assert await topics(database, table) == [kept]
    await replace(there, topic=9).say("/alert@dateline_bot another")
    answer = await manager_of_club.read(f"/for {CLUB} {command}")
    assert "I know no group" not in answer
    assert (await topics(database, table))[0] == 8


async def topics(database: Any, table: str) -> list[int | None]:
    async with database.reader() as conn:
        rows = await conn.fetch_all(f"SELECT topic FROM {table} ORDER BY id")  # noqa: S608
    return [row["topic"] for row in rows]


async def test_who_does_not_manage_it_changes_nothing(
    manager_of_club: Any, reader: Any, database: Any
) -> None:
    refused = await reader.read("/for @ferry_club /alert oil")
    assert refused == "Only those who manage Ferry Club may do that."
    (shown,) = await manager_of_club.say("/for @ferry_club")
    result = await reader.press(shown.keyboard, "Digest")
    assert (result.toast, result.keyboard) == (
        "Only administrators of this chat may do that.",
        None,
    )


async def test_in_a_group_it_is_not_spoken_of(manager_of_club: Any) -> None:
    group = replace(manager_of_club, chat_id=-50, is_private=False)
    answer = await group.read("/for@dateline_bot @ferry_club /alert oil")
    assert answer == "Write that to me in private."


async def test_a_private_instance_asks_for_the_chat_to_be_let_in(
    manager_of_club: Any, database: Any
) -> None:
    services = replace(manager_of_club.services, access="private")
    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=MANAGER, now=manager_of_club.now)
        await subscribers.admit(tx, MANAGER)
    person = replace(manager_of_club, services=services)
    assert str(CLUB) in await person.read("/for @ferry_club /alert oil")
    async with database.transaction() as tx:
        await subscribers.admit(tx, CLUB)
    assert "Alert set" in await person.read("/for @ferry_club /alert oil")


async def test_in_a_channel_any_post_but_an_addressed_command_is_left_alone(
    manager_of_club: Any,
) -> None:
    channel = replace(
        manager_of_club, chat_id=CLUB, sender_id=None, is_private=False, is_channel=True
    )
    (shown,) = await channel.say("/alert@dateline_bot")
    assert (shown.text.text, shown.keyboard) == ("For example: /alert@dateline_bot sanctions", ())
    assert await channel.say("oil") == ()
    assert await channel.say("/alert oil") == ()
    assert "Alert set" in await channel.read("/alert@dateline_bot oil")
    assert (
        await channel.read("/status@dateline_bot")
        == "Only the operator of this instance may do that."
    )


@pytest.mark.parametrize(
    ("who", "alert_of", "found"),
    [(READER, CLUB, True), (MANAGER, CLUB, True), (3, CLUB, False), (READER, MANAGER, False)],
)
async def test_a_link_below_a_channels_alert_shows_more_to_those_who_read_it(
    manager_of_club: Any, database: Any, now: Any, who: int, alert_of: int, found: bool
) -> None:
    person = replace(manager_of_club, chat_id=who, sender_id=who)
    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=MANAGER, now=now)
        alert = await alerts.add_alert(tx, chat_id=alert_of, query="embargo", now=now)
    await person.say("/stop")
    shown = await person.read(f"/start like_{alert.id}")
    assert ("embargo" in shown) is found
    async with database.reader() as conn:
        assert (await subscribers.get_subscriber(conn, who)).active


@pytest.mark.parametrize("payload", ["like_", "like_x", "like_" + "9" * 30, "like_999", "other"])
async def test_a_link_that_says_nothing_welcomes(manager_of_club: Any, payload: str) -> None:
    assert (await manager_of_club.read(f"/start {payload}")).startswith("Hello!")


async def test_why_is_asked_for_a_channel_about_its_own_alerts(
    manager_of_club: Any, database: Any, store: Any, make_post: Any
) -> None:
    await store(make_post(7, "The ferry sails"))
    async with database.transaction() as tx:
        await alerts.add_alert(tx, chat_id=CLUB, query="wheat", now=manager_of_club.now)
    manager_of_club.reply_to = 5  # it is of another chat
    (answer,) = await manager_of_club.say("/for @Ferry_Club /why t.me/harbour/7")
    assert "Ferry Club" in answer.text.text
    assert "wheat — “wheat” is not in it" in answer.text.text
    assert answer.reply_to is None
    (asked,) = await manager_of_club.say("/for @Ferry_Club /why")
    assert "Which post?" in asked.text.text


@pytest.mark.parametrize(
    "link",
    ["https://t.me/ferry_club/12", "t.me/c/1700000001/12/34", "http://telegram.me/Ferry_Club/5"],
)
async def test_nothing_is_set_up_elsewhere_than_in_the_topic_that_is_named(
    manager_of_club: Any, reader: Any, database: Any, link: str
) -> None:
    async with database.transaction() as tx:
        await tx.execute("UPDATE subscriber SET is_channel = 0 WHERE chat_id = ?", (CLUB,))
    said = await manager_of_club.read(f"/for {link} /alert ferry")
    assert "I can't set anything up in a topic from here" in said
    assert "/alert@dateline_bot" in said
    assert "Only those who manage" in await reader.read(f"/for {link} /alert ferry")
    async with database.reader() as conn:
        assert await alerts.count_alerts(conn, CLUB) == 0
    assert "Alert set" in await manager_of_club.read("/for t.me/ferry_club /alert ferry")
    async with database.reader() as conn:
        assert await alerts.count_alerts(conn, CLUB) == 1
