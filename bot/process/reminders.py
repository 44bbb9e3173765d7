"""Saying something where what is under way takes long."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterator


@contextlib.contextmanager
def after(
    seconds: float, work: Callable[[], Coroutine[object, object, object]], tasks: asyncio.TaskGroup
) -> Iterator[None]:
    """Do this beside the block when that takes longer; given up when the block ends."""
    begun: list[asyncio.Task[object]] = []
    timer = asyncio.get_running_loop().call_later(
        seconds, lambda: begun.append(tasks.create_task(work()))
    )
    try:
        yield
    finally:
        timer.cancel()
        for task in begun:
            task.cancel()
