"""What comes in from one goes in its order; what waits keeps nobody else waiting."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.process.lines import Lines
from bot.serving.allowance import Allowance


async def test_one_that_waits_keeps_only_its_own_line_waiting() -> None:
    done: list[str] = []
    opened, all_done = asyncio.Event(), asyncio.Event()

    def work(name: str, wait: asyncio.Event | None = None) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            if wait is not None:
                await wait.wait()
            done.append(name)
            if len(done) == 2:
                opened.set()
            if len(done) == 4:
                all_done.set()

        return run

    async with asyncio.TaskGroup() as tasks:
        lines = Lines(tasks)
        lines.put(1, work("first of one", opened))
        lines.put(1, work("second of one"))
        lines.put(2, work("first of another"))
        lines.put(2, work("second of another"))
        assert lines.length(1) == 2
        await all_done.wait()
    assert done == ["first of another", "second of another", "first of one", "second of one"]
    assert lines.length(1) == 0


def test_an_allowance_is_each_ones_own_and_comes_back() -> None:
    allowance = Allowance(6)
    assert [allowance.take(1, 0.0) for _ in range(7)] == [True] * 6 + [False]
    assert allowance.take(2, 0.0)
    assert 9.9 < allowance.wait(1, 0.0) < 10.1
    assert allowance.wait(2, 0.0) == 0.0
    assert not allowance.take(1, 9.0)
    assert allowance.take(1, 10.0)


def test_idle_allowances_are_forgotten() -> None:
    allowance = Allowance(6)
    for key in range(5000):
        allowance.take(key, float(key))
    assert len(allowance._buckets) < 4200
