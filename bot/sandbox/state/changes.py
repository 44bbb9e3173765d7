"""Waiting for something to have happened, without sleeping."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

PATIENCE = 120.0
"""Seconds for which something is waited for where nothing else is said: what comes costs none of
them, and a busy machine is no failure."""

T = TypeVar("T")


class Changes:
    """Wakes those who wait whenever the sandbox changes."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def fire(self) -> None:
        """Something has changed: every waiting predicate is asked again."""
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    async def wait_for(
        self,
        find: Callable[[], T | None],
        *,
        what: str,
        timeout: float,  # noqa: ASYNC109
    ) -> T:
        """Waits until ``find`` gives something true, and gives that.

        ``timeout`` is in seconds; after it, TimeoutError says ``what`` was waited for.
        """
        try:
            async with asyncio.timeout(timeout):
                while not (found := find()):
                    await self._next()
                return found
        except TimeoutError:
            raise TimeoutError(f"waited {timeout:g} s for {what}") from None

    async def _next(self) -> None:
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await future
        finally:
            self._waiting.discard(future)
