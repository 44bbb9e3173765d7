"""For which group or channel something is done, and as whom."""

from typing import Any

import pytest

from handlers.chats.act_for import _inner_visit
from handlers.command_table import COMMANDS
from handlers.conversation.command_context import CommandContext
from handlers.conversation.requests import Request
from handlers.texts.languages import words_of
from storage.connection import Database
from storage.records import Subscriber
from storage.structs import replace
from storage.subscribers import alerts, subscribers

CREW, CLUB = -50, -1_001_700_000_001


@pytest.fixture
async def person(ann: Any, database: Database) -> Any:
    """Ann, who manages a basic group and a supergroup."""
    async with database.transaction() as tx:
        for chat_id, name in ((CREW, "Crew"), (CLUB, "Ferry Club")):
            await subscribers.add_subscriber(tx, chat_id=chat_id, name=name, now=ann.now)

    async def role_of(chat_id: int, user_id: int) -> str:
        return "manager"

    return replace(ann, services=replace(ann.services, role_of=role_of))


@pytest.mark.parametrize(
    ("named", "chat_id"),
    [("-50", CREW), ("-1001700000001", CLUB), ("1700000001", CLUB), ("50", CREW)],
)
@pytest.mark.parametrize("written", ["/alert oil", "alert oil", "Alert oil"])
async def test_a_chat_is_meant_by_its_number(
    person: Any, database: Database, named: str, chat_id: int, written: str
) -> None:
    assert "Alert set" in await person.read(f"/for {named} {written}")
    async with database.reader() as conn:
        assert await alerts.count_alerts(conn, chat_id) == 1


@pytest.mark.parametrize("written", ["ALERTS", "Settings", "SETTINGS"])
async def test_a_command_alone_is_known_in_any_case(person: Any, written: str) -> None:
    said = await person.read(f"/for -50 {written}")
    assert "I understand" not in said


@pytest.mark.parametrize("written", ["/search oil", "operators", "/mine", "!!Settings", "/no_such"])
async def test_what_a_chats_managers_do_not_give_is_not_done_for_it(
    person: Any, written: str
) -> None:
    line = (await person.read(f"/for -50 {written}")).splitlines()[-1]
    assert line.startswith("For a group or channel I understand: /start, ")
    named = [name.strip("/,.") for name in line.split() if name.startswith("/")]
    assert named == [one.name for one in COMMANDS if one.who == "manager"]


async def test_the_wrong_answer_to_what_was_asked_for_a_chat_leaves_the_question(
    person: Any,
) -> None:
    assert "When shall one come?" in await person.read("/for -50 /digest")
    for wrong in ("25:99", "soon"):
        (again,) = await person.say(wrong)
        assert [button.text for row in again.keyboard for button in row] == ["✕ Cancel"]
    assert "comes every day at 8:30" in await person.read("8:30")
    assert "8:30" in await person.read("/for -50 /settings")


@pytest.mark.parametrize("word", ["now", "NOW", "Now", "сейчас", "Сейчас"])
async def test_a_digest_now_is_asked_for_in_the_chat_that_gets_it(person: Any, word: str) -> None:
    assert "Write there: /digest@dateline_bot now" in await person.read(f"/for -50 /digest {word}")


@pytest.mark.parametrize("named", ["-51", "@nobody_here", "https://t.me/+abcdefghij", "", "!"])
async def test_what_the_bot_has_not_met_is_said(person: Any, named: str) -> None:
    assert "/start@dateline_bot" in await person.read(f"/for {named or '?'} /alerts")


def test_what_is_done_for_a_chat_is_done_there_and_not_here(person: Any, services: Any) -> None:
    chat = Subscriber(
        chat_id=CLUB, created_at=person.now, access_hash=77, is_channel=True, topic=5, name="Club",
        username="club", timezone="Europe/Berlin",
    )  # fmt: skip
    here = Request(
        chat_id=1, sender_id=1, text="/for", now=person.now, reply_to=9, is_private=True, topic=3,
        may_manage=False,
    )  # fmt: skip
    me = Subscriber(chat_id=1, created_at=person.now)
    context = CommandContext(
        request=here, argument="", subscriber=me, words=words_of("en"), timezone="UTC"
    )
    there = _inner_visit(context, chat, services)
    assert there.request == replace(
        here, chat_id=CLUB, reply_to=None, topic=5, is_private=False, is_channel=True,
        may_manage=True, name="Club", username="club", access_hash=77,
    )  # fmt: skip
    assert (there.subscriber, there.timezone, there.handle) == (chat, "Europe/Berlin", "@club")
