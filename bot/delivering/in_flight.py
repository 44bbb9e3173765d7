"""The messages that are in flight: sent, and not answered yet. Pure; times in seconds of a
monotonic clock.

Two things follow from them:

- **How many may arrive within a second.** A message in flight may arrive at any moment, and all at
  once after a stall. So another one may start only while it, the messages in flight and the replies
  of the last second together are within the rate limit. Whatever arrived within one second was
  answered within it or is still in flight, so no second exceeds the limit, however long messages
  take.

- **Which replies are lost.** A message is *late* once a message begun with it or later was
  answered: its reply was lost. It blocks its own chat, but takes no place from others. While no
  reply at all comes the network is down, and the places stay taken.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

LATE = 0.5
"""Seconds after which a reply is late, if one to what was begun no earlier has come."""
SECOND = 1.0
TOLERANCE = 1.05
"""How much more than the pace a second may have: else what is under way would always slow it."""


def per_second(pace: float) -> int:
    """The most messages that may arrive within any second at a rate (messages a second)."""
    return max(1, int(pace * TOLERANCE))


@dataclass(slots=True)
class InFlight:
    """``most`` messages may be in flight, and beside them ``most_late`` whose replies are late;
    ``most_a_second`` may arrive within a second."""

    most: int
    most_late: int
    most_a_second: int
    _fresh: dict[int, float] = field(default_factory=dict)
    _late: set[int] = field(default_factory=set)
    _ended: deque[float] = field(default_factory=deque)
    _answered: float = float("-inf")

    def __len__(self) -> int:
        return len(self._fresh)

    @property
    def late(self) -> int:
        """How many replies are late."""
        return len(self._late)

    def has_room(self, now: float) -> bool:
        """Whether one more may start."""
        for row in list(self._overdue(now)):
            del self._fresh[row]
            self._late.add(row)
        while self._ended and self._ended[0] <= now - SECOND:
            self._ended.popleft()
        is_slow_enough = len(self._fresh) + len(self._ended) < self.most_a_second
        return is_slow_enough and len(self._fresh) < self.most and len(self._late) < self.most_late

    def begin(self, row: int, now: float) -> None:
        """Note that a message was sent."""
        self._fresh[row] = now

    def end(self, row: int, now: float, *, is_answered: bool) -> None:
        """Note that its reply came (``is_answered``) or was given up."""
        begun_at = self._fresh.pop(row, None)
        self._late.discard(row)
        self._ended.append(now)
        if is_answered and begun_at is not None:
            self._answered = max(self._answered, begun_at)

    def room_in(self, now: float) -> float:
        """Seconds until there may be room even if no reply comes."""
        late_at = min(self._fresh.values(), default=now) + LATE
        waits = [late_at - now if late_at > now else LATE]
        if self._ended:
            waits.append(self._ended[0] + SECOND - now)
        return max(0.0, min(waits))

    def _overdue(self, now: float) -> Iterator[int]:
        # What was begun first stands first.
        for row, begun_at in self._fresh.items():
            if begun_at > self._answered or begun_at + LATE > now:
                return
            yield row
