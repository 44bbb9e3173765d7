"""The table of commands: menu, addressing, permissions."""

import asyncio
import dataclasses
import re
from datetime import timedelta
from typing import Any

import pytest

from handlers import registry
from handlers.conversation.questions import FORGOTTEN_AFTER
from handlers.conversation.requests import Request
from storage.subscribers import alerts, subscribers


def test_the_menu_is_the_table() -> None:
    names = [name for name, _ in registry.menu("en")]
    assert names == [
        "start",
        "help",
        "search",
        "quotes",
        "export",
        "alert",
        "alerts",
        "why",
        "digest",
        "catchup",
        "review",
        "channels",
        "links",
        "settings",
        "quiet",
        "timezone",
        "for",
        "cancel",
        "stop",
        "forgetme",
    ]
    assert [name for name, _ in registry.menu("ru", operator=True)] == [
        *names,
        "admit",
        "users",
        "invite",
        "watch",
        "unwatch",
        "backfill",
        "status",
    ]


@pytest.mark.parametrize("command", registry.COMMANDS, ids=lambda command: command.name)
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


@pytest.mark.parametrize(("text", "answered"), [("/help@other_bot", False), ("", True)])
async def test_in_a_private_chat_other_bots_commands_are_left_alone(
    ann, text: str, answered: bool
) -> None:
    assert bool(await ann.say(text)) is answered


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
    answerer = dataclasses.replace(manager, may_manage=False)
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
    nameless = dataclasses.replace(ann, name=None)
    await nameless.say("/start")
    async with database.reader() as conn:
        assert (await subscribers.get_subscriber(conn, ann.chat_id)).name == "Ann"
