"""Parts without which the service can't go on."""

import asyncio
from collections.abc import Coroutine

from storage.errors import ServiceError


def require(tasks: asyncio.TaskGroup, work: Coroutine[object, object, None], name: str) -> None:
    """Start what must go on for ever."""
    task = tasks.create_task(_never_ending(work, name), name=name)
    # Cancelled before it began, it would leave the work behind as forgotten.
    task.add_done_callback(lambda _: work.close())


async def _never_ending(work: Coroutine[object, object, None], name: str) -> None:
    await work
    raise ServiceError("a part of the service has ended by itself", where=name)
