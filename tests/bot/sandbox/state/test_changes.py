"""Waiting for something to have happened."""

import asyncio

import pytest

from bot.sandbox.state.changes import Changes


async def test_waiting_ends_when_there_is_something_to_find() -> None:
    changes = Changes()
    found: list[str] = []
    waiting = asyncio.create_task(changes.wait_for(lambda: found, what="a find", timeout=60))
    await asyncio.sleep(0)

    changes.fire()
    await asyncio.sleep(0)
    assert not waiting.done()
    found.append("gold")
    changes.fire()

    assert await waiting == ["gold"]


async def test_what_is_already_there_is_not_waited_for() -> None:
    assert await Changes().wait_for(lambda: "gold", what="a find", timeout=60) == "gold"


async def test_waiting_in_vain_ends_with_a_word_about_it() -> None:
    with pytest.raises(TimeoutError, match=r"waited 0\.01 s for a find"):
        await Changes().wait_for(lambda: None, what="a find", timeout=0.01)


async def test_several_wait_at_once() -> None:
    changes = Changes()
    found: list[str] = []
    waiting = [
        asyncio.create_task(changes.wait_for(lambda: found, what="a find", timeout=60))
        for _ in range(3)
    ]
    await asyncio.sleep(0)

    found.append("gold")
    changes.fire()

    assert await asyncio.gather(*waiting) == [["gold"]] * 3
