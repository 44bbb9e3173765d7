"""Trying again while the database cannot be used: a lock or a full disk passes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from storage.errors import UnavailableError

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0

T = TypeVar("T")


async def patiently(step: Callable[[], Awaitable[T]], until: float) -> T:
    """What the step gives, tried again with growing pauses until a time of the loop's clock.

    The step is repeated as a whole, so it must be one that a failure leaves undone. Raises the
    UnavailableError of the last try.
    """
    pause = FIRST_PAUSE
    while True:
        try:
            return await step()
        except UnavailableError:
            if asyncio.get_running_loop().time() + pause > until:
                raise
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)
