"""A code for everybody who writes to the bot, by which the operator is told from them."""

import asyncio
import re
from typing import Any

import pytest

from bot.commands.setup import operator
from bot.commands.setup.operator import LETTERS, Callers

CODE = rf"\b[{LETTERS}]{{6}}\b"


@pytest.fixture
def bot(sandbox: Any) -> Any:
    return sandbox.add_bot("lookout_bot", token="1000:open-sesame")


@pytest.fixture
async def callers(bot: Any, serve_as: Any) -> Callers:
    return Callers(await serve_as(bot))


async def code_of(chat: Any) -> str:
    """Write to the bot, and see the code that it answers."""
    before = len(chat.messages)
    await chat.send("hello")
    async with asyncio.timeout(60):
        while len(chat.messages) < before + 1:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    (code,) = re.findall(CODE, chat.messages[-1].text)
    assert isinstance(code, str)
    return code


async def test_who_types_the_code_of_somebody_is_that_one(
    sandbox: Any, bot: Any, callers: Callers
) -> None:
    ann, bob = (sandbox.add_user(name).chat_with(bot) for name in ("Ann", "Bob"))
    codes = [await code_of(chat) for chat in (ann, bob, ann)]
    assert codes[0] == codes[2] != codes[1]
    for typed in (codes[0], codes[0].lower(), f" {codes[0][:3]} {codes[0][3:]}\n"):
        assert callers.find(typed) == (ann.user.id, "Ann")
    assert callers.find(codes[1]) == (bob.user.id, "Bob")
    assert callers.find("") is callers.find(codes[0][:-1]) is callers.find("ЖЖЖЖЖЖ") is None


async def test_codes_are_given_in_private_and_to_no_more_than_a_few(
    sandbox: Any, bot: Any, callers: Callers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operator, "MOST", 1)
    ann, bob = (sandbox.add_user(name) for name in ("Ann", "Bob"))
    group = sandbox.add_group("Crew", members=[bob, bot])
    await group.say(bob, "/hello@lookout_bot")
    chats = [person.chat_with(bot) for person in (ann, bob)]
    code = await code_of(chats[0])
    await chats[1].send("hello")
    # Who has one is told it again.
    assert await code_of(chats[0]) == code
    assert callers.find(code) == (ann.id, "Ann")
    assert chats[1].messages == []


def test_a_code_is_no_word_and_no_number() -> None:
    assert LETTERS.isascii() and LETTERS.isalpha() and LETTERS.isupper()
    assert len(set(LETTERS)) == len(LETTERS) > 15
    assert not set(LETTERS) & set("AEIOUY")
