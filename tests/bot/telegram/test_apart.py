"""Past a message that cannot be decoded, a history is read by ids, and nothing is left out."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.answers import Answer
from bot.telegram.apart import PAGE, ApartReader
from bot.telegram.undecoded import UndecodedError

NOW = datetime(2026, 1, 2, tzinfo=UTC)
AS_FAR_AS = 2000
"""How many ids are looked through: twenty calls of a hundred, the most that Telegram gives."""


def answer(ids: Collection[int]) -> Answer:
    return Answer(messages=(), ids=frozenset(ids), entities={}, pts=0, asked_at=NOW)


class Told:
    """A history, some of whose messages cannot be decoded; those from ``later`` on were written
    after the moment that is asked about."""

    def __init__(self, ids: Collection[int], bad: Collection[int] = (), *, later: int = 99_999):
        self.ids = sorted(ids, reverse=True)
        self.bad = {*bad}
        self.later = later
        self.reader = ApartReader(self.by_ids, self.one)

    async def by_ids(self, ids: Sequence[int]) -> Answer:
        return answer({*ids} & {*self.ids})

    async def one(self, *, add_offset: int, offset_id: int = 0, offset_date: Any = None) -> Answer:
        """As Telegram counts: from the newest on, or from the first that is older than what is
        named."""
        limit = offset_id or (self.later if offset_date else 99_999)
        newer = sum(number >= limit for number in self.ids)
        place = max(0, newer + add_offset)
        found = self.ids[place : place + 1]
        if found and found[0] in self.bad:
            raise UndecodedError(LookupError("unknown"), b"")
        return answer(found)


@pytest.mark.parametrize(
    ("ids", "bad", "count", "expected"),
    [
        (range(1, 11), [10], 3, [8, 9, 10]),
        (range(1, 11), [9], 3, [8, 9, 10]),
        (range(1, 11), [8, 9, 10], 3, [8, 9, 10]),
        (range(1, 11), range(6, 11), 4, [7, 8, 9, 10]),
        ([1, 2], [2], 5, [1, 2]),
        ([3], [], 1, [3]),
        ([900, 5], [900], 2, [900]),
        ([1, 2, 350], [350], 1, [350]),
        ([1, 350], [1], 1, [350]),
        ([1, 50, 350], [50], 1, [350]),
    ],
)
async def test_the_newest_are_found_behind_the_newest_that_can_be_decoded(
    ids: Sequence[int], bad: Sequence[int], count: int, expected: list[int]
) -> None:
    assert sorted((await Told(ids, bad).reader.newest(count)).ids) == expected


@pytest.mark.parametrize("far", [0, 1])
async def test_what_is_found_nowhere_is_said(far: int) -> None:
    number = AS_FAR_AS + far
    told = Told([number], [number]).reader
    if far:
        with pytest.raises(UndecodedError):
            await told.newest(3)
        with pytest.raises(UndecodedError):
            await Told([]).reader.newest(3)
    else:
        assert (await told.newest(3)).ids == {number}


@pytest.mark.parametrize(
    ("ids", "bad", "message_id", "expected"),
    [
        (range(1, 11), [6], 5, range(6, 11)),
        (range(1, 11), [7], 5, range(6, 11)),
        ([1, 500], [], 1, [500]),
        ([1, 500, 501, 502], [500], 1, [500, 501]),
        ([1, 1 + PAGE, 2 + PAGE], [], 1, [1 + PAGE]),
        ([1, AS_FAR_AS + 1], [], 1, [AS_FAR_AS + 1]),
    ],
)
async def test_what_follows_is_given_without_a_gap(
    ids: Sequence[int], bad: Sequence[int], message_id: int, expected: Sequence[int]
) -> None:
    assert sorted((await Told(ids, bad).reader.after(message_id)).ids) == [*expected]


async def test_nothing_follows_the_last_and_what_is_too_far_away_is_said() -> None:
    assert max((await Told(range(1, 11)).reader.after(10)).ids) == 10
    assert (await Told([]).reader.after(10)).ids == frozenset()
    with pytest.raises(UndecodedError):
        await Told([1, AS_FAR_AS + 2]).reader.after(1)


@pytest.mark.parametrize(
    ("bad", "later", "expected"),
    [
        ([], 8, 6),  # the second before it
        ([6], 8, 5),
        ([6, 5], 8, 3),
        ([6, 5, 3], 8, None),  # nothing is as old as that
        ([], 2, None),
    ],
)
async def test_one_of_before_a_time_is_some_that_can_be_decoded(
    bad: list[int], later: int, expected: int | None
) -> None:
    found = await Told(range(1, 11), bad, later=later).reader.one_before(NOW)
    assert max(found.ids, default=None) == expected


@given(st.sets(st.integers(1, 300), min_size=1), st.data())
async def test_whatever_cannot_be_decoded_the_newest_is_among_the_newest(
    ids: set[int], data: st.DataObject
) -> None:
    bad = data.draw(st.sets(st.sampled_from(sorted(ids)), max_size=3))
    told = Told(ids, bad)
    try:
        found = await told.reader.newest(100)
    except UndecodedError:
        assert len(ids) <= 3
    else:
        assert max(found.ids) == max(ids)
