"""Long work in slices: others get their turn between, and nothing is left out."""

import asyncio
import gc

import pytest

from storage.stories.slices import SLICE, in_slices, uncollected


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


@pytest.mark.parametrize("is_enabled", [True, False])
def test_garbage_is_not_looked_for_meanwhile_and_then_as_before(is_enabled: bool) -> None:
    was_enabled = gc.isenabled()
    (gc.enable if is_enabled else gc.disable)()
    try:
        with pytest.raises(LookupError), uncollected():
            assert not gc.isenabled()
            raise LookupError
        assert gc.isenabled() is is_enabled
    finally:
        (gc.enable if was_enabled else gc.disable)()
