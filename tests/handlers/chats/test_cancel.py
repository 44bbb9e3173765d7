"""What is said where nothing waits for an answer: the word may have been one to search for."""

from typing import Any

import pytest

from handlers.render.text.messages import DATA_BYTES

ROOM = DATA_BYTES - len("rn|search|")


@pytest.mark.parametrize(
    ("words", "is_offered"),
    [
        ("culture", True),
        ("", False),
        ("x" * ROOM, True),
        ("x" * (ROOM + 1), False),
        ("ж" * (ROOM // 2), True),  # each is two bytes
        ("ж" * (ROOM // 2 + 1), False),
    ],
)
async def test_what_stands_behind_it_can_be_searched_for_where_a_button_holds_it(
    ann: Any, words: str, is_offered: bool
) -> None:
    (said,) = await ann.say(f"/cancel {words}")
    assert bool(said.keyboard) is is_offered
    if is_offered:
        ((button,),) = said.keyboard
        assert button.data == f"rn|search|{words}"


async def test_while_a_question_is_open_it_ends_that(ann: Any) -> None:
    await ann.say("/alert")
    (said,) = await ann.say("/cancel culture")
    assert said.keyboard == ()
    (said,) = await ann.say("/cancel culture")
    assert said.keyboard
