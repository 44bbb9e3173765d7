"""How many requests an account may make: a strict count over any minute. Pure, but for its memory.

Telegram names no number; too many bring FLOOD_WAIT, and in the end a ban. Times are seconds of a
clock that never goes back.
"""

from collections import deque

PERIOD = 60.0


class Budget:
    """``requests`` in any ``PERIOD``. What is urgent may use all of it at once; the rest is spaced
    as soon as half of it is used, so that there is room for what is urgent."""

    def __init__(self, requests: int) -> None:
        self._requests = requests
        self._taken: deque[float] = deque(maxlen=requests)
        self._closed_until = 0.0

    def ready_at(self, now: float, *, urgent: bool = False) -> float:
        """The earliest time for the next request; ``now`` if at once."""
        self._forget(now)
        ready = max(now, self._closed_until)
        if len(self._taken) == self._requests:
            ready = max(ready, self._taken[0] + PERIOD)
        if not urgent and 2 * len(self._taken) >= self._requests:
            ready = max(ready, self._taken[-1] + PERIOD / self._requests)
        return ready

    def take(self, now: float) -> None:
        """Count a request."""
        self._taken.append(now)

    def close(self, until: float) -> None:
        """Make no request before ``until``: the server said so."""
        self._closed_until = max(self._closed_until, until)

    def _forget(self, now: float) -> None:
        while self._taken and self._taken[0] + PERIOD <= now:
            self._taken.popleft()
