"""Presses are answered, shown and followed by what they lead to, within limits."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from database_steps import mark_sent

from bot.serving import press_receiver
from bot.serving.drawing import Drawing
from bot.serving.press_updates import Query
from bot.telegram import outgoing
from handlers import buttons
from handlers.conversation.requests import PressResult
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText
from handlers.texts.failing import failing_words
from handlers.texts.languages import words_of
from storage.outbox import new_rows, outbox, queueing
from storage.payloads import TextPayload
from storage.subscribers import subscribers

GROUP = -1_000_000_000_042
OLD = "This button no longer works."
EDIT = "messages.editMessage"
ANSWER = "messages.setBotCallbackAnswer"
PATIENCE = 60.0


async def press(counter: Any, message: Any, data: bytes | None) -> Any:
    """Press a button with this data, whether the message has one or not; gives the answer."""
    query = counter.sandbox.press(counter.chat.user, message, data)
    return await counter.sandbox.wait_for(lambda: query.answer, what=str(data), timeout=PATIENCE)


async def wait_edits(counter: Any, message: Any, count: int) -> None:
    await counter.sandbox.wait_for(
        lambda: len(message.edits) >= count or None, what="edits", timeout=PATIENCE
    )


async def begin(counter: Any) -> Any:
    """Ann has a message with buttons."""
    await counter.chat.send("/settings")
    (row,) = await counter.answers(1)
    return await counter.say(row)


async def test_a_step_is_drawn_in_the_message_that_was_pressed(counter: Any) -> None:
    message = await begin(counter)
    counter.services.outbox.news.clear()
    answer = await press(counter, message, b"sm|l")
    assert (answer.text, answer.url) == (None, None)
    assert counter.services.outbox.news.is_set()  # what a press held back may be due
    await wait_edits(counter, message, 1)
    assert next(button.data for row in message.buttons for button in row) == b"st|l|en"


async def test_what_no_button_of_ours_has_is_an_old_button(counter: Any) -> None:
    message = await begin(counter)
    for data in (b"zz|1", b"\xff" * 9, None):
        assert (await press(counter, message, data)).text == OLD
    assert not message.edits


async def test_presses_beyond_the_limit_get_an_empty_answer_and_the_last_is_shown(
    counter: Any,
) -> None:
    message = await begin(counter)
    answers = await asyncio.gather(*(press(counter, message, b"zz") for _ in range(64)))
    told = [answer.text for answer in answers]
    assert told.count(OLD) >= 60
    assert set(told[-3:]) <= {None, OLD}
    asked = [press(counter, message, f"sm|{name}".encode()) for name in "zqdl"]
    for answer in asked:
        await answer
    await wait_edits(counter, message, 1)
    await counter.sandbox.wait_for(
        lambda: message.buttons[0][0].data == b"st|l|en" or None,
        what="the last step",
        timeout=PATIENCE,
    )


async def test_a_step_that_no_edit_can_show_comes_as_a_message_once(counter: Any) -> None:
    message = await begin(counter)
    counter.sandbox.faults.fail(EDIT, "MESSAGE_ID_INVALID")
    await press(counter, message, b"sm|l")
    (row,) = await counter.answers(1)
    assert (row.chat_id, row.kind) == (counter.chat.user.id, "answer")
    assert "can't be changed" in row.text.text
    assert row.text.keyboard[0][0][1] == "st|l|en"
    await counter.done()
    counter.sandbox.faults.fail(EDIT, "MESSAGE_NOT_MODIFIED")
    await press(counter, message, b"al|0")
    await press(counter, message, b"sm|l")
    await wait_edits(counter, message, 1)
    assert await counter.answers(0) == []


async def test_a_step_is_drawn_when_the_server_has_recovered(counter: Any) -> None:
    message = await begin(counter)
    fault = counter.sandbox.faults.fail(EDIT, "INTERNAL", code=500)
    await press(counter, message, b"sm|l")
    await wait_edits(counter, message, 1)
    assert fault.hits == 1
    assert await counter.answers(0) == []


async def test_an_answer_that_is_refused_stops_nothing(counter: Any) -> None:
    message = await begin(counter)
    for name in ("QUERY_ID_INVALID", "SOMETHING_NEW"):
        edits = len(message.edits)
        fault = counter.sandbox.faults.fail(ANSWER, name)
        counter.sandbox.press(counter.chat.user, message, b"sm|l")
        await fault.wait_hit()
        await wait_edits(counter, message, edits + 1)
        await press(counter, message, b"sm|z")


async def test_what_a_press_leads_to_is_a_message_while_one_may_ask(
    counter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lead(*_: Any) -> PressResult:
        return PressResult(toast="Here", reply=(Message(RichText("Found")),))

    message = await begin(counter)
    await counter.done()
    monkeypatch.setattr(buttons, "press", lead)
    told = [(await press(counter, message, b"sm|l")).text for _ in range(5)]
    rows = await counter.answers(3)
    # The limit is four a minute, and /settings was the first.
    assert told == ["Here"] * 3 + [words_of("en").too_fast] * 2
    assert [row.text.text for row in rows] == ["Found"] * 3


async def test_an_inline_query_is_answered_within_the_limit(counter: Any) -> None:
    offered = await counter.chat.inline("wombat")
    assert (offered.results, offered.is_personal, offered.cache_time) == ((), True, 60)
    for name in ("QUERY_ID_INVALID", "SOMETHING_NEW"):
        fault = counter.sandbox.faults.fail("messages.setInlineBotResults", name)
        asked = asyncio.create_task(counter.chat.inline(name))
        await fault.wait_hit()
        asked.cancel()
    assert (await counter.chat.inline("")).cache_time == 60


async def test_what_a_press_in_a_group_leads_to_comes_in_the_topic_of_its_message(
    counter: Any,
) -> None:
    now = datetime.now(UTC)
    async with counter.db.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=GROUP, now=now)
        new = new_rows.answer(GROUP, "shown", TextPayload(text="Pick"), now=now, topic=12)
        await queueing.add_deliveries(tx, [new])
        shown = await outbox.find_delivery(tx, new.key)
        assert shown is not None
        await mark_sent(tx, shown.id, 71, now)
    presses = counter.receiver._presses
    for number, message_id in enumerate((71, 72)):
        query = Query(id=number, user_id=5, chat_id=GROUP, message_id=message_id)
        await presses._send(query, "", [Message(RichText("Done"))])
    found = sorted(row.topic or 0 for row in await counter.answers(2))
    assert found == [0, 12]


async def test_what_a_press_leads_to_is_stored_within_two_minutes_or_not_at_all(
    counter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, held = asyncio.get_running_loop().time, []

    async def noted(store: Any, until: float) -> None:
        held.append(until - clock())
        await store()

    monkeypatch.setattr(press_receiver, "patiently", noted)
    presses = counter.receiver._presses
    query = Query(id=1, user_id=5, chat_id=5, message_id=1)
    await presses._send(query, "", [])
    await presses._send(query, "", [Message(RichText("Done")), Message(RichText("And more"))])
    assert held == [pytest.approx(120, abs=5)]
    assert len(await counter.answers(2)) == 2


async def test_who_presses_is_told_that_it_takes_long_or_went_wrong(
    counter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    message, done = await begin(counter), asyncio.Event()

    async def wait(*_: Any) -> PressResult:
        await done.wait()
        return PressResult(toast="Done")

    async def fail(*_: Any) -> PressResult:
        raise ZeroDivisionError

    monkeypatch.setattr(press_receiver, "GIVE_WITHIN", 0.0)
    monkeypatch.setattr(buttons, "press", wait)
    try:
        assert (await press(counter, message, b"sm|l")).text == failing_words("en").press_kept
    finally:
        done.set()
    monkeypatch.setattr(press_receiver, "GIVE_WITHIN", PATIENCE)
    monkeypatch.setattr(buttons, "press", fail)
    assert (await press(counter, message, b"sm|l")).text == failing_words("en").press_wrong


async def test_a_press_that_is_allowed_again_ends_what_waited(counter: Any) -> None:
    presses = counter.receiver._presses
    presses._overdue[5] = Query(id=1, user_id=5)
    presses._take_in(Query(id=2, user_id=5))
    assert presses._overdue == {}


@pytest.mark.parametrize("leaves_nothing", [False, True])
async def test_what_leaves_nothing_is_said_past_the_outbox(
    counter: Any, leaves_nothing: bool
) -> None:
    await begin(counter)
    await counter.done()
    ann = counter.chat.user.id
    known = counter.sandbox.access_hash(counter.bot, ann)
    query = Query(id=9, user_id=ann, chat_id=ann, message_id=1, access_hash=known)
    result = PressResult(edit=Message(RichText("Gone")), leaves_nothing=leaves_nothing)
    drawing = Drawing(query=query, result=result, to=outgoing.peer(ann, known), since=0.0)
    before = len(counter.chat.messages)
    await counter.receiver._presses._send_instead(drawing)
    rows = await counter.answers(0)
    assert [row.text.text for row in rows] == ([] if leaves_nothing else ["Gone"])
    assert [one.text for one in counter.chat.messages[before:]] == ["Gone"] * leaves_nothing


@pytest.mark.parametrize(("given", "stored", "used"), [(5, 6, 5), (None, 6, 6), (None, None, None)])
async def test_a_step_is_drawn_by_the_hash_of_the_press_or_the_database(
    counter: Any, given: int | None, stored: int | None, used: int | None
) -> None:
    drawn: list[Drawing] = []
    presses = counter.receiver._presses
    presses._drawer.draw = drawn.append
    if stored is not None:
        async with counter.db.transaction() as tx:
            now = datetime.now(UTC)
            await subscribers.add_subscriber(tx, chat_id=GROUP, access_hash=stored, now=now)
    await presses._draw(Query(id=1, user_id=5, chat_id=GROUP, access_hash=given), PressResult())
    assert drawn[0].to == outgoing.peer(GROUP, used)
