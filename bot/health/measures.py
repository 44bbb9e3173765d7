"""Measures the event loop's lag and the duration of queries while the service runs.

A histogram counts, for each of its bounds, what took at most that many seconds, as Prometheus wants
it.
"""

import asyncio
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import get_args

from storage.connection import Reading

LOOK_SECONDS = 0.5
LAG_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
QUERY_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Histogram:
    """Counts durations by the lowest of ``bounds`` (seconds, ascending) that is not exceeded.
    Pure."""

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def observe(self, seconds: float) -> None:
        """Count a duration."""
        self._counts[bisect_left(self._bounds, seconds)] += 1
        self.sum += seconds

    def buckets(self) -> Iterator[tuple[float, int]]:
        """Each bound (the last is infinite) with the number of durations up to it."""
        return zip((*self._bounds, float("inf")), accumulate(self._counts), strict=True)


class Measures:
    """The lag of the event loop, and the time that the database is read for each kind of query."""

    def __init__(self) -> None:
        self.lag = Histogram(LAG_BOUNDS)
        self.queries = {what: Histogram(QUERY_BOUNDS) for what in get_args(Reading)}

    def took(self, what: Reading, seconds: float) -> None:
        """Count the time that reading ``what`` took."""
        self.queries[what].observe(seconds)

    async def run(self) -> None:
        """Measure the event loop's lag until cancelled."""
        clock = asyncio.get_running_loop().time
        while True:
            due_at = clock() + LOOK_SECONDS
            await asyncio.sleep(LOOK_SECONDS)
            self.lag.observe(max(0.0, clock() - due_at))
