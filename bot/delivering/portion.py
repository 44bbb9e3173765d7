"""The part of the outbox that one deliverer sends, of several at most."""

from collections.abc import Callable
from dataclasses import dataclass

from storage.outbox import outbox

RECORD_TICK = 0.05
"""Seconds for which one that sends all gathers outcomes while more are coming: a transaction has
its price."""
LONGEST_TICK = 0.2


@dataclass(slots=True)
class Portion:
    """The chats that one deliverer sends to: those in ``shares``, or all if None. ``stands`` says
    whether the shares are still held at a time of the loop's clock; else nothing is sent."""

    shares: frozenset[int] | None = None
    stands: Callable[[float], bool] = lambda _: True

    @property
    def record_tick(self) -> float:
        """Seconds for which outcomes are gathered: all writers stand in one line, so several
        deliverers write together as often as one does."""
        if self.shares is None:
            return RECORD_TICK
        return min(LONGEST_TICK, RECORD_TICK * outbox.SHARES / max(1, len(self.shares)))
