"""Starting, stopping, help, and who is let in."""

import re
from typing import Any

import pytest

from handlers.command_table import COMMANDS
from handlers.texts.languages import words_of
from storage.channels import channels
from storage.structs import replace
from storage.subscribers import subscribers


async def test_start_welcomes_and_remembers(ann, database) -> None:
    assert (await ann.read("/start")).startswith("Hello!")
    async with database.reader() as conn:
        known = await subscribers.get_subscriber(conn, 1)
    assert (known.name, known.active, known.language) == ("Ann", True, None)


@pytest.fixture
async def watched(database: Any, now: Any) -> None:
    async with database.transaction() as tx:
        for number, title in enumerate(
            ("Harbour News", "City <Hall>", "Port Office", "Fifth", "Old")
        ):
            await channels.add_channel(
                tx, channel_id=100 + number, username=f"chan{number}", title=title, now=now
            )


def labels(message: Any) -> list[str]:
    return [button.text for row in message.keyboard for button in row]


BUTTONS = {
    "en": ["🔎 Search", "🔔 New alert", "📰 Digests", "🕒 Time zone"],
    "ru": ["🔎 Поиск", "🔔 Новое оповещение", "📰 Сводки", "🕒 Часовой пояс"],
}


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "📡 5 channels: Harbour News, City <Hall>, Port Office and 2 more",
                "The latest post:",
            ],
        ),
        ("ru", ["📡 5 каналов: Harbour News, City <Hall>, Port Office и ещё 2", "Последний пост:"]),
    ],
)
async def test_the_welcome_shows_what_is_watched_and_a_live_post(
    ann, store, make_post, language, lines
) -> None:
    await store(
        make_post(1, "Embargo ended"),
        make_post(2, "The ferry sails " + "again and again " * 60),
        make_post(3, ""),
        make_post(4, "It was deleted", deleted_at="2026-11-22T11:00:00Z"),
    )
    ann.language = language
    (welcome,) = await ann.say("/start")
    assert all(line in welcome.text.text for line in lines)
    assert "The ferry sails" in welcome.text.text
    assert not any(word in welcome.text.text for word in ("Embargo", "deleted"))
    assert len(welcome.text.text) < 1000
    assert "https://t.me/harbour/2" in [span.url for span in welcome.text.spans]
    assert labels(welcome) == BUTTONS[language]


async def test_the_welcome_of_an_instance_that_watches_nothing_yet(ann) -> None:
    assert "📡 No channel is watched yet." in await ann.read("/start")


@pytest.mark.usefixtures("watched")
async def test_the_welcome_says_that_history_is_being_read(ann) -> None:
    ann.services = replace(ann.services, read_on_watch=(14, 500))
    text = await ann.read("/start")
    assert "⏳ Recent posts of 5 channels are still being read: 0 posts so far." in text


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_every_button_of_the_welcome_asks_what_can_be_cancelled(ann, language) -> None:
    ann.language = language
    (welcome,) = await ann.say("/start")
    for label in BUTTONS[language]:
        (question,) = (await ann.press(welcome.keyboard, label)).reply
        assert question.keyboard[-1][0].text in ("✕ Cancel", "✕ Отмена")
        assert (await ann.press(question.keyboard, question.keyboard[-1][0].text)).edit


async def test_from_start_to_an_alert_by_one_tap_and_one_word(ann, store, make_post) -> None:
    await store(make_post(1, "The ferry sails"))
    (welcome,) = await ann.say("/start")
    await ann.press(welcome.keyboard, "New alert")
    assert (await ann.read("ferry")).startswith("Alert set: ferry.")


async def test_examples_are_names_of_the_latest_posts(ann, store, make_post) -> None:
    await store(
        make_post(1, "The mayor of Portsample spoke", lang="en"),
        make_post(2, "The port of Portsample is open", lang="en"),
        make_post(3, "Жители Примерска ждут парома", lang="ru"),
        make_post(4, "Again in Gulltown", lang="en"),
    )
    (question,) = await ann.say("/alert")
    assert labels(question) == ["Portsample", "Gulltown", "✕ Cancel"]
    ann.language = "ru"
    (question,) = await ann.say("/search")
    assert labels(question) == ["Примерск", "✕ Отмена"]
    found = await ann.press(question.keyboard, "Примерск")
    assert "Жители Примерска" in found.reply[0].text.text


@pytest.mark.usefixtures("watched")
async def test_start_tells_somebody_known_how_things_stand(ann, store, make_post) -> None:
    await store(make_post(1, "The ferry sails"))
    await ann.say("/start")
    assert "The ferry sails" in await ann.read("/start")  # Nothing else is there to see yet.
    await ann.say("/alert embargo")
    await ann.say("/alert quota")
    (page,) = await ann.say("/alerts")
    opened = await ann.press(page.keyboard, "quota")
    await ann.press(opened.edit.keyboard, "Pause")
    await ann.say("/digest 8:00 Berlin")
    await ann.say("/quiet 22:00-07:00")
    (state,) = await ann.say("/start")
    assert state.text.text == (
        "Hello again. This is how things stand:\n"
        "🔔 2 alerts, 1 paused: /alerts\n"
        "📰 A digest every day at 8:00, next tomorrow 8:00\n"
        "🕒 Time zone Europe/Berlin, where it is 13:00\n"
        "🌙 Quiet hours: 22:00–7:00\n"
        "📡 5 channels: Harbour News, City <Hall>, Port Office and 2 more\n\n"
        "All commands: /help"
    )
    assert labels(state) == BUTTONS["en"]


@pytest.mark.parametrize(
    ("before", "begins"),
    [
        ("", "Hello!"),
        ("/alert oil", "Hello again."),
        ("/digest daily 08:00 UTC", "Hello again."),
        ("/timezone Tokyo", "Hello again."),
        ("/start", "Hello again."),
        ("/help", "Hello!"),
    ],
)
async def test_who_set_something_up_before_is_told_of_it_at_the_first_start(
    ann, before: str, begins: str
) -> None:
    if before:
        await ann.say(before)
    assert (await ann.read("/start")).startswith(begins)
    ann.said -= 1
    assert (await ann.read("/start")).startswith(begins)  # The same message again.
    assert (await ann.read("/start")).startswith("Hello again.")


async def test_start_for_a_channel_leads_to_what_can_be_asked_in_private(
    ann, manager, database, now
) -> None:
    async def role_of(chat_id: int, user_id: int) -> str:
        return "manager"

    ann = replace(ann, services=replace(ann.services, role_of=role_of))
    async with database.transaction() as tx:
        await subscribers.add_subscriber(
            tx, chat_id=-1_001_700_000_001, username="club", name="Club", is_channel=True, now=now
        )
    (welcome,) = await ann.say("/for @club start")
    assert labels(welcome) == BUTTONS["en"][1:]
    for label in BUTTONS["en"][1:]:
        (question,) = (await ann.press(welcome.keyboard, label)).reply
        assert question.text.text.startswith("📢 Club\n\n")
        assert "Cancel" in question.keyboard[-1][0].text
    channel = replace(manager, chat_id=-1_001_700_000_001, sender_id=None, is_channel=True)
    (posted,) = await channel.say("/start@dateline_bot")
    assert posted.keyboard == ()


async def test_a_search_that_finds_nothing_offers_what_would(ann, store, make_post) -> None:
    await store(make_post(1, "The mayor of Portsample spoke", lang="en"))
    (nothing,) = await ann.say("/search zeppelin")
    found = await ann.press(nothing.keyboard, "Portsample")
    assert "The mayor of Portsample" in found.reply[0].text.text


async def test_start_in_a_group_has_buttons_that_work(manager) -> None:
    (welcome,) = await manager.say("/start@dateline_bot")
    (question,) = (await manager.press(welcome.keyboard, "New alert")).reply
    assert "Answer in reply" in question.text.text
    assert "Alert set: ferry" in await manager.read("ferry")


WAKING = ["/alert quota", "/digest 8:00", "/start"]


@pytest.mark.parametrize("command", WAKING)
async def test_what_wakes_somebody_up_says_what_goes_on(ann, command: str) -> None:
    await ann.say("/alert embargo")
    await ann.say("/digest 9:00")
    await ann.say("/stop")
    said = await ann.read(command)
    assert said.startswith("▶️ You had said /stop. On again: 1 alert and 1 digest.\n\n")
    assert "/stop" not in await ann.read(command)


async def test_a_button_that_wakes_somebody_up_says_so_too(ann, store, make_post, database) -> None:
    await store(make_post(1, "Embargo ended"))
    (found,) = await ann.say("/search embargo")
    await ann.say("/stop")
    result = await ann.press(found.keyboard, "Make this an alert")
    assert result.reply[0].text.text.startswith("▶️ You had said /stop. I write again.\n\nAlert set")
    await ann.say("/stop")
    (settings,) = await ann.say("/settings")
    menu = await ann.press(settings.keyboard, "Digest")
    times = await ann.press(menu.edit.keyboard, "New")
    result = await ann.press(times.edit.keyboard, "on Mon at 9:00")
    assert result.reply[0].text.text.startswith("▶️ You had said /stop. On again: 1 alert.\n\n")
    async with database.reader() as conn:
        assert (await subscribers.get_subscriber(conn, 1)).active


@pytest.mark.parametrize(
    "command", ["/search embargo", "/channels", "/help", "/settings", "/quiet"]
)
async def test_what_wakes_nobody_says_nothing_of_it(ann, command: str) -> None:
    await ann.say("/alert embargo")
    await ann.say("/stop")
    assert "On again" not in await ann.read(command)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
async def test_no_bare_command_stands_where_a_tap_copies_it(operator, command, language) -> None:
    operator.language = language
    for message in await operator.say(f"/{command.name}"):
        assert not [text for text in spans_of(message, "code") if re.fullmatch(r"/\w+", text)]


async def test_start_takes_a_deep_links_payload(ann) -> None:
    assert (await ann.read("/start ref_1-A")).startswith("Hello!")


async def test_a_russian_phone_is_answered_in_russian(ann) -> None:
    ann.language = "ru"
    assert (await ann.read("/start")).startswith("Здравствуйте!")


async def test_stop_keeps_alerts_and_start_revives_them(ann, database, active) -> None:
    await ann.say("/alert embargo")
    (alert,) = await active()
    assert (await ann.read("/stop")).startswith("Stopped.")
    assert await active() == []
    await ann.say("/search embargo")
    async with database.reader() as conn:
        assert not (await subscribers.get_subscriber(conn, 1)).active
    assert "1 alert" in await ann.read("/start")
    assert await active() == [alert]
    async with database.reader() as conn:
        assert (await subscribers.get_subscriber(conn, 1)).active


async def test_setting_an_alert_ends_a_stop(ann, database) -> None:
    await ann.say("/stop")
    await ann.say("/alert embargo")
    async with database.reader() as conn:
        assert (await subscribers.get_subscriber(conn, 1)).active


def spans_of(message: Any, kind: str) -> list[str]:
    return [message.text.text[s.start : s.end] for s in message.text.spans if s.kind == kind]


async def test_help_has_every_command_to_tap_and_its_words_to_copy(ann, operator) -> None:
    (message,) = await ann.say("/help")
    usages = [command.usage(words_of("en"))[0] for command in COMMANDS if command.who != "operator"]
    assert spans_of(message, "command") == [usage.partition(" ")[0] for usage in usages]
    words = [usage.partition(" ")[2] for usage in usages if " " in usage]
    assert spans_of(message, "code")[: len(words)] == words
    assert all(f"{usage} — " in message.text.text for usage in usages)
    assert "/admit" not in message.text.text
    assert "/admit" in await operator.read("/help")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("/serach oil", "/search oil"),
        ("/alrt", "/alert"),
        ("/setings", "/settings"),
        ("/hlep", "/help"),
    ],
)
async def test_an_unknown_command_names_the_nearest(ann, written: str, meant: str) -> None:
    assert f"Did you mean {meant}?" in await ann.read(written)


async def test_an_unknown_command_like_no_other_says_how_to_search_for_it(ann) -> None:
    said = await ann.read("/xyzzy ferry")
    assert said == (
        "I don't know /xyzzy.\n"
        "To search for it, leave out the slash: xyzzy ferry\n"
        "All commands: /help"
    )


async def test_a_private_instance_refuses_with_the_persons_id(ann, private, database) -> None:
    (message,) = await private(ann).say("/search oil")
    assert message.text.text.endswith("your id: 1")
    (span,) = message.text.spans
    assert (span.kind, message.text.text[span.start : span.end]) == ("code", "1")
    async with database.reader() as conn:
        assert await subscribers.find_subscriber(conn, 1) is None


async def test_the_operator_lets_a_person_in(ann, operator, private) -> None:
    assert await private(operator).read("/admit 1") == "Let in: 1"
    assert (await private(ann).read("/start")).startswith("Hello!")


@pytest.mark.parametrize("argument", ["Ann", "0", "1.5", "9" * 30])
async def test_admit_takes_a_number(operator, argument: str) -> None:
    assert "/admit 123456789" in await operator.read(f"/admit {argument}")


async def test_only_the_operator_admits(ann) -> None:
    assert await ann.read("/admit 2") == "Only the operator of this instance may do that."


async def test_forgetme_asks_and_then_deletes_everything(ann, database, store, make_post) -> None:
    await store(*(make_post(n, f"Embargo {n}") for n in range(1, 8)))
    await ann.say("/alert embargo")
    await ann.say("/digest daily 08:00 Europe/Berlin")
    await ann.say("/search embargo")
    await ann.say("/digest now")
    (question,) = await ann.say("/forgetme")
    assert "1 alert" in question.text.text
    for _ in range(2):
        result = await ann.press(question.keyboard, "Yes")
        assert result.edit is not None
        assert result.edit.text.text.startswith("All that was stored about you is deleted.")
    async with database.reader() as conn:
        for table in ("subscriber", "alert", "plan", "delivery"):
            rows = await conn.fetch_all(f"SELECT * FROM {table}")  # noqa: S608
            assert rows == [], table
        facts = await conn.fetch_all("SELECT name FROM fact")
    # What the database knows of itself stays; what it knew of the person is named for the chat.
    assert not [row["name"] for row in facts if row["name"].endswith(f":{ann.chat_id}")]


async def test_who_is_forgotten_has_no_plans_to_be_told_by(ann, hooks, services) -> None:
    await ann.say("/digest daily 08:00 Europe/Berlin")
    (question,) = await ann.say("/forgetme")
    hooks.plans.clear()
    await ann.press(question.keyboard, "Yes")
    assert hooks.plans == [ann.chat_id]


async def test_forgetme_can_be_thought_better_of(ann, database) -> None:
    (question,) = await ann.say("/forgetme")
    result = await ann.press(question.keyboard, "Keep")
    assert result.edit is not None
    assert result.edit.text.text == "Nothing was deleted."
    async with database.reader() as conn:
        assert await subscribers.find_subscriber(conn, 1) is not None
