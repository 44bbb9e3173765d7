"""How long to wait before something that failed is tried again. Pure; times in seconds."""

from dataclasses import dataclass

FIRST_DELAY = 1.0
LONGEST_DELAY = 300.0


def backoff(attempts: int) -> float:
    """Seconds to wait after the given number of failed attempts: doubling, with a ceiling."""
    return min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** max(0, min(attempts, 20) - 1))


@dataclass(slots=True)
class Backoff:
    """Waits between attempts to connect: none at first, then doubling with jitter.

    An attempt after a quiet time starts anew: the connection before it had held. One after a call
    that was answered waits as the second one does: it may be the call that has the line cut.
    """

    first: float = 0.25
    longest: float = 30.0
    quiet: float = 45.0
    _attempts: int = 0
    _last_at: float | None = None

    def next_delay(self, now: float, jitter: float) -> float:
        """Seconds to wait before the attempt that is due at ``now``; ``jitter`` in [0, 1)."""
        if self._last_at is None or now - self._last_at > self.quiet:
            self._attempts = 0
        delay = 0.0
        if self._attempts:
            ceiling = min(self.longest, self.first * 2.0 ** min(self._attempts - 1, 20))
            delay = ceiling * (0.5 + jitter / 2)
        self._attempts += 1
        self._last_at = now + delay
        return delay

    def answered(self) -> None:
        """The connection has served."""
        self._attempts = min(self._attempts, 1)
