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


@pytest.mark.parametrize(
    ("every", "quiet", "silence", "missed"),
    [
        (47, range(0), (29_700, 11_280), (0.932868, 22.7131)),
        (97, range(7), (70_200, 17_460), (0.168054, 8.545926)),
        (240, range(18, 24), (118_800, 28_800), (0.497754, 4.050667)),
        (601, range(3, 4), (285_300, 216_360), (0.106316, 1.410384)),
        (30, range(12), (58_500, 1_800), (0.97644, 21.226273)),
    ],
)
def test_silences_follow_from_the_numbers_that_a_year_was_tried_with(
    every: int, quiet: range, silence: tuple[int, int], missed: tuple[float, float]
) -> None:
    """Another set of numbers is to be measured anew. Channels that post every so many minutes, with
    gaps, and are quiet at some hours."""
    minutes = (at for at in range(0, 10 * 7 * 24 * 60, every) if at // 60 % 24 not in quiet)
    posts = [MONDAY + at * 60 for at in minutes if at * at // 7 % 5]
    unusual = find_unusual(posts)
    assert unusual is not None
    assert (unusual.at - posts[-1], unusual.usual) == silence
    rhythm, last = Rhythm(posts), posts[-1]
    assert (
        rhythm.missed(last, last + HOUR), rhythm.missed(last + 5_000, last + 90_000)
    ) == pytest.approx(missed, abs=1e-6)  # fmt: skip


@pytest.mark.parametrize(
    ("posts", "span", "is_known"),
    [
        (pauses.FEWEST + 1, pauses.KNOWN_FOR, True),
        (pauses.FEWEST, pauses.KNOWN_FOR, False),
        (pauses.FEWEST + 1, pauses.KNOWN_FOR - 1, False),
    ],
)
def test_twenty_pauses_of_two_weeks_are_enough(posts: int, span: int, is_known: bool) -> None:
    assert (pauses.FEWEST, pauses.KNOWN_FOR) == (20, 14 * DAY)
    at = [MONDAY + n * span // (posts - 1) for n in range(posts)]
    assert (find_unusual(at) is not None) is is_known
    assert (find_unusual([*at, at[-1]]) is not None) is is_known  # two at once are no pause


def test_a_channel_that_may_be_away_for_six_weeks_is_never_silent() -> None:
    assert pauses.LONGEST == 42 * DAY
    rare = [MONDAY + n * 2 * DAY for n in range(28)]
    assert find_unusual(rare) is not None
    gone = [*rare[:14], *(at + 50 * DAY for at in rare[14:])]
    assert find_unusual(gone) is None
