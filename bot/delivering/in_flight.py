"""The messages that are under way, each until its reply comes. Pure; times in seconds of a clock
that never goes back.

A reply that is *late*, while one to a message begun with it or after it has come, was lost: what
waits for it holds up its own chat and takes no place from others. Where no reply comes the network
is away, and the places stay taken: all that is under way arrives at once when it comes back.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

LATE = 0.5
"""Seconds after which a reply is late, if one to what was begun no earlier has come."""


@dataclass(slots=True)
class InFlight:
    """``most`` messages may be under way, and ``most_late`` beside them wait for late replies."""

    most: int
    most_late: int
    _fresh: dict[int, float] = field(default_factory=dict)
    _late: set[int] = field(default_factory=set)
    _answered: float = float("-inf")

    def __len__(self) -> int:
        return len(self._fresh)

    @property
    def late(self) -> int:
        """How many replies are late."""
        return len(self._late)

    def has_room(self, now: float) -> bool:
        """Whether one more may begin."""
        for row in list(self._overdue(now)):
            del self._fresh[row]
            self._late.add(row)
        return len(self._fresh) < self.most and len(self._late) < self.most_late

    def begin(self, row: int, now: float) -> None:
        """A message is on its way."""
        self._fresh[row] = now

    def end(self, row: int, *, is_answered: bool) -> None:
        """It is under way no more: its reply came, or was given up."""
        begun_at = self._fresh.pop(row, None)
        self._late.discard(row)
        if is_answered and begun_at is not None:
            self._answered = max(self._answered, begun_at)

    def next_late_in(self, now: float) -> float:
        """Seconds until a place may be free because a reply is late."""
        oldest = min(self._fresh.values(), default=now)
        return oldest + LATE - now if oldest + LATE > now else LATE

    def _overdue(self, now: float) -> Iterator[int]:
        # What was begun first stands first.
        for row, begun_at in self._fresh.items():
            if begun_at > self._answered or begun_at + LATE > now:
                return
            yield row
