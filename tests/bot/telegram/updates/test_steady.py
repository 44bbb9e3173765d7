"""The time of messages while the machine's clock is set."""

import logging
import os
import struct
import time
from collections import defaultdict
from hashlib import sha256
from typing import Any

import pytest
from telethon.crypto import AES, AuthKey
from telethon.network import mtprotostate
from telethon.tl import types

from bot.telegram.updates.steady import SteadyState


class Clock:
    """A machine's clock that can be set."""

    ahead = 0.0
    paused = 0.0
    right = staticmethod(time.time)
    running = staticmethod(time.clock_gettime)

    def time(self) -> float:
        return self.right() + self.ahead

    def clock_gettime(self, which: int) -> float:
        return self.running(which) - self.paused

    def of_message(self, state: Any) -> float:
        """How far the time of the next message is from what is right."""
        return float(state._get_new_msg_id() >> 32) - self.right()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "time", clock.time)
    monkeypatch.setattr(time, "clock_gettime", clock.clock_gettime)
    return clock


def made(key: AuthKey | None = None) -> Any:
    return SteadyState(key, loggers=defaultdict(lambda: logging.getLogger("telethon")))


class Server:
    """Telegram, which dates each message by a clock that is right."""

    def __init__(self, clock: Clock) -> None:
        self.key = AuthKey(os.urandom(256))
        self._clock = clock
        self._sent = 0

    def send(self, state: Any, *, late: float = 0) -> bytes:
        self._sent += 1
        said = bytes(types.MsgsAck([1]))
        number = (int(self._clock.right() - late) << 32) | (4 * self._sent + 1)
        data = struct.pack("<qqqii", 0, state.id, number, 0, len(said)) + said
        data += os.urandom(-(len(data) + 12) % 16 + 12)
        hashed = sha256(self.key.key[96:128] + data).digest()[8:24]
        sealed = AES.encrypt_ige(data, *state._calc_key(self.key.key, hashed, False))
        return struct.pack("<Q", self.key.key_id) + hashed + bytes(sealed)


@pytest.fixture
def server(clock: Clock) -> Server:
    return Server(clock)


@pytest.mark.parametrize("jump", [3600, -3600, 40, -400, 0])
@pytest.mark.parametrize("paused", [0, 20, 100, 400, 86400])
def test_what_the_server_says_is_heard_when_the_clock_was_set_or_the_machine_paused(
    clock: Clock, server: Server, jump: float, paused: float
) -> None:
    state = made(server.key)
    assert state.decrypt_message_data(server.send(state)) is not None
    clock.ahead = jump
    assert state.decrypt_message_data(server.send(state)) is not None
    clock.ahead = 0
    assert state.decrypt_message_data(server.send(state)) is not None
    clock.paused = paused  # and its clock was set right after that
    for _ in range(3):
        assert state.decrypt_message_data(server.send(state)) is not None
    assert abs(clock.of_message(state)) < 30
    clock.ahead = jump
    assert state.decrypt_message_data(server.send(state)) is not None


def test_a_machine_that_was_paused_is_deaf_only_until_its_clock_is_set(
    clock: Clock, server: Server
) -> None:
    state = made(server.key)
    clock.paused, clock.ahead = 500, -500
    for _ in range(9):
        assert state.decrypt_message_data(server.send(state)) is None
    clock.ahead = -200
    for _ in range(20):
        assert state.decrypt_message_data(server.send(state)) is None
    clock.ahead = 0
    assert state.decrypt_message_data(server.send(state)) is not None
    assert abs(clock.of_message(state)) < 5


def test_what_is_old_by_both_clocks_is_ignored(clock: Clock, server: Server) -> None:
    state = made(server.key)
    again = server.send(state)
    assert state.decrypt_message_data(again) is not None
    for ahead in (0.0, 3600.0, -50.0):
        clock.ahead = ahead
        assert state.decrypt_message_data(server.send(state, late=400)) is None
        assert state.decrypt_message_data(again) is None
        assert state.decrypt_message_data(server.send(state, late=-90)) is None
        assert state.decrypt_message_data(server.send(state)) is not None


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
