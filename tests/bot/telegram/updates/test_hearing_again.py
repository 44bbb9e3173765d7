"""When what was missed is asked for again, and when it is given up, by the clock."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import leaping
import pytest
from structlog.testing import capture_logs
from telethon import errors
from telethon._updates.session import SessionState
from telethon.errors import rpc_message_to_error
from telethon.tl import types
from telethon.tl.functions.updates import GetDifferenceRequest, GetStateRequest
from telethon.tl.types import RpcError

from bot.telegram.updates.hearing import CutError, DifferenceRefusedError, Hearing
from bot.telegram.updates.message_box import KeepingBox

NOW = datetime(2026, 1, 2, tzinfo=UTC)
REQUEST = GetDifferenceRequest(pts=10, date=NOW, qts=0)
NOTHING = types.updates.DifferenceEmpty(date=NOW, seq=0)


def refusal(name: str, code: int) -> Exception:
    error: Exception = rpc_message_to_error(RpcError(code, name), None)
    return error


class Ears:
    """An account's hearing, what the server answers it (the last for ever), and when what came."""

    def __init__(self, *answers: object) -> None:
        box = KeepingBox(logging.getLogger("box"))
        box.load(SessionState(0, 0, 0, 10, 0, int(NOW.timestamp()), 1, 0), [])
        self.hearing = Hearing("bot", box, self._ask, self._wake)
        self.hearing.on_missed = lambda *_: self.missed.append(leaping.now())
        self._answers = list(answers)
        self.asked: list[float] = []
        self.woken: list[float] = []
        self.missed: list[float] = []
        self.logged: dict[str, Any] = {}

    async def _ask(self, request: Any) -> Any:
        if isinstance(request, GetStateRequest):
            return types.updates.State(pts=10, qts=0, date=NOW, seq=1, unread_count=0)
        self.asked.append(leaping.now())
        if len(self.asked) > 1000:
            raise asyncio.CancelledError  # It never rests.
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _wake(self, _: object) -> None:
        self.woken.append(leaping.now())

    async def ask(self) -> object:
        """As the update loop does; whatever it was is answered."""
        try:
            return await self.hearing.difference(REQUEST)
        except DifferenceRefusedError:
            return None

    async def go_on(self, seconds: float) -> None:
        """Ask again as long as that."""
        work = asyncio.ensure_future(self.hearing.run())
        await asyncio.sleep(seconds)
        work.cancel()


def played(play: Callable[[], Awaitable[Ears]]) -> Ears:
    async def go() -> Ears:
        return await play()

    with capture_logs() as logged:
        ears = leaping.run(go())
    ears.logged = {line["event"]: line for line in logged}
    return ears


def refused(*answers: object, seconds: float) -> Ears:
    async def play() -> Ears:
        ears = Ears(*answers)
        assert await ears.ask() is None
        await ears.go_on(seconds)
        return ears

    return played(play)


REFUSED = refusal("SOMETHING_NEW", 500)


def test_what_is_refused_is_asked_for_ever_more_rarely_and_given_up_after_three_minutes() -> None:
    ears = refused(REFUSED, seconds=250.0)
    assert ears.asked == [0, 1, 3, 7, 15, 31, 61, 91, 121, 151, 180, 210, 240]
    assert ears.missed == ears.woken == [180]


def test_the_present_state_is_asked_for_once_it_is_given_up_and_not_before() -> None:
    async def play() -> Ears:
        ears = Ears(REFUSED)
        await ears.ask()
        await ears.go_on(179.0)
        assert await ears.ask() is None
        await ears.go_on(2.0)
        assert await ears.ask() is not None
        return ears

    assert played(play).missed == [180]


@pytest.mark.parametrize(
    ("wait", "asked", "missed"),
    [(20, [0, 20, 40, 60, 80], []), (70_000, [0], [180])],
)
def test_nothing_is_asked_for_while_telegram_wants_to_be_left_alone(
    wait: int, asked: list[float], missed: list[float]
) -> None:
    ears = refused(errors.FloodWaitError(None, wait), seconds=100.0 if not missed else 600.0)
    assert (ears.asked, ears.missed) == (asked, missed)


def test_a_lost_connection_is_no_refusal_and_is_tried_every_three_seconds() -> None:
    ears = refused(REFUSED, ConnectionError("disconnected"), seconds=13.5)
    assert ears.asked == [0, 1, 4, 7, 10, 13]
    assert ears.hearing.failing == {None: 1}


def test_what_was_had_is_handed_on_without_asking_once_more() -> None:
    async def play() -> Ears:
        ears = Ears(REFUSED, NOTHING)
        await ears.ask()
        await ears.go_on(1.5)
        assert ears.hearing.failing == {None: 1}  # until the update loop has taken it in
        assert await ears.ask() is NOTHING
        ears.hearing.taken_in()
        assert not ears.hearing.failing
        await ears.go_on(600.0)
        return ears

    ears = played(play)
    assert (ears.asked, ears.woken, ears.missed) == ([0, 1], [1], [])
    over = ears.logged["what was missed can be had again"]
    assert (over["failures"], over["seconds"]) == (1, 1.5)


@pytest.mark.parametrize(
    ("error", "asked"),
    [(REFUSED, [0, 0.5, 2.5]), (CutError(), [0, 1]), (errors.FloodWaitError(None, 60), [0])],
    ids=["refused", "cut", "wait"],
)
def test_after_a_reconnection_it_is_asked_at_once_unless_that_may_have_cut_the_line(
    error: Exception, asked: list[float]
) -> None:
    async def play() -> Ears:
        ears = Ears(error)
        await ears.ask()
        work = asyncio.ensure_future(ears.hearing.run())
        await asyncio.sleep(0.5)
        ears.hearing.reconnected()
        await asyncio.sleep(2.25)
        work.cancel()
        return ears

    assert played(play).asked == asked


def test_an_account_that_is_heard_no_more_is_left_to_the_update_loop() -> None:
    ears = refused(REFUSED, refusal("AUTH_KEY_UNREGISTERED", 401), seconds=10.0)
    assert (ears.asked, ears.woken) == ([0, 1], [1])
    assert not ears.hearing.failing
