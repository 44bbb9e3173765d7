"""Splits long work on the event loop, since a post may have thousands of readers."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

SLICE = 500
"""The items after which the event loop gets a turn."""

Item = TypeVar("Item")


async def in_slices(items: Iterable[Item], size: int = SLICE) -> AsyncIterator[list[Item]]:
    """The items in lists of ``size``, with a turn of the event loop between two lists."""
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
    """Pause garbage collection, for work that makes many small objects which are all freed by
    reference counting."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
