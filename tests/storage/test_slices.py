"""Long work in slices: others get their turn between, and nothing is left out."""

import asyncio

import pytest

from storage.slices import SLICE, in_slices


@pytest.mark.parametrize(
    ("count", "sizes"),
    [
        (0, []),
        (1, [1]),
        (SLICE - 1, [SLICE - 1]),
        (SLICE, [SLICE]),
        (SLICE + 1, [SLICE, 1]),
        (3 * SLICE, [SLICE] * 3),
    ],
)
async def test_all_items_come_in_order_with_a_turn_for_others_between(
    count: int, sizes: list[int]
) -> None:
    turns = 0

    async def count_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.ensure_future(count_turns())
    found, seen = [], []
    async for part in in_slices(iter(range(count))):
        found.append(part)
        seen.append(turns)
    other.cancel()
    assert [len(part) for part in found] == sizes
    assert [item for part in found for item in part] == list(range(count))
    assert seen == sorted(set(seen))
