"""Whether an error of the server is the fault of one message, or of the server.

A message that the server fails on again and again is given up, so that others behind it are sent.
But while no message at all gets through, failing says nothing against a single one: then it is
tried for up to an hour. Pure; times in seconds of a monotonic clock.
"""

from dataclasses import dataclass

DOUBTED = 60.0
"""Seconds without a message that got through, after which the server is at fault."""
LONGEST = 3600.0
"""Seconds after which messages are given up all the same: one may be what blocks the others."""
STANDS = 300.0
"""Seconds after which an outage is told to the operators."""


@dataclass(slots=True)
class Outage:
    """``since``: when the first message failed after the last one that got through."""

    since: float | None = None

    def passed(self) -> None:
        """A message got through."""
        self.since = None

    def failed(self, now: float) -> None:
        """The server failed on a message."""
        if self.since is None:
            self.since = now

    def blames(self, now: float) -> bool:
        """Whether an attempt that failed now counts against its message."""
        return self.since is None or not DOUBTED <= now - self.since <= LONGEST

    def stands(self, now: float) -> bool:
        """Whether nothing has got through for long."""
        return self.since is not None and now - self.since >= STANDS
