"""Long work on the event loop in slices: a post may have thousands of readers."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from itertools import islice
from typing import TypeVar

SLICE = 500
"""Steps after which others get their turn."""

Item = TypeVar("Item")


async def in_slices(items: Iterable[Item]) -> AsyncIterator[list[Item]]:
    """The items, ``SLICE`` at a time, with a turn for others between."""
    rest = iter(items)
    part = list(islice(rest, SLICE))
    while part:
        yield part
        is_last = len(part) < SLICE
        part = [] if is_last else list(islice(rest, SLICE))
        if part:
            await asyncio.sleep(0)
