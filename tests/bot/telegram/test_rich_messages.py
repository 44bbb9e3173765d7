"""Long rich messages are completed once; what is refused is not asked for again until edited."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from telethon import errors

from bot.telegram import rich_messages
from bot.telegram.answers import Answer
from bot.telegram.rich_messages import RichReader, lacks
from bot.telegram.undecoded import UndecodedError

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def message(number: int, *, part: bool | None, edited: datetime | None = None) -> Any:
    return SimpleNamespace(id=number, edit_date=edited, rich_message=SimpleNamespace(part=part))


def asking(
    asked: list[int], *whole: Any, error: Exception | None = None
) -> Callable[[int], Awaitable[Answer]]:
    async def ask(number: int) -> Answer:
        asked.append(number)
        if error is not None:
            raise error
        return Answer(messages=whole, ids=frozenset(), entities={}, pts=0, asked_at=NOW)

    return ask


@pytest.mark.parametrize(
    ("messages", "lacking"),
    [
        ([], False),
        ([SimpleNamespace(id=1)], False),
        ([SimpleNamespace(id=1, rich_message=None)], False),
        ([message(1, part=None)], False),
        ([message(1, part=False)], False),
        ([message(1, part=False), message(2, part=True)], True),
    ],
)
def test_what_says_that_it_is_a_part_lacks_something(messages: list[Any], lacking: bool) -> None:
    assert lacks(messages) is lacking


async def test_only_parts_are_asked_for_and_the_one_that_was_meant_is_taken() -> None:
    asked: list[int] = []
    short, long, gone = message(1, part=None), message(2, part=True), message(3, part=True)
    other, whole = message(9, part=False), message(2, part=False)
    found = await RichReader().complete(7, [short, long, gone], asking(asked, other, whole))
    assert found == (short, whole, gone)
    assert found[1] is whole
    assert asked == [2, 3]


@pytest.mark.parametrize(
    "error",
    [
        errors.BadRequestError(None, "MESSAGE_ID_INVALID"),
        errors.ForbiddenError(None, "CHANNEL_PRIVATE"),
        errors.NotFoundError(None, "METHOD_INVALID"),
        UndecodedError(ValueError(), b""),
    ],
)
async def test_what_is_refused_once_is_asked_for_again_when_edited(error: Exception) -> None:
    reader, asked = RichReader(), list[int]()
    one, ask = message(2, part=True), asking(asked, error=error)
    assert await reader.complete(7, [one], ask) == (one,)
    assert await reader.complete(7, [one], ask) == (one,)
    assert asked == [2]
    await reader.complete(8, [one], ask)  # the same number elsewhere
    await reader.complete(7, [message(2, part=True, edited=NOW)], ask)
    await reader.complete(7, [message(2, part=True, edited=NOW + timedelta(seconds=1))], ask)
    assert asked == [2, 2, 2, 2]


@pytest.mark.parametrize("error", [errors.FloodWaitError(None, 3), ConnectionError()])
async def test_other_failures_are_the_callers_and_not_remembered(error: Exception) -> None:
    reader, asked = RichReader(), list[int]()
    for _ in range(2):
        with pytest.raises(type(error)):
            await reader.complete(7, [message(2, part=True)], asking(asked, error=error))
    assert asked == [2, 2]


async def test_of_refusals_the_oldest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rich_messages, "KEPT", 2)
    reader, asked = RichReader(), list[int]()
    ask = asking(asked, error=errors.BadRequestError(None, "MESSAGE_ID_INVALID"))
    for number in (1, 2, 3, 3, 2, 1):
        await reader.complete(7, [message(number, part=True)], ask)
    assert asked == [1, 2, 3, 1]
