"""Decides whether a wait that Telegram asks for concerns one chat or all.

FLOOD_WAIT does not say what it is for. If one chat must wait, the others go on. If a second chat
must wait, and nothing that was sent since the first wait got through, the whole bot is meant. Many
messages are in flight at once, so what counts is when each was sent, not when its answer came.
Pure; times in seconds of a monotonic clock.
"""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Floods:
    """The waits in force, by chat: when the message was sent that met the wait, and until when it
    lasts."""

    _waits: dict[int, tuple[float, float]] = field(default_factory=dict)
    _passed: float = float("-inf")

    def met(self, chat_id: int, until: float, now: float, *, started: float | None = None) -> bool:
        """Note a wait that a message met which was sent at ``started`` (default ``now``); returns
        whether it concerns all chats."""
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
        """Note that a message sent at ``started`` got through: waits of messages sent before it
        concern single chats."""
        self._passed = max(self._passed, started)
