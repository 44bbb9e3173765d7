"""Inline queries as they come from Telegram, and answers as they go back."""

import asyncio
import contextlib
from typing import Any

import pytest
from telethon.tl import types

from bot.serving import inline_receiver
from handlers.render.text.messages import Button, Message
from handlers.render.text.rich import RichText, Span
from handlers.searching.inline import InlineReply, InlineResult

ANN = 501


def typed(text: str = "ferry", *, people: dict[int, Any] | None = None) -> Any:
    update = types.UpdateBotInlineQuery(query_id=77, user_id=ANN, query=text, offset="20")
    if people is not None:
        update._entities = people
    return update


def test_a_query_is_read_with_its_page_and_who_typed_it() -> None:
    request = inline_receiver.request_of(typed())
    assert (request.sender_id, request.text, request.offset) == (ANN, "ferry", "20")
    assert request.language is None
    assert request.now.tzinfo is not None


@pytest.mark.parametrize(
    ("people", "language"),
    [
        ({}, None),
        ({ANN: types.User(ANN, lang_code="ru")}, "ru"),
        ({ANN + 1: types.User(ANN + 1, lang_code="ru")}, None),
        ({ANN: types.UserEmpty(ANN)}, None),
    ],
)
def test_the_language_is_that_of_the_app_of_who_typed(
    people: dict[int, Any], language: str | None
) -> None:
    assert inline_receiver.request_of(typed(people=people)).language == language


ROW = InlineResult(
    id="7",
    title="Ferry late",
    description="Harbour News",
    message=Message(
        RichText("Ferry late", (Span("bold", 0, 5),)),
        ((Button(text="Open", url="https://t.me/harbour/5"),),),
    ),
)


def test_each_row_shows_a_title_and_sends_a_message_without_a_preview() -> None:
    reply = InlineReply(results=(ROW,), following="40", cache_seconds=60)
    request = inline_receiver.answer_request(77, reply)
    assert (request.query_id, request.cache_time, request.private) == (77, 60, True)
    assert (request.next_offset, request.switch_pm) == ("40", None)
    (row,) = request.results
    assert (row.id, row.type, row.title) == ("7", "article", "Ferry late")
    assert row.description == "Harbour News"
    sent = row.send_message
    assert (sent.message, sent.no_webpage) == ("Ferry late", True)
    assert sent.entities == [types.MessageEntityBold(0, 5)]
    assert sent.reply_markup.rows[0].buttons[0].text == "Open"
    assert bytes(request)


def test_an_empty_answer_has_no_further_page_and_may_say_why() -> None:
    plain = Message(RichText("Ferry late"))
    row = InlineResult(id="7", title="Ferry late", description="", message=plain)
    (shown,) = inline_receiver.answer_request(77, InlineReply(results=(row,))).results
    assert (shown.send_message.entities, shown.send_message.reply_markup) == (None, None)
    request = inline_receiver.answer_request(77, InlineReply(notice="Too fast", cache_seconds=0))
    assert (request.results, request.next_offset, request.cache_time) == ([], None, 0)
    assert (request.switch_pm.text, request.switch_pm.start_param) == ("Too fast", "inline")


def spent(per_minute: int) -> Any:
    """A receiver whose next query of Ann is one too many."""
    nobody: Any = None
    receiver = inline_receiver.InlineReceiver(nobody, nobody, nobody, nobody, per_minute=per_minute)
    now = asyncio.get_running_loop().time()
    while receiver._allowance.take(ANN, now):
        continue
    return receiver


async def test_a_query_too_many_waits_while_all_else_goes_on() -> None:
    receiver, update = spent(1200), typed()
    allowed = asyncio.create_task(receiver._is_allowed(update))
    await asyncio.sleep(0)
    assert (allowed.done(), receiver._waiting) == (False, {ANN: update})
    assert await allowed
    assert receiver._waiting == {}


async def test_whoever_would_wait_longer_than_an_app_does_is_told_so_at_once() -> None:
    assert not await asyncio.wait_for(spent(6)._is_allowed(typed()), 1.0)


async def test_a_query_ends_the_persons_former_one_and_one_that_waited_is_answered() -> None:
    nobody: Any = None
    given: list[tuple[Any, Any]] = []

    async def attend(_: Any) -> None:
        await asyncio.Event().wait()

    async def give(update: Any, reply: InlineReply) -> None:
        given.append((update, reply))

    async with asyncio.TaskGroup() as tasks:
        receiver: Any = inline_receiver.InlineReceiver(nobody, nobody, nobody, tasks, per_minute=9)
        receiver._attend, receiver._give = attend, give
        first, second = typed(), typed()
        receiver.take_in(first)
        former = receiver._asked[ANN]
        receiver._waiting[ANN] = first
        receiver.take_in(second)
        with contextlib.suppress(asyncio.CancelledError):
            await former
        latter = receiver._asked[ANN]
        assert (former.cancelled(), latter.done()) == (True, False)
        latter.cancel()
    assert given == [(first, InlineReply(cache_seconds=0))]
    assert (receiver._waiting, receiver._asked) == ({}, {})
