"""The time of messages while the machine's clock is set."""

import logging
import time
from collections import defaultdict
from typing import Any

import pytest
from telethon.network import mtprotostate

from bot.telegram.updates.steady import SteadyState


class Clock:
    """A machine's clock that can be set."""

    ahead = 0.0
    right = staticmethod(time.time)

    def time(self) -> float:
        return self.right() + self.ahead

    def of_message(self, state: Any) -> float:
        """How far the time of the next message is from what is right."""
        return float(state._get_new_msg_id() >> 32) - self.right()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "time", clock.time)
    return clock


def made() -> Any:
    return SteadyState(None, loggers=defaultdict(lambda: logging.getLogger("telethon")))


@pytest.mark.parametrize("jump", [3600, 86400, -3600, -86400, 40, -40])
def test_messages_are_dated_evenly_when_the_clock_is_set(clock: Clock, jump: float) -> None:
    state = made()
    assert abs(clock.of_message(state)) < 5
    clock.ahead = jump
    assert abs(clock.of_message(state)) < 5
    assert abs(clock.time() + state.time_offset - clock.right()) < 5
    clock.ahead = 0
    assert abs(clock.of_message(state)) < 5


@pytest.mark.parametrize("wrong", [0, 7200, -7200])
def test_a_clock_that_was_wrong_is_told_by_the_server_and_may_be_mended(
    clock: Clock, wrong: float
) -> None:
    clock.ahead = wrong
    state = made()
    state.update_time_offset(int(clock.right()) << 32)
    assert abs(clock.of_message(state)) < 5
    clock.ahead = 0
    state._last_msg_id = 0
    assert abs(clock.of_message(state)) < 5
    state.update_time_offset(int(clock.right()) << 32)
    assert abs(clock.of_message(state)) < 5


def test_telethon_dates_messages_as_is_relied_on_here() -> None:
    state = mtprotostate.MTProtoState
    assert "time_offset" in state._get_new_msg_id.__code__.co_names
    assert "time_offset" in state.decrypt_message_data.__code__.co_names
