"""A reminder comes where the block takes long, and is given up with it."""

import asyncio

import pytest

from bot.process.reminders import after


async def test_a_block_that_lasts_has_its_work_done_beside_it() -> None:
    begun, ended = asyncio.Event(), list[str]()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("given up")

    async with asyncio.TaskGroup() as tasks:
        with after(0.0, work, tasks):
            await asyncio.wait_for(begun.wait(), 30)
            assert ended == []
    assert ended == ["given up"]


async def test_a_block_that_ends_before_has_no_work_done() -> None:
    done: list[str] = []

    async def work() -> None:
        done.append("said")

    async with asyncio.TaskGroup() as tasks:
        with after(0.0, work, tasks):
            pass
        for _ in range(5):
            await asyncio.sleep(0)
    assert done == []


async def test_it_is_given_up_where_the_block_fails_too() -> None:
    async def work() -> None:
        await asyncio.Event().wait()

    async with asyncio.TaskGroup() as tasks:
        with pytest.raises(ValueError, match="no"), after(3600.0, work, tasks):
            raise ValueError("no")
