"""The table of commands: menu, addressing, permissions."""

import asyncio
import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from handlers import command_table, registry
from handlers.conversation.questions import FORGOTTEN_AFTER
from handlers.conversation.requests import Request
from handlers.conversation.services import Services
from handlers.texts.languages import words_of
from storage.errors import UnavailableError
from storage.structs import replace
from storage.subscribers import alerts, subscribers


def test_the_menu_is_the_table() -> None:
    names = [name for name, _ in command_table.menu("en")]
    assert names == [
        "start",
        "help",
        "search",
        "latest",
        "quotes",
        "trend",
        "export",
        "alert",
        "save",
        "collections",
        "alerts",
        "why",
        "digest",
        "catchup",
        "review",
        "channels",
        "suggest",
        "compare",
        "surge",
        "silence",
        "share",
        "links",
        "feed",
        "settings",
        "quiet",
        "timezone",
        "language",
        "for",
        "mine",
        "cancel",
        "stop",
        "about",
        "privacy",
        "mydata",
        "subscriptions",
        "forgetme",
    ]
    assert [name for name, _ in command_table.menu("ru", operator=True)] == [
        *names,
        "admit",
        "users",
        "invite",
        "watch",
        "unwatch",
        "backfill",
        "status",
    ]


@pytest.mark.parametrize("command", command_table.COMMANDS, ids=lambda command: command.name)
def test_every_command_is_one_that_telegram_takes(command) -> None:
    assert re.fullmatch(r"[a-z0-9_]{1,32}", command.name)
    assert all(re.match(rf"/{command.name}\b", example) for example in command.examples)


@pytest.mark.parametrize(
    ("text", "answered"),
    [
        ("/help@dateline_bot", True),
        ("/help@Dateline_Bot", True),
        ("/help", False),
        ("/help@other_bot", False),
        ("oil price", False),
        ("", False),
    ],
)
async def test_in_a_group_only_what_is_addressed_counts(member, text: str, answered: bool) -> None:
    assert bool(await member.say(text)) is answered


async def test_nothing_is_answered_in_private_by_what_to_send(ann) -> None:
    assert (await ann.read("")).startswith("I read words only.")


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("/search@other_bot oil", "/search oil"),
        ("/ALERTS@Other_Bot", "/alerts"),
        ("/play@other_bot oil", "/search play oil"),
    ],
)
async def test_in_a_private_chat_the_command_of_another_bot_is_not_obeyed_but_offered(
    ann, text: str, offered: str
) -> None:
    (message,) = await ann.say(text)
    assert message.text.text.startswith(f"I don't know {text.split()[0].lower().split('@')[0]}@")
    assert [[button.text for button in row] for row in message.keyboard] == [[offered]]


@pytest.mark.parametrize("name", ["@dateline_bot", "@Dateline_Bot,", "@dateline_bot:"])
async def test_in_a_private_chat_the_bots_own_name_says_nothing(ann, name: str) -> None:
    assert (await ann.read(f"{name} /alert oil")).startswith("Alert set: oil.")
    assert (await ann.read(f"{name} grain")).startswith("Nothing found for grain.")


async def test_a_group_is_managed_by_its_administrators(member, manager, database) -> None:
    refused = await member.read("/alert@dateline_bot oil")
    assert refused == "Only administrators of this chat may do that."
    assert (await manager.read("/alert@dateline_bot oil")).startswith("Alert set")
    (message,) = await manager.say("/alerts@dateline_bot")
    result = await member.press(message.keyboard, "oil")
    assert result.toast == "Only administrators of this chat may do that."
    async with database.reader() as conn:
        assert len(await alerts.list_alerts(conn, -50)) == 1


async def test_anyone_in_a_group_may_search_and_turn_pages(member, store, make_post) -> None:
    await store(*(make_post(n, f"Embargo {n}") for n in range(1, 9)))
    (message,) = await member.say("/search@dateline_bot embargo")
    assert (await member.press(message.keyboard, "Next")).edit is not None


async def test_in_a_group_the_one_who_was_asked_answers(member, manager, database) -> None:
    await manager.say("/alert@dateline_bot")
    assert await member.say("embargo") == ()
    # Whether a plain message comes from an administrator is not looked up again.
    answerer = replace(manager, may_manage=False)
    assert (await answerer.read("quota")).startswith("Alert set: quota.")
    async with database.reader() as conn:
        assert [alert.query for alert in await alerts.list_alerts(conn, -50)] == ["quota"]


async def test_a_question_is_forgotten_after_a_while(ann, database) -> None:
    await ann.say("/alert")
    ann.now += FORGOTTEN_AFTER + timedelta(seconds=1)
    assert (await ann.read("embargo")).startswith("Nothing found for embargo.")


async def test_a_group_is_refused_by_a_private_instance_with_its_id(manager, private) -> None:
    assert (await private(manager).read("/help@dateline_bot")).endswith("give them its id: -50")


async def test_every_answer_fits_into_messages(ann) -> None:
    for message in await ann.say("/search " + "🔔" * 400):
        assert len(message.text.text.encode("utf-16-le")) // 2 <= 4096


HOSTILE = [
    "\x00",
    "\ud800",
    "\u202e/alert oil",
    "' OR 1=1 --",
    'NEAR("a" "b")',
    "{name} {0} %s",
    "<b>oil</b> **gas** [x](tg://user?id=1)",
    "../../etc/passwd",
    "(" * 400,
    "🇷🇺" * 200,
    "-" * 300,
    "/" * 300,
    "\n\n\n",
    "9" * 400,
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "command", ["", "/search ", "/alert ", "/digest ", "/digest daily ", "/settings timezone "]
)
async def test_whatever_is_written_gets_an_answer(ann, command: str, text: str) -> None:
    messages = await ann.say(command + text)
    assert messages
    for message in messages:
        assert message.text.text.strip()
        assert not [span for span in message.text.spans if span.kind == "link"]


def test_too_fast_is_said_in_the_persons_language(services, now) -> None:
    request = Request(chat_id=1, sender_id=1, text="/help", now=now, language="ru")
    (message,) = registry.too_fast(request, services).messages
    assert message.text.text.startswith("Слишком много")


async def test_a_chat_that_is_forgotten_while_it_gives_a_command_is_met_anew(
    ann: Any, database: Any
) -> None:
    await ann.say("/start")
    async with database.transaction() as tx:
        # It knows the chat by now, and waits to write.
        asking = asyncio.create_task(ann.read("/alert ferry"))
        while not database._lock._waiters:  # noqa: ASYNC110  (a lock tells of nobody who waits)
            await asyncio.sleep(0.001)
        await subscribers.remove_subscriber(tx, ann.chat_id)
    assert "Alert set: ferry" in await asking


async def test_whoever_has_no_name_just_now_keeps_the_known_one(ann: Any, database: Any) -> None:
    await ann.say("/start")
    nameless = replace(ann, name=None)
    await nameless.say("/start")
    async with database.reader() as conn:
        assert (await subscribers.get_subscriber(conn, ann.chat_id)).name == "Ann"


def test_who_may_give_a_command_and_what_it_asks_for() -> None:
    words = words_of("en")
    said = {
        command.name: (command.who, command.question is not None)
        for command in command_table.COMMANDS
        if (command.who, command.question is not None) != ("manager", False)
    }
    asking = dict.fromkeys(
        ("export", "alert", "why", "share", "timezone", "language"), ("manager", True)
    )
    operators = dict.fromkeys(("admit", "watch", "unwatch", "backfill"), ("operator", True))
    open_to_all = (
        "help",
        "latest",
        "collections",
        "channels",
        "mine",
        "cancel",
        "about",
        "privacy",
    )
    everybody = dict.fromkeys(open_to_all, ("anyone", False))
    search = dict.fromkeys(
        ("search", "quotes", "trend", "compare", "save", "for"), ("anyone", True)
    )
    quiet = dict.fromkeys(("users", "invite", "status"), ("operator", False))
    assert said == {**asking, **operators, **everybody, **search, **quiet}
    by_name = command_table.BY_NAME
    assert {name for name in by_name if by_name[name].takes_reply} == {"alert", "save", "why"}
    examples = {name for name in by_name if by_name[name].offers_examples}
    assert examples == {"search", "trend", "export", "alert", "share"}
    assert {name for name in by_name if by_name[name].is_private} == {"for"}
    assert {name for name in by_name if by_name[name].choices} == {"timezone", "language"}
    assert all(by_name[name].question(words) for name in said if said[name][1])


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/serch oil", "/search"),
        ("/alrt", "/alert"),
        ("/usrs", "See /help"),
        ("/zzzzzzzz", "See /help"),
    ],
)
async def test_a_command_that_is_not_there_is_guessed_among_those_one_may_give(
    ann: Any, operator: Any, text: str, answer: str
) -> None:
    said = await ann.read(text)
    command = text.split()[0]
    assert command in said
    assert "/help" in said
    assert ("Did you mean" in said) is answer.startswith("/")
    if answer.startswith("/"):
        assert answer in said
    if text == "/usrs":
        assert "/users" not in said
        assert "/users" in await operator.read(text)


@pytest.mark.parametrize("text", ["/users", "/status", "/watch @mill", "/admit 5"])
async def test_operators_commands_are_refused_to_others(ann: Any, operator: Any, text: str) -> None:
    refusal = words_of("en").operators_only
    assert await ann.read(text) == refusal
    assert await operator.read(text) != refusal


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (None, "From this post I would make the alert"),
        ("/alert", "From this post I would make the alert"),
        ("/for @harbour /alert", "From this post I would make the alert"),
        ("/why", "I see no link of a post in that."),
        ("/search", "Nothing found for Embargo on grain"),
    ],
)
async def test_what_is_forwarded_is_made_an_alert_of_where_nothing_else_is_asked(
    ann: Any, asked: str | None, said: str
) -> None:
    if asked is not None:
        await ann.say(asked)
    message = await ann.forward("Embargo on grain lifted in Ruritania")
    assert message.text.text.startswith(said)


@pytest.mark.parametrize(("is_private", "said"), [(True, True), (False, False)])
async def test_whoever_says_nothing_hears_what_words_are_for_and_the_question_stays(
    ann: Any, manager: Any, is_private: bool, said: bool
) -> None:
    person = ann if is_private else manager
    await person.say("/alert@dateline_bot")
    assert bool(await person.say(" \n")) is said
    assert (await person.read("embargo")).startswith("Alert set: embargo.")


async def test_what_was_asked_for_is_asked_for_still_where_it_could_not_be_stored(
    ann, active, monkeypatch
) -> None:
    async def fail(*_: Any) -> Any:
        raise UnavailableError("the disk is full", cause="disk")

    await ann.say("/alert")
    with monkeypatch.context() as full:
        full.setattr(registry, "_answer_met", fail)
        with pytest.raises(UnavailableError):
            await ann.say("ferry")
    await ann.say("ferry")
    assert [alert.query for alert in await active()] == ["ferry"]
    with monkeypatch.context() as full:
        full.setattr(registry, "_answer_met", fail)
        with pytest.raises(UnavailableError):
            await ann.say("/help")  # nothing was asked


@pytest.mark.parametrize(
    ("text", "is_private", "is_meant"),
    [
        ("hello", True, True),
        ("hello", False, False),
        ("/alert tide", True, True),
        ("/alert tide", False, False),
        ("/alert@dateline_bot tide", False, True),
        ("/alert@Dateline_BOT tide", False, True),
        ("/alert@other_bot tide", False, False),
    ],
)
def test_in_a_group_what_names_the_bot_is_for_it(
    services: Services, now: datetime, text: str, *, is_private: bool, is_meant: bool
) -> None:
    request = Request(
        chat_id=-7, sender_id=1, text=text, now=now, message_id=1, is_private=is_private
    )
    assert registry.is_for_bot(request, services) is is_meant


async def test_an_answer_is_for_the_bot_from_whom_it_asked_alone(
    services: Services, now: datetime
) -> None:
    await services.questions.ask(services.database, (-7, 5), "alert", now=now)
    asked = Request(
        chat_id=-7, sender_id=5, text="tide", now=now, message_id=9, is_private=False
    )  # fmt: skip
    assert registry.is_for_bot(asked, services)
    assert not registry.is_for_bot(replace(asked, sender_id=77), services)
    assert not registry.is_for_bot(replace(asked, chat_id=-77), services)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("/последние", "/latest"),
        ("/настройка", "/settings"),
        ("/оповещенье", "/alert"),
        ("/serch", "/search"),
    ],
)
async def test_a_command_that_is_nearly_one_is_no_search(
    ann: Any, written: str, meant: str
) -> None:
    text = await ann.read(written)
    assert text.startswith(f"I don't know {written}.")
    assert f"Did you mean {meant}" in text
