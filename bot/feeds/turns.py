"""Turns of requests: a limited number is read for at once, and a limited number waits, in all and
of one address."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """``at_once`` turns. ``waiting`` may wait for one, ``of_one`` of them of one address, who has
    hung up too: nobody tells a request that its client has gone, so it keeps its place."""

    def __init__(self, at_once: int, *, waiting: int, of_one: int) -> None:
        self._turns = asyncio.Semaphore(at_once)
        self._most, self._most_of_one = waiting, of_one
        self._waiting: Counter[str] = Counter()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return self._waiting.total()

    @asynccontextmanager
    async def turn(self, address: str, seconds: float) -> AsyncIterator[None]:
        """A turn, which ends with the context. Raises TimeoutError where none comes in time, and
        at once where too many wait already."""
        await self._wait(address, seconds)
        try:
            yield
        finally:
            self._turns.release()

    async def _wait(self, address: str, seconds: float) -> None:
        waiting = self._waiting
        is_full = self.waiting >= self._most or waiting[address] >= self._most_of_one
        if self._turns.locked() and is_full:
            raise TimeoutError
        waiting[address] += 1
        try:
            async with asyncio.timeout(seconds):
                await self._turns.acquire()
        finally:
            waiting[address] -= 1
            if not waiting[address]:
                del waiting[address]
