"""Tells whether a server error is to be blamed on one message, or on the server.

A message on which the server keeps failing is given up, so that those behind it are sent. But while
no message at all gets through, a failure says nothing about a single one: it is then retried for up
to an hour. Pure; times in seconds of a monotonic clock.
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
    """``since``: when the first message failed after the last success."""

    since: float | None = None

    def passed(self) -> None:
        """Note that a message got through."""
        self.since = None

    def failed(self, now: float) -> None:
        """Note that the server failed on a message."""
        if self.since is None:
            self.since = now

    def blames(self, now: float) -> bool:
        """Whether an attempt that failed now counts against its message."""
        return self.since is None or not DOUBTED <= now - self.since <= LONGEST

    def stands(self, now: float) -> bool:
        """Whether nothing has got through for a long time."""
        return self.since is not None and now - self.since >= STANDS
