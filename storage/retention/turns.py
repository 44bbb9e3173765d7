"""The writer's turns of what is done beside the service: short ones, and others have theirs
between.

How much goes into a turn follows from how long the last ones took on this machine.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

from storage.connection import Connection, Database

HOLD = 0.02
"""Seconds that a turn should take."""
SHARE = 4.0
"""A turn is followed by a rest of this many times its length."""
LEAST_REST = 0.01


class Turns:
    """Gives turns of the writer. ``size`` is how much to do in the next one: ``least``, which takes
    little beside the commit, up to ``most``. ``done``: the caller's count of what was done.
    ``longest``: seconds of the longest turn, from when the writer was free to when it is again.
    """

    def __init__(self, database: Database, *, least: int = 8, most: int = 1000) -> None:
        self.database = database
        self.size = least
        self._least = least
        self.done = 0
        self.longest = 0.0
        self._most = most
        self._last = 0.0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Connection]:
        """A transaction, whose length is taken."""
        async with self.database.transaction() as tx:
            began = perf_counter()
            yield tx
        self._took(perf_counter() - began)

    def _took(self, seconds: float) -> None:
        self._last = seconds
        self.longest = max(self.longest, seconds)
        if seconds > HOLD:
            self.size = max(self._least, self.size // 2)
        elif seconds < HOLD / 3:
            self.size = min(self._most, self.size + max(1, self.size // 4))

    async def rest(self) -> None:
        """Leave the writer and the machine to others."""
        await asyncio.sleep(max(LEAST_REST, self._last * SHARE))
