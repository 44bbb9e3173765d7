"""What comes in from each chat, or person, one after the other; different ones side by side.

Somebody whose command must wait keeps only his own later ones waiting.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

Work = Callable[[], Awaitable[None]]


class Lines:
    """Lines by key. Work must not raise: it would end the group of tasks."""

    def __init__(self, tasks: asyncio.TaskGroup) -> None:
        self._tasks = tasks
        self._waiting: dict[int, deque[Work]] = {}

    def put(self, key: int, work: Work) -> None:
        """Do this after what stands in the line of ``key``."""
        line = self._waiting.get(key)
        if line is None:
            self._waiting[key] = deque([work])
            self._tasks.create_task(self._run(key))
        else:
            line.append(work)

    def length(self, key: int) -> int:
        """How much of ``key`` waits or is under way."""
        return len(self._waiting.get(key, ()))

    async def _run(self, key: int) -> None:
        line = self._waiting[key]
        while line:
            await line[0]()
            line.popleft()
        del self._waiting[key]
