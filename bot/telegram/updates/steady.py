"""The time by which messages to and from Telegram are dated, however the machine's clock is set.

Telethon compares the machine's clock with the server's once and drops each message that then seems
more than five minutes old, or more than half a minute ahead. If the clock is set meanwhile, the
client would hear nothing more on a connection that stands.
"""

import time

from telethon.network.mtprotostate import MTProtoState

_RUNNING = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""A clock that nobody sets, and that goes on while the machine sleeps where there is such a one."""


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
        lead = _lead() - self._began
        return self._offset - lead if abs(lead) > 1 else self._offset

    @time_offset.setter
    def time_offset(self, seconds: float) -> None:
        lead = _lead() - self._began
        self._offset = seconds + lead if abs(lead) > 1 else seconds
