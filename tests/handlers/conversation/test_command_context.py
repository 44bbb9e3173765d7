"""Who a chat is known as, and how that is kept up to date."""

from typing import Any

import pytest

from handlers.conversation.command_context import (
    acquaint,
    is_let_in,
    is_operator,
    timezone_of,
    words_for,
)
from handlers.conversation.requests import Request
from storage.records import Subscriber
from storage.structs import replace
from storage.subscribers import managed, subscribers


def facts_of(one: Subscriber) -> tuple[Any, ...]:
    return (one.access_hash, one.username, one.name, one.language, one.is_channel)


FIRST = (7, "ann_invented", "Ann", "ru", False)


@pytest.fixture
def request_of(now: Any) -> Request:
    return Request(
        chat_id=1,
        sender_id=1,
        text="/start",
        now=now,
        access_hash=7,
        username="ann_invented",
        name="Ann",
        language="ru",
    )


@pytest.mark.parametrize(
    ("changed", "known_as"),
    [
        ({}, FIRST),
        ({"access_hash": 8}, (8, "ann_invented", "Ann", "ru", False)),
        ({"access_hash": None}, FIRST),
        ({"name": "Bea"}, (7, "ann_invented", "Bea", "ru", False)),
        ({"username": "bea_invented"}, (7, "bea_invented", "Ann", "ru", False)),
        ({"username": None}, (7, None, "Ann", "ru", False)),
        # Without a name nothing new is known of it.
        ({"name": None}, FIRST),
        ({"name": None, "username": "other"}, FIRST),
        ({"name": None, "username": "other", "access_hash": 8}, (8, *FIRST[1:])),
        # A language stays as it was first.
        ({"language": "en"}, FIRST),
        ({"language": None}, FIRST),
        ({"is_channel": True}, (7, "ann_invented", "Ann", "ru", True)),
        (
            {"access_hash": 8, "name": "Bea", "username": None, "is_channel": True},
            (8, None, "Bea", "ru", True),
        ),
    ],
)
async def test_what_is_new_of_a_chat_is_kept(
    services: Any, database: Any, request_of: Request, changed: dict[str, Any], known_as: Any
) -> None:
    first = await acquaint(request_of, None, services)
    assert facts_of(first) == FIRST
    given = await acquaint(replace(request_of, **changed), first, services)
    async with database.reader() as conn:
        stored = await subscribers.get_subscriber(conn, 1)
    assert facts_of(given) == facts_of(stored) == known_as


async def test_a_language_that_was_not_known_is_learnt_later(
    services: Any, request_of: Request
) -> None:
    unknown = await acquaint(replace(request_of, language=None), None, services)
    assert unknown.language is None
    assert (await acquaint(request_of, unknown, services)).language == "ru"


async def test_what_is_said_again_wakes_nobody(
    services: Any, database: Any, request_of: Request
) -> None:
    await acquaint(request_of, None, services)
    async with database.transaction() as tx:
        stopped = await subscribers.update_subscriber(tx, 1, active=False)
    assert not (await acquaint(replace(request_of, name="Bea"), stopped, services)).active


@pytest.mark.parametrize(
    ("stored", "code", "usual", "spoken"),
    [
        (None, None, "en", "en"),
        (None, None, "ru", "ru"),
        (None, "ru-RU", "en", "ru"),
        (None, "en", "ru", "ru"),
        (None, "de", "ru", "ru"),
        ("en", "ru", "ru", "en"),
        ("ru", "en", "en", "ru"),
        ("ru", None, "en", "ru"),
    ],
)
def test_how_a_chat_is_spoken_to(
    services: Any, now: Any, stored: str | None, code: str | None, usual: str, spoken: str
) -> None:
    here = replace(services, language=usual)
    chat = Subscriber(chat_id=1, created_at=now, language=stored)
    assert words_for(chat, code, here).language == spoken
    if stored is None:
        assert words_for(None, code, here).language == spoken


def test_the_zone_of_a_chat_is_its_own_or_the_instances(services: Any, now: Any) -> None:
    here = replace(services, timezone="Asia/Tokyo")
    chat = Subscriber(chat_id=1, created_at=now)
    assert timezone_of(None, here) == timezone_of(chat, here) == "Asia/Tokyo"
    assert timezone_of(replace(chat, timezone="Europe/Rome"), here) == "Europe/Rome"


@pytest.mark.parametrize(
    ("access", "sender", "admitted", "is_in"),
    [
        ("open", 1, None, True),
        ("open", None, False, True),
        ("private", 1, None, False),
        ("private", 1, False, False),
        ("private", 1, True, True),
        ("private", None, False, False),
        ("private", 900, None, True),
        ("private", 900, False, True),
    ],
)
def test_who_is_let_in(
    services: Any, request_of: Request, access: str, sender: int | None, admitted: Any, is_in: bool
) -> None:
    known = None
    if admitted is not None:
        known = Subscriber(chat_id=1, created_at=request_of.now, admitted=admitted)
    asked = replace(request_of, sender_id=sender)
    assert is_let_in(asked, known, replace(services, access=access)) is is_in
    assert is_operator(sender, services) is (sender == 900)


@pytest.mark.parametrize(("sender", "may_manage"), [(7, True), (7, False), (-50, True)])
async def test_who_manages_a_group_is_known_from_the_first_command_there(
    services: Any, database: Any, now: Any, sender: int, may_manage: bool
) -> None:
    request = Request(
        chat_id=-50, sender_id=sender, text="/alert@dateline_bot oil", now=now, name="Crew",
        is_private=False, may_manage=may_manage,
    )  # fmt: skip
    await acquaint(request, None, services)
    async with database.reader() as conn:
        assert await managed.is_managed(conn, sender, -50) is (may_manage and sender > 0)
