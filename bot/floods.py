"""Whose wait is it: one chat's, or everybody's? Pure; times in seconds of a monotonic clock.

FLOOD_WAIT does not say what it is for. One chat that must wait is its own affair; a second one
that must wait while nothing sent since the first got through means the bot as a whole.
"""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Floods:
    """The waits in force."""

    _waits: dict[int, tuple[float, float]] = field(default_factory=dict)

    def met(self, chat_id: int, until: float, now: float) -> bool:
        """Note a wait of this chat; whether it is everybody's."""
        self._waits = {key: wait for key, wait in self._waits.items() if wait[1] > now}
        others = any(key != chat_id for key in self._waits)
        self._waits[chat_id] = (now, until)
        return others

    def passed(self, started: float) -> None:
        """A message sent at ``started`` got through: waits met before it were of single chats."""
        if self._waits:
            self._waits = {key: wait for key, wait in self._waits.items() if wait[0] >= started}
