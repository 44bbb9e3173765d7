"""Whatever people send: one bad thing is answered, stops nobody else, and no one takes it all."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from telethon.tl import types

from bot.sandbox.world.queries import Query

OLD = "This button no longer works."
PATIENCE = 120.0


@contextlib.contextmanager
def other_process(stage: Any) -> Iterator[sqlite3.Connection]:
    """Another connection to the service's database."""
    path = stage.folder / "data" / "dateline.db"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


@contextlib.contextmanager
def locked(stage: Any) -> Iterator[None]:
    """The database while another process writes to it."""
    with other_process(stage) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


async def press(stage: Any, message: Any, data: bytes | None, chat: Any = None) -> Any:
    """Press a button with this data, whether the message has one or not; gives the answer."""
    person = (chat or stage.chat).user
    query = stage.sandbox.press(person, message, data)
    return await stage.sandbox.wait_for(lambda: query.answer, what=str(data), timeout=PATIENCE)


async def wait_edits(stage: Any, message: Any, count: int) -> None:
    await stage.sandbox.wait_for(
        lambda: len(message.edits) >= count or None, what=f"{count} edits", timeout=PATIENCE
    )


async def ask(chat: Any, text: str, answer: str) -> Any:
    sent = await chat.send(text)
    return await chat.wait_for(answer, after=sent, timeout=PATIENCE)


async def test_a_forged_press_is_an_old_button_and_ends_nothing(ready_stage: Any) -> None:
    stage = ready_stage
    service = await stage.run()
    message = await ask(stage.chat, "/settings", "Language")
    forged: list[bytes | None] = [
        b"sm|" + b"x" * 61,
        b"\xff" * 64,
        b"sm|\0",
        b"ap|" + b"9" * 30 + b"|0",
        b"-1" + b"0" * 30 + b":al|0",
        b"zz|1",
        b"",
        None,
    ]
    for data in forged:
        assert (await press(stage, message, data)).text == OLD
    await ask(stage.chat, "/help", "/search")
    assert not any("not handled" in line for line in service.lines)


@pytest.mark.parametrize("below", ["a message sent in inline mode", "somebody else's message"])
async def test_a_press_below_no_message_of_ones_own_does_nothing(
    ready_stage: Any, below: str
) -> None:
    stage = ready_stage
    await stage.run()
    added = await ask(stage.chat, "/alert ferry", "Alert set")
    drop = next(b.data for row in added.buttons for b in row if b.data.startswith(b"pd|"))
    world, eve = stage.sandbox._world, stage.sandbox.add_user("Eve")
    query = Query(next(world.queries._ids), eve, stage.bot)
    world.queries._open[query.id] = query
    how = {"query_id": query.id, "user_id": eve.id, "chat_instance": 1, "data": drop}
    if below == "somebody else's message":
        peer = types.PeerUser(stage.ann.id)
        update = types.UpdateBotCallbackQuery(peer=peer, msg_id=added.id, **how)
    else:
        # The number holds the message's and the chat's, of 32 bits each; so may any other.
        number = types.InputBotInlineMessageID(dc_id=2, id=5 | 77 << 32, access_hash=1)
        update = types.UpdateInlineBotCallbackQuery(msg_id=number, **how)
    world.push_update(stage.bot, update, users=[eve])
    answer = await stage.sandbox.wait_for(lambda: query.answer, timeout=PATIENCE)
    assert answer.text == OLD
    listed = await ask(stage.chat, "/alerts", "Your alerts")
    assert "ferry" in listed.buttons[0][0].text


async def test_what_the_database_refuses_is_answered_and_ends_nothing(ready_stage: Any) -> None:
    stage = ready_stage
    service = await stage.run()
    message = await ask(stage.chat, "/settings", "Language")
    with other_process(stage) as database:
        database.execute("ALTER TABLE subscriber RENAME TO moved_away")
        answer = await press(stage, message, b"sm|l")
        assert answer.text == "That is not possible at the moment. Please press again later."
        sent = await stage.chat.send("/alerts")
        offered = await stage.chat.inline("ferry", timeout=PATIENCE)
        assert offered.results == ()
        await service.wait_line("not handled", "kind=message")
        database.execute("ALTER TABLE moved_away RENAME TO subscriber")
    await stage.chat.wait_for("Something went wrong", after=sent, timeout=PATIENCE)
    assert (await press(stage, message, b"sm|l")).text is None
    await wait_edits(stage, message, 1)
    await service.wait_line("not handled")


async def test_a_step_that_no_edit_can_show_comes_as_a_message_once(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run()
    message = await ask(stage.chat, "/settings", "Language")
    after = message
    refusals = (
        ("MESSAGE_ID_INVALID", 400),
        ("MESSAGE_EDIT_TIME_EXPIRED", 400),
        ("MESSAGE_AUTHOR_REQUIRED", 403),
        ("SOMETHING_NEW", 400),
    )
    for error, code in refusals:
        stage.sandbox.faults.fail("messages.editMessage", error, code=code)
        await press(stage, message, b"al|0")
        after = await stage.chat.wait_for("no alerts", after=after, timeout=PATIENCE)
    stage.sandbox.faults.fail("messages.editMessage", "MESSAGE_ID_INVALID")
    await press(stage, message, b"sm|l")
    menu = await stage.chat.wait_for("can't be changed", after=after, timeout=PATIENCE)
    assert next(button.data for row in menu.buttons for button in row) == b"st|l|en"
    await stage.wait_drained()
    assert len(stage.chat.messages) == 1 + len(refusals) + 1


async def test_a_step_is_drawn_when_the_server_has_recovered(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run()
    message = await ask(stage.chat, "/settings", "Language")
    stage.sandbox.faults.fail("messages.editMessage", "INTERNAL", code=500, times=1)
    flood = stage.sandbox.faults.flood_wait("messages.editMessage", 1)
    await press(stage, message, b"sm|l")
    await wait_edits(stage, message, 1)
    assert flood.hits == 1
    assert len(stage.chat.messages) == 1


async def test_what_is_said_while_the_database_is_locked_is_done_in_its_order(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    await stage.run()
    message = await ask(stage.chat, "/start", "Hello")
    ben = stage.sandbox.add_user("Ben").chat_with(stage.bot)
    with locked(stage):
        first = await stage.chat.send("/alert wombat")
        await stage.chat.send("/alerts")
        other = await ben.send("/alert wallaby")
        # Presses are read after what was said before, and this one needs nothing written.
        assert (await press(stage, message, b"zz")).text == OLD
        assert len(stage.chat.messages) == 1
    await ben.wait_for("Alert set: wallaby", after=other, timeout=PATIENCE)
    added = await stage.chat.wait_for("Alert set: wombat", after=first, timeout=PATIENCE)
    listed = await stage.chat.wait_for("Your alerts", after=added, timeout=PATIENCE)
    assert "wombat" in listed.buttons[0][0].text
    await stage.wait_drained()
    assert len(stage.chat.messages) == 3


@pytest.mark.parametrize("end", ["kill", "stop"])
async def test_what_was_held_is_done_after_the_next_start(ready_stage: Any, end: str) -> None:
    stage = ready_stage
    service = await stage.run()
    message = await ask(stage.chat, "/start", "Hello")
    with locked(stage):
        sent = await stage.chat.send("/alert wombat")
        await press(stage, message, b"zz")
        await (service.kill() if end == "kill" else service.stop(timeout=PATIENCE))
    await stage.run()
    await stage.chat.wait_for("Alert set: wombat", after=sent, timeout=PATIENCE)


async def test_more_than_can_be_held_is_refused_once(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run()
    await ask(stage.chat, "/start", "Hello")
    with locked(stage):
        for _ in range(105):
            await stage.chat.send("/help")
        await stage.chat.wait_for("the last of it was not done", timeout=PATIENCE)
    await stage.chat.wait_for("Try again in a minute", timeout=PATIENCE)
    await stage.wait_drained()
    told = [message.text for message in stage.chat.messages]
    assert sum("the last of it was not done" in text for text in told) == 1


async def test_a_question_that_waited_for_its_answer_still_does(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run()
    await ask(stage.chat, "/alert", "Which words")
    with other_process(stage) as database:
        database.execute("ALTER TABLE alert RENAME TO moved_away")
        await ask(stage.chat, "wombat", "Something went wrong")
        database.execute("ALTER TABLE moved_away RENAME TO alert")
    await ask(stage.chat, "wombat", "Alert set: wombat")


async def test_presses_beyond_the_limit_get_an_empty_answer_and_the_last_one_is_shown(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    await stage.run(PRESSES_PER_MINUTE="12")
    message = await ask(stage.chat, "/settings", "Language")
    clock = asyncio.get_running_loop().time
    began = clock()
    answers = await asyncio.gather(*(press(stage, message, b"zz") for _ in range(24)))
    given = [answer.text for answer in answers]
    # One is given back in five seconds: on a busy machine there may be some.
    assert 12 <= given.count(OLD) <= 13 + (clock() - began) / 5
    assert given.count(None) == 24 - given.count(OLD)
    asked = [press(stage, message, f"sm|{name}".encode()) for name in "lzqd"]
    assert [(await answer).text for answer in asked] == [None] * 4
    await stage.sandbox.wait_for(
        lambda: next(b.data for row in message.buttons for b in row) == b"gn" or None,
        what="the last one",
        timeout=PATIENCE,
    )
    assert len(message.edits) <= 1 + (clock() - began) / 5


async def test_inline_queries_beyond_the_limit_get_an_empty_answer(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run(PRESSES_PER_MINUTE="2")
    post = await stage.news.post("The ferry sails")
    await stage.wait_stored(post)
    offered = [await stage.chat.inline("ferry", timeout=PATIENCE) for _ in range(3)]
    assert [len(one.results) for one in offered] == [1, 1, 0]
    assert offered[2].cache_time == 0


async def test_one_who_holds_next_page_leaves_room_for_the_others(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run(SEND_RATE_CHAT="1", PRESSES_PER_MINUTE="6000")
    posts = [await stage.news.post(f"The ferry number {number} sails") for number in range(30)]
    await stage.wait_stored(*posts)
    ben = stage.sandbox.add_user("Ben").chat_with(stage.bot)
    await ask(ben, "/alert wombat", "Alert set")
    results = await ask(stage.chat, "/search ferry", "30 results")
    token = next(b.data for row in results.buttons for b in row if b.data.startswith(b"sp|"))
    pages = [token.rpartition(b"|")[0] + b"|" + str(page % 2).encode() for page in range(60)]
    clock = asyncio.get_running_loop().time
    began = clock()
    await asyncio.gather(*(press(stage, results, page) for page in pages))
    # What was overtaken is not drawn: sixty pages, and hardly an edit more than the pace lets go.
    assert len(results.edits) < 15 + (clock() - began)
    await ask(ben, "/help", "/search")
    await stage.news.post("A wombat at the harbour")
    await ben.wait_for("A wombat", timeout=PATIENCE)
