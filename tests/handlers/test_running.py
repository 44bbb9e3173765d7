"""Commands that buttons give."""

import pytest

from handlers.render.text import keyboards
from handlers.texts.languages import words_of


async def test_a_command_of_a_button_ends_what_was_asked(ann, active) -> None:
    await ann.say("/alert")
    ann.pressed_at = ann.said + 1
    assert (await ann.press_data(keyboards.data(keyboards.RUN, "alerts"))).reply
    ann.said += 1
    await ann.say("ferry")
    assert await active() == []  # it was searched for


@pytest.mark.parametrize("given", ["ferry", "ferry|port"])
async def test_what_stands_behind_a_command_is_given_with_it(ann, active, given: str) -> None:
    await ann.say("/start")
    await ann.press_data(keyboards.data(keyboards.RUN, "alert", *given.split("|")))
    assert [alert.query for alert in await active()] == [given]


async def test_what_is_no_command_is_an_old_button(ann) -> None:
    await ann.say("/start")
    old = words_of("en").old_button
    assert (await ann.press_data(keyboards.data(keyboards.RUN, "sing"))).toast == old
    ann.chat_id = ann.sender_id = 77
    assert (await ann.press_data(keyboards.data(keyboards.RUN, "help"))).toast == old
