"""Whether a wait that Telegram asks for is one chat's, or everybody's.

FLOOD_WAIT does not say what it is for. Where one chat must wait, the others go on. Where a second
one must wait, and nothing that was sent since the first wait got through, the whole bot is meant.
Many messages are under way at once, so what counts is when each was sent, not when its answer came.
Pure; times in seconds of a monotonic clock.
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
