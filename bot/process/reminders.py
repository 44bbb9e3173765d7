"""Saying something where what is under way takes long."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterator
from typing import Any


@contextlib.contextmanager
def after(
    seconds: float, work: Callable[[], Coroutine[Any, Any, Any]], tasks: asyncio.TaskGroup
) -> Iterator[None]:
    """Do this beside the block when that takes longer; given up when the block ends."""
    begun: list[asyncio.Task[Any]] = []
    timer = asyncio.get_running_loop().call_later(
        seconds, lambda: begun.append(tasks.create_task(work()))
    )
    try:
        yield
    finally:
        timer.cancel()
        for task in begun:
            task.cancel()
