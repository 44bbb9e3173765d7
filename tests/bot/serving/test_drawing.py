"""Which edits are tried again, and when; what draws a step."""

from typing import Any

import pytest
from telethon.tl import types

from bot.serving.drawing import Drawing, _wait_after
from bot.serving.press_receiver import message_instead
from bot.serving.press_updates import Query
from bot.serving.sentences import random_id_of
from bot.telegram.retry import Failure, FailureKind
from handlers.conversation.requests import PressResult
from handlers.render.text.messages import Button, Message
from handlers.render.text.rich import RichText
from handlers.texts.failing import failing_words

KEYS = ((Button(text="Next", data="bp|3|1"),),)
PAGE = Message(RichText("Page 2"), KEYS)


@pytest.mark.parametrize(
    ("kind", "seconds", "tries", "wait"),
    [
        ("flood", 60.0, 0, 60.0),
        ("flood", 0.0, 0, 1.0),
        ("flood", 61.0, 0, None),
        ("flood", 5.0, 2, 5.0),
        ("flood", 5.0, 3, None),
        ("server", 0.0, 0, 1.0),
        ("timeout", 0.0, 1, 2.0),
        ("network", 0.0, 2, 4.0),
        ("network", 0.0, 3, None),
        ("refused", 0.0, 0, None),
        ("gone", 0.0, 0, None),
        ("unauthorized", 0.0, 0, None),
    ],
)
def test_an_edit_is_tried_again_where_that_is_of_use(
    kind: FailureKind, seconds: float, tries: int, wait: float | None
) -> None:
    assert _wait_after(Failure(kind=kind, reason="X", seconds=seconds), tries) == wait


def drawing(**step: Any) -> Drawing:
    query = Query(id=77, user_id=501, chat_id=501, message_id=5)
    return Drawing(
        query=query, result=PressResult(**step), to=types.InputPeerUser(501, 9), since=0.0
    )


def test_a_step_replaces_the_message_or_its_buttons_alone() -> None:
    whole: Any = drawing(edit=PAGE, keyboard=()).request()
    assert (whole.id, whole.message, whole.peer.user_id) == (5, "Page 2", 501)
    buttons: Any = drawing(keyboard=KEYS).request()
    assert (buttons.id, buttons.message) == (5, None)
    assert buttons.reply_markup.rows[0].buttons[0].text == "Next"
    none: Any = drawing(keyboard=()).request()
    assert (none.id, none.reply_markup) == (5, None)
    assert drawing(toast="Stopped").request() is None
    assert drawing().target == (501, 5)


def test_a_step_that_no_edit_can_show_is_a_message_of_its_own() -> None:
    said = failing_words("en")
    assert message_instead(PressResult(edit=PAGE), said) == PAGE
    shown = message_instead(PressResult(keyboard=KEYS), said)
    assert shown is not None
    assert (shown.text.text, shown.keyboard) == (said.cannot_edit, KEYS)
    assert message_instead(PressResult(keyboard=()), said) is None


def test_a_sentence_is_known_again_by_a_number_that_follows_from_what_it_is_about() -> None:
    numbers = [random_id_of(f"about {n}") for n in range(200)]
    assert len({*numbers}) == 200
    assert random_id_of("about 7") == numbers[7]
    assert any(number < 0 for number in numbers) and any(number > 2**62 for number in numbers)
    assert all(-(2**63) <= number < 2**63 and number for number in numbers)
