"""Few requests are read for at once, and few wait."""

import asyncio
from contextlib import AsyncExitStack

import leaping
import pytest

from bot.feeds.turns import Turns

SECONDS = 3.0


async def refused(turns: Turns, address: str) -> float | None:
    """After how long no turn came; None where one came, which then ended."""
    began = leaping.now()
    try:
        async with turns.turn(address, SECONDS):
            return None
    except TimeoutError:
        return leaping.now() - began


def test_who_finds_a_place_waits_as_long_as_that_and_the_others_not_at_all() -> None:
    async def play() -> list[float | None]:
        turns = Turns(2, waiting=3, of_one=2)
        async with AsyncExitStack() as stack:
            for _ in range(2):
                await stack.enter_async_context(turns.turn("a", SECONDS))
            asked = ["a", "a", "a", "b", "b", "c"]
            waits = [asyncio.create_task(refused(turns, one)) for one in asked]
            await asyncio.sleep(1.0)
            assert turns.waiting == 3
            ended = [await one for one in waits]
        assert turns.waiting == 0
        return ended

    assert leaping.run(play()) == [SECONDS, SECONDS, 0, SECONDS, 0, 0]


def test_a_turn_that_ends_is_the_next_one_s() -> None:
    async def play() -> list[float | None]:
        turns = Turns(1, waiting=2, of_one=2)
        async with turns.turn("a", SECONDS):
            waits = [asyncio.create_task(refused(turns, "a")) for _ in range(2)]
            await asyncio.sleep(SECONDS - 1)
        assert [await one for one in waits] == [None, None]
        # Whoever waited and went has left the place.
        async with turns.turn("a", SECONDS):
            return list(await asyncio.gather(*(refused(turns, "a") for _ in range(3))))

    assert leaping.run(play()) == [SECONDS, SECONDS, 0]


@pytest.mark.parametrize("waiting", [0, 5])
def test_while_a_turn_is_free_nobody_is_counted_as_waiting(waiting: int) -> None:
    async def play() -> float | None:
        turns = Turns(1, waiting=waiting, of_one=0)
        for _ in range(3):
            assert await refused(turns, "a") is None
        async with turns.turn("a", SECONDS):
            return await refused(turns, "a")

    assert leaping.run(play()) == 0


def test_a_turn_ends_by_an_error_too() -> None:
    async def play() -> None:
        turns = Turns(1, waiting=0, of_one=0)
        for _ in range(2):
            with pytest.raises(ValueError):
                async with turns.turn("a", SECONDS):
                    raise ValueError

    leaping.run(play())
