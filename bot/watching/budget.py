"""A budget of requests: a strict count over any minute. No I/O; times are seconds of a monotonic
clock.

Telegram names no number; too many requests bring FLOOD_WAIT, and in the end a ban.
"""

from collections import deque
from collections.abc import Callable

PERIOD = 60.0


class Budget:
    """At most ``requests`` in any ``PERIOD``.

    Urgent requests may use all of them at once. Others are spaced evenly as soon as half are used,
    so that there is room for urgent ones: with 20 a minute the first ten go at once, the others one
    every three seconds.
    """

    def __init__(self, requests: int) -> None:
        self._requests = requests
        self._taken: deque[float] = deque(maxlen=requests)
        self._closed_until = 0.0

    @property
    def allowed(self) -> int:
        """How many requests may be made in a ``PERIOD``."""
        return self._requests

    def used(self, now: float) -> int:
        """How many requests were made in the last ``PERIOD``."""
        self._forget(now)
        return len(self._taken)

    def closed_for(self, now: float) -> float:
        """The seconds for which the server allows no request; 0 if it allows them."""
        return max(0.0, self._closed_until - now)

    def ready_at(self, now: float, *, urgent: bool = False) -> float:
        """The earliest time for the next request, ``now`` if it may be made at once."""
        self._forget(now)
        ready = max(now, self._closed_until)
        if len(self._taken) == self._requests:
            ready = max(ready, self._taken[0] + PERIOD)
        if not urgent and 2 * len(self._taken) >= self._requests:
            ready = max(ready, self._taken[-1] + PERIOD / self._requests)
        return ready

    def spare_at(self, now: float) -> float:
        """The earliest time for a request of the lowest priority: when less than half of the budget
        is used."""
        ready, half = self.ready_at(now), max(1, self._requests // 2)
        if len(self._taken) >= half:
            ready = max(ready, self._taken[len(self._taken) - half] + PERIOD)
        return ready

    def take(self, now: float) -> None:
        """Count a request that is made now."""
        self._taken.append(now)

    def close(self, until: float) -> None:
        """Make no request before ``until``, because the server said so."""
        self._closed_until = max(self._closed_until, until)

    def _forget(self, now: float) -> None:
        while self._taken and self._taken[0] + PERIOD <= now:
            self._taken.popleft()


class Spare(Budget):
    """What another budget leaves unused.

    A request may be made while half of the other budget is unused; if that is busier, still
    ``share()`` requests a minute.
    """

    def __init__(self, shared: Budget, requests: int, share: Callable[[], float]) -> None:
        super().__init__(requests)
        self._shared = shared
        self._share = share
        self._last = float("-inf")

    def ready_at(self, now: float, *, urgent: bool = False) -> float:
        """The earliest time for the next request; ``urgent`` is ignored."""
        turn = max(self._shared.ready_at(now), self._last + PERIOD / self._share())
        return min(self._shared.spare_at(now), turn)

    def take(self, now: float) -> None:
        """Count a request, in the shared budget too."""
        self._last = now
        self._shared.take(now)

    def close(self, until: float) -> None:
        """Make no request before ``until``; this closes the shared budget too."""
        self._shared.close(until)
