"""A part that ends by itself ends the service, and says which it was."""

import asyncio
import inspect

import pytest

from bot.process.required import require
from storage.errors import ServiceError


async def test_a_part_that_ends_by_itself_is_named() -> None:
    async def part() -> None:
        pass

    with pytest.raises(ExceptionGroup) as caught:
        async with asyncio.TaskGroup() as tasks:
            require(tasks, part(), "scans")
    (error,) = caught.value.exceptions
    assert isinstance(error, ServiceError)
    assert str(error).startswith("scans: a part of the service has ended by itself")


async def test_one_that_never_began_is_closed() -> None:
    async def part() -> None:
        await asyncio.Event().wait()

    work = part()
    with pytest.raises(ExceptionGroup):
        async with asyncio.TaskGroup() as tasks:
            require(tasks, work, "scans")
            assert {task.get_name() for task in asyncio.all_tasks()} >= {"scans"}
            raise ValueError
    assert inspect.getcoroutinestate(work) == inspect.CORO_CLOSED
