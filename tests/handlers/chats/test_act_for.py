"""For which group or channel something is done, and as whom."""

from typing import Any

import pytest

from handlers.chats.act_for import _inner_visit
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
