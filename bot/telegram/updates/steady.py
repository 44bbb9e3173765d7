"""The time by which messages to and from Telegram are dated, however the machine's clock is set.

Telethon compares the machine's clock with the server's once and drops each message that then seems
more than five minutes old, or more than half a minute ahead. If the clock is set meanwhile, the
client would hear nothing more on a connection that stands. A virtual machine that was paused is the
other case: of its clocks only the one that is set afterwards knows of that time.
"""

import time
from typing import Any

from telethon.network.mtprotostate import MTProtoState

_RUNNING = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""A clock that nobody sets; where the system has such a one, also while the machine sleeps."""


def _lead() -> float:
    """How far the machine's clock is ahead of the one that nobody sets, in seconds."""
    return time.time() - time.clock_gettime(_RUNNING)


class SteadyState(MTProtoState):  # type: ignore[misc]  # it has no types
    """Telethon's, but its time goes on evenly when the machine's clock is set."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        self._began = _lead()
        self._offset = 0.0
        super().__init__(*args, **kwargs)

    @property
    def time_offset(self) -> float:
        """What to add to the machine's clock for the server's time, in seconds."""
        return self._offset - self._clock_change()

    @time_offset.setter
    def time_offset(self, seconds: float) -> None:
        self._offset = seconds + self._clock_change()

    def _clock_change(self) -> float:
        """The seconds by which the machine's clock was set ahead; 0 for a second or less."""
        ahead = _lead() - self._began
        return ahead if abs(ahead) > 1 else 0.0

    def decrypt_message_data(self, body: bytes) -> Any:
        """A message, or None for one that is ignored, as Telethon does. One that is too old or too
        new is looked at by the machine's clock too; if that is right, its time is taken from then
        on."""
        if not self._clock_change():
            return super().decrypt_message_data(body)
        self._ignore_count = 0  # else what both clocks refused before would refuse this one
        message = super().decrypt_message_data(body)
        if message is None:
            began, self._began = self._began, _lead()
            message = super().decrypt_message_data(body)
            if message is None:
                self._began = began
        return message
