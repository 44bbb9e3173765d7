"""Which edits are tried again, and when; what draws a step."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telethon.tl import types

from bot.process.gate import Gate
from bot.serving.drawing import Drawer, Drawing, _wait_after
from bot.serving.press_receiver import message_instead
from bot.serving.press_updates import Query
from bot.serving.sentences import random_id_of
from bot.telegram.pace import Pace
from bot.telegram.retry import Failure, FailureKind
from handlers.conversation.requests import PressResult
from handlers.render.text.messages import Button, Message
from handlers.render.text.rich import RichText
from handlers.texts.failing import failing_words
from storage.structs import replace

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


FLOOD = Failure(kind="flood", reason="FLOOD_WAIT_90", seconds=90.0)


class Board:
    """A drawer whose edits fail as we say, with what it gave up."""

    def __init__(self, tasks: asyncio.TaskGroup) -> None:
        self.pace = Pace(overall=30.0, per_chat=1.0, per_group=20.0)
        self.refused: list[Drawing] = []
        client: Any = None
        self.drawer = Drawer(client, self.pace, Gate(), tasks, on_refused=self._refuse)
        # What waits is looked at here, and not drawn.
        self.drawer._running = True

    async def _refuse(self, drawing: Drawing) -> None:
        self.refused.append(drawing)

    def waiting(self) -> list[Drawing]:
        return [*self.drawer._waiting.values()]


@pytest.fixture
async def board() -> AsyncIterator[Board]:
    async with asyncio.TaskGroup() as tasks:
        yield Board(tasks)


@pytest.mark.parametrize(("seconds", "least"), [(90.0, 90.0), (5.0, 5.0), (0.0, 1.0)])
async def test_a_flooded_drawing_closes_its_chat_until_the_wait_is_over(
    board: Board, seconds: float, least: float
) -> None:
    now = asyncio.get_running_loop().time()
    await board.drawer._failed(drawing(edit=PAGE), replace(FLOOD, seconds=seconds))
    assert board.pace.chat_ready_at(501, now) == pytest.approx(now + least, abs=0.9)
    assert board.pace.chat_ready_at(502, now) == now
    # And its bucket has become slower.
    assert board.pace._chats[501].share < 1


@pytest.mark.parametrize(
    ("kind", "reason", "is_told"),
    [
        ("flood", "FLOOD_WAIT_90", True),
        ("refused", "MESSAGE_ID_INVALID", True),
        ("refused", "MESSAGE_NOT_MODIFIED", False),
        ("gone", "USER_IS_BLOCKED", False),
        ("unauthorized", "AUTH_KEY_UNREGISTERED", False),
    ],
)
async def test_what_no_edit_can_show_is_said_to_whom_it_reaches(
    board: Board, kind: FailureKind, reason: str, is_told: bool
) -> None:
    step = drawing(edit=PAGE)
    await board.drawer._failed(step, Failure(kind=kind, reason=reason, seconds=90.0))
    assert (board.refused == [step], board.waiting()) == (is_told, [])
    is_closed = board.pace.chat_ready_at(501, 0.0) > 0
    assert is_closed is (kind == "flood")


async def test_what_is_tried_again_waits_and_gives_way_to_a_newer_step(board: Board) -> None:
    now = asyncio.get_running_loop().time()
    step, newer = drawing(edit=PAGE), drawing(keyboard=KEYS)
    await board.drawer._failed(step, Failure(kind="flood", reason="X", seconds=20.0))
    (again,) = board.waiting()
    assert (again.tries, again.result) == (1, step.result)
    assert again.after == pytest.approx(now + 20, abs=0.9)
    # A newer step takes the place of what waits, its waiting too.
    board.drawer.draw(replace(newer, since=now, after=0.0))
    (waits,) = board.waiting()
    assert (waits.result, waits.since, waits.after) == (newer.result, again.since, again.after)
    # What was overtaken while it was under way is not drawn again, nor told.
    await board.drawer._failed(step, Failure(kind="server", reason="INTERNAL"))
    await board.drawer._failed(step, Failure(kind="refused", reason="X"))
    assert (board.waiting(), board.refused) == ([waits], [])
    board.drawer.draw(drawing(toast="Nothing to draw"))
    assert board.waiting() == [waits]


async def test_of_one_message_one_edit_is_under_way_and_others_pass_it(board: Board) -> None:
    drawer, now = board.drawer, asyncio.get_running_loop().time()
    first = drawing(edit=PAGE)
    drawer._under_way.add(first.target)
    drawer.draw(first)
    assert drawer._first_ready_at(now) == float("inf")
    other = replace(first, query=replace(first.query, message_id=6), after=now + 3)
    drawer.draw(other)
    assert drawer._first_ready_at(now) == now + 3
