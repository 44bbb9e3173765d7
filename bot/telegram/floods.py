"""Whose wait is it: one chat's, or everybody's? Pure; times in seconds of a monotonic clock.

FLOOD_WAIT does not say what it is for. One chat that must wait is its own affair; a second one
that must wait while nothing sent since the first got through means the bot as a whole. Many are
under way at once, so what counts is when each was sent, not when its answer came.
"""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Floods:
    """The waits in force, by chat: when the message was sent that met it, and until when it is."""

    _waits: dict[int, tuple[float, float]] = field(default_factory=dict)
    _passed: float = float("-inf")

    def met(self, chat_id: int, until: float, now: float, *, started: float | None = None) -> bool:
        """Note a wait that was met by what was sent at ``started`` (without it: ``now``); whether
        it is everybody's."""
        started = now if started is None else started
        self._waits = {
            key: wait
            for key, wait in self._waits.items()
            if wait[1] > now and wait[0] > self._passed
        }
        if started <= self._passed:
            return False
        others = any(key != chat_id for key in self._waits)
        self._waits[chat_id] = (started, until)
        return others

    def passed(self, started: float) -> None:
        """A message sent at ``started`` got through: waits met by what was sent before it were of
        single chats."""
        self._passed = max(self._passed, started)
