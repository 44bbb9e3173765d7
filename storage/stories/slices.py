"""Long work on the event loop in slices: a post may have thousands of readers."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

SLICE = 500
"""Steps after which others get their turn."""

Item = TypeVar("Item")


async def in_slices(items: Iterable[Item], size: int = SLICE) -> AsyncIterator[list[Item]]:
    """The items, ``size`` at a time, with a turn for others between."""
    rest = iter(items)
    part = list(islice(rest, size))
    while part:
        yield part
        is_last = len(part) < size
        part = [] if is_last else list(islice(rest, size))
        if part:
            await asyncio.sleep(0)


@contextmanager
def uncollected() -> Iterator[None]:
    """Nothing is looked through for garbage meanwhile: for work that makes many small objects of
    which none is, and which go by themselves when it ends."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
