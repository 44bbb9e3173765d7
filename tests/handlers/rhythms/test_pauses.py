"""A pause is a silence when it is longer than a channel's pauses usually are at that time."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.rhythms import pauses
from handlers.rhythms.pauses import DAY, HOUR, WEEK, Rhythm, find_unusual

MONDAY = 4 * DAY + 2900 * WEEK
"""Epoch seconds of a Monday's midnight in UTC."""


def office(weeks: int = 8, seed: int = 1) -> list[int]:
    """Posts of a channel that speaks on weekdays, from 8 to 18, some twice an hour."""
    rng = random.Random(seed)  # noqa: S311
    return sorted(
        MONDAY + week * WEEK + day * DAY + hour * HOUR + rng.randrange(HOUR)
        for week in range(weeks)
        for day in range(5)
        for hour in range(8, 18)
        for _ in range(2)
    )


def until(posts: list[int], day: int, hour: int) -> list[int]:
    """The posts up to an hour of the last week's day (0: Monday), and one at that hour."""
    end = MONDAY + (posts[-1] - MONDAY) // WEEK * WEEK + day * DAY + hour * HOUR
    return [*(at for at in posts if at < end), end]


@pytest.mark.parametrize(
    ("day", "hour", "least", "most"),
    [
        (1, 10, 6, 6.5),  # Tuesday morning: the day goes on.
        (1, 18, 14, 24),  # Tuesday evening: a night is no silence.
        (4, 17, 62, 72),  # Friday evening: a weekend neither.
    ],
)
def test_a_silence_is_longer_than_the_usual_pause_of_that_time(
    day: int, hour: int, least: float, most: float
) -> None:
    posts = until(office(9), day, hour)
    unusual = find_unusual(posts)
    assert unusual is not None
    assert least <= (unusual.at - posts[-1]) / HOUR <= most
    assert unusual.at - posts[-1] > unusual.usual


def test_what_is_not_known_is_no_silence() -> None:
    posts = office()
    assert find_unusual([]) is None
    assert find_unusual(posts[-1:]) is None
    assert find_unusual(posts[: pauses.FEWEST]) is None
    last_week = [at for at in posts if at > posts[-1] - 7 * DAY]
    assert len(last_week) > pauses.FEWEST
    assert find_unusual(last_week) is None


def test_what_is_older_than_eight_weeks_says_nothing() -> None:
    old = [at - 9 * WEEK for at in office()]
    assert find_unusual([*old, *office(9)]) == find_unusual(office(9))


def test_one_long_silence_of_a_busy_channel_does_not_hide_the_next_for_long() -> None:
    posts = office(9)
    whole = until(posts, 2, 11)
    gap = (whole[-1] - 20 * DAY - 3 * DAY, whole[-1] - 20 * DAY)
    broken = [at for at in whole if not gap[0] < at < gap[1]]
    unusual = find_unusual(broken)
    assert unusual is not None
    assert unusual.at - broken[-1] < 2 * DAY


@given(
    st.lists(st.integers(MONDAY, MONDAY + 8 * WEEK), min_size=30, max_size=400),
    st.integers(-3, 3),
)
@settings(deadline=None)
def test_weeks_may_be_any_weeks_and_six_hours_are_the_least(posts: list[int], weeks: int) -> None:
    posts.sort()
    unusual = find_unusual(posts)
    if unusual is not None:
        assert unusual.at - posts[-1] >= pauses.LEAST
        assert unusual.at - posts[-1] > unusual.usual
        moved = find_unusual([at + weeks * WEEK for at in posts])
        assert moved is not None
        assert (moved.at - weeks * WEEK, moved.usual) == (unusual.at, unusual.usual)


@given(
    st.lists(st.integers(MONDAY, MONDAY + 8 * WEEK), min_size=2, max_size=200, unique=True),
    st.lists(st.integers(MONDAY, MONDAY + 12 * WEEK), min_size=3, max_size=3),
)
def test_what_is_missed_adds_up_and_only_grows(posts: list[int], times: list[int]) -> None:
    rhythm = Rhythm(sorted(posts))
    first, second, third = sorted(times)
    parts = rhythm.missed(first, second) + rhythm.missed(second, third)
    assert rhythm.missed(first, third) == pytest.approx(parts)
    assert rhythm.missed(first, second) >= 0


@pytest.mark.parametrize(
    ("count", "share", "place"),
    [(1, 0.995, 0), (10, 0.995, 9), (199, 0.995, 198), (200, 0.995, 198), (1000, 0.995, 994)],
)
def test_the_percentile_is_the_least_value_that_so_many_do_not_pass(
    count: int, share: float, place: int
) -> None:
    assert pauses.quantile_place(count, share) == place
