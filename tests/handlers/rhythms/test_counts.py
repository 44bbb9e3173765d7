"""A surge is more than usually comes at that hour, of several channels."""

import math
import random
from itertools import cycle

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from handlers.rhythms import counts
from handlers.rhythms.counts import HOUR, HOURS, Seen, Usual, Weeks, find_surge, tail

NOON = 20_454 * 86_400 + 12 * HOUR
NOW_HOUR = NOON // HOUR


def weeks(night: float = 1, day: float = 6, *, read: range | None = None) -> Weeks:
    """Four weeks with so many posts an hour, by night and by day."""
    hours = range(NOW_HOUR - HOURS, NOW_HOUR)
    counted = {hour: day if 8 <= hour % 24 < 20 else night for hour in hours}
    return Weeks(counted, hours if read is None else read, until=NOW_HOUR)


def posts(number: int, *, channels: int = 4, seconds: int = 1100) -> list[Seen]:
    """So many posts of the last seconds."""
    of = cycle(range(channels))
    return [Seen(NOON - seconds * n // max(1, number), next(of), n) for n in range(number)]


@pytest.mark.parametrize(
    ("seen", "is_surge"),
    [
        (posts(6), False),  # as usual
        (posts(8), False),
        (posts(22), True),
        (posts(22, channels=2), False),  # of two channels only
        (posts(60, seconds=3500), True),  # over the whole hour
        ([], False),
    ],
)
def test_a_surge_is_more_than_usual_of_three_channels(seen: list[Seen], is_surge: bool) -> None:
    surge = find_surge(seen, weeks(), now=NOON)
    assert (surge is not None) == is_surge
    if surge is not None:
        assert len(surge.posts) >= counts.LEAST_POSTS
        assert surge.usual == pytest.approx(6 * surge.seconds / HOUR, rel=0.2)


@pytest.mark.parametrize("number", range(8))
def test_fewer_than_five_posts_are_no_surge_where_none_usually_comes(number: int) -> None:
    surge = find_surge(posts(number), weeks(0, 0), now=NOON)
    assert (surge is not None) == (number >= counts.LEAST_POSTS)


def test_what_is_much_at_night_may_be_usual_by_day() -> None:
    seen, night = posts(9, seconds=3000), NOON - 9 * HOUR
    moved = [Seen(one.at - 9 * HOUR, one.channel, one.id) for one in seen]
    assert find_surge(seen, weeks(0.5, 8), now=NOON) is None
    assert find_surge(moved, weeks(0.5, 8), now=night) is not None


def test_posts_of_the_future_and_of_another_hour_do_not_count() -> None:
    late = [Seen(NOON + 60, n, n) for n in range(30)]
    old = [Seen(NOON - 4000, n, n) for n in range(30)]
    assert find_surge([*late, *old], weeks(), now=NOON) is None


def test_hours_that_were_not_read_say_nothing() -> None:
    """Half of the weeks were not read: they do not make the rest look like more."""
    half = range(NOW_HOUR - HOURS // 2, NOW_HOUR)
    assert weeks(read=half).usual(NOON, NOON + HOUR).mean == pytest.approx(
        weeks().usual(NOON, NOON + HOUR).mean, rel=0.1
    )
    few = range(NOW_HOUR - counts.KNOWN_HOURS + 1, NOW_HOUR)
    assert not weeks(read=few).is_known
    assert find_surge(posts(60), weeks(read=few), now=NOON) is None


@pytest.mark.parametrize(
    ("count", "mean", "spread"),
    [(1, 2.0, 0.02), (5, 2.0, 0.5), (12, 3.0, 0.1), (30, 10.0, 0.02), (60, 12.0, 0.3)],
)
def test_the_tail_is_that_of_the_negative_binomial(count: int, mean: float, spread: float) -> None:
    """Summed from the other end, by its own definition."""
    shape = 1 / spread
    share = mean / (mean + shape)
    expected = math.fsum(
        math.exp(
            math.lgamma(n + shape) - math.lgamma(n + 1) - math.lgamma(shape)
            + n * math.log(share) + shape * math.log1p(-share)
        )
        for n in range(count, count + 3000)
    )  # fmt: skip
    assert tail(count, Usual(mean, spread)) == pytest.approx(expected, rel=1e-6)


@given(st.integers(0, 400), st.floats(0.001, 300), st.floats(counts._LEAST_SPREAD, 3))
def test_a_tail_is_a_share_that_falls_with_the_count(
    count: int, mean: float, spread: float
) -> None:
    usual = Usual(mean, spread)
    here, further = tail(count, usual), tail(count + 1, usual)
    assert 0 <= further <= here <= 1 or math.isclose(further, here, rel_tol=1e-6)


@given(st.lists(st.integers(0, 40), min_size=HOURS, max_size=HOURS))
@examples(25)
def test_usual_is_never_none_and_halves_add_up(counted: list[int]) -> None:
    known = dict(zip(range(NOW_HOUR - HOURS, NOW_HOUR), counted, strict=True))
    made = Weeks(known, range(NOW_HOUR - HOURS, NOW_HOUR), until=NOW_HOUR)
    whole = made.usual(NOON, NOON + HOUR)
    halves = [made.usual(NOON, NOON + 1800).mean, made.usual(NOON + 1800, NOON + HOUR).mean]
    assert whole.mean > 0
    assert whole.mean == pytest.approx(sum(halves))
    assert whole.spread >= counts._LEAST_SPREAD


def test_chance_alone_is_seldom_a_surge() -> None:
    """Of hours that come at random one in ten thousand would be one."""
    rng, made = random.Random(7), weeks(6, 6)  # noqa: S311
    usual = made.usual(NOON - HOUR, NOON)
    drawn = [sum(rng.random() < 0.006 for _ in range(1000)) for _ in range(3000)]
    assert sum(tail(one, usual) < counts.RAREST for one in drawn) <= 3


def test_a_burst_of_before_does_not_make_the_next_one_usual() -> None:
    hours = range(NOW_HOUR - HOURS, NOW_HOUR)
    calm = {hour: 4 + hour % 3 for hour in hours}
    burst = {**calm, **{NOW_HOUR - 24 * day: 60 for day in (3, 9, 17)}}
    usual = Weeks(calm, hours, until=NOW_HOUR).usual(NOON, NOON + HOUR)
    after = Weeks(burst, hours, until=NOW_HOUR).usual(NOON, NOON + HOUR)
    assert after.mean == pytest.approx(usual.mean, rel=0.1)
    assert after.spread == pytest.approx(usual.spread, rel=0.5)


def test_on_a_busy_day_more_is_usual_and_on_a_slow_one_less() -> None:
    hours = range(NOW_HOUR - HOURS, NOW_HOUR)
    calm = dict.fromkeys(hours, 6)
    means = []
    for times in (0.3, 1, 2):
        today = {**calm, **{NOW_HOUR - ago: 6 * times for ago in range(1, 13)}}
        means.append(Weeks(today, hours, until=NOW_HOUR).usual(NOON, NOON + HOUR).mean)
    assert means[0] < 0.8 * means[1]
    assert means[2] > 1.4 * means[1]


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (0.01, [(0.176447, 0.093327), (0.031444, 0.123964), (0.049801, 0.106533)]),
        (0.1, [(1.412415, 1.059574), (0.217207, 1.063192), (0.332464, 1.061107)]),
        (1, [(12.157084, 0.951551), (1.669413, 4.228465), (2.3642, 3.111984)]),
        (5, [(35.440553, 0.817172), (7.584064, 2.341082), (9.800876, 1.902514)]),
    ],
)
def test_what_is_usual_follows_from_the_numbers_that_a_year_was_tried_with(
    times: float, expected: list[tuple[float, float]]
) -> None:
    """How well surges are found was measured with one set of numbers: another is to be measured
    anew. Uneven hours and days, hours that are far off, few posts and many."""
    hours = range(NOW_HOUR - HOURS, NOW_HOUR)
    uneven = (0, 0, 1, 1, 2, 4)
    counted = {
        hour: (hour % 24 + hour // 24 % 7) * uneven[hour * hour * 31 % 97 % 6] * times
        for hour in hours
    }
    made = Weeks(counted, hours, until=NOW_HOUR)
    spans = ((-3600, 0), (-18_000, -17_100), (-10_200, -9_000))
    found = [made.usual(NOON + start, NOON + end) for start, end in spans]
    assert [one.mean for one in found] == pytest.approx([mean for mean, _ in expected], abs=1e-6)
    assert [one.spread for one in found] == pytest.approx([off for _, off in expected], abs=1e-6)


@pytest.mark.parametrize(("ago", "is_seen"), [(0, True), (3599, True), (3600, False), (-1, False)])
def test_the_last_hour_is_to_the_second(ago: int, is_seen: bool) -> None:
    seen = [Seen(NOON - ago, n, n) for n in range(30)]
    assert (find_surge(seen, weeks(), now=NOON) is not None) is is_seen


@pytest.mark.parametrize(("ago", "seconds"), [(1199, 1200), (1200, None)])
def test_what_began_within_twenty_minutes_is_a_surge_of_its_own(
    ago: int, seconds: int | None
) -> None:
    """So many that they are none within the hour, but for the window in which they came."""
    seen = [Seen(NOON - ago, n, n) for n in range(16)]
    surge = find_surge(seen, weeks(12, 12), now=NOON)
    assert (None if surge is None else surge.seconds) == seconds


@pytest.mark.parametrize("hours", [counts.KNOWN_HOURS, counts.KNOWN_HOURS - 1])
def test_two_weeks_that_were_read_are_enough(hours: int) -> None:
    assert counts.KNOWN_HOURS == 14 * 24
    read = range(NOW_HOUR - hours, NOW_HOUR)
    assert weeks(read=read).is_known is (hours == counts.KNOWN_HOURS)
    before = range(NOW_HOUR - HOURS - 500, NOW_HOUR - HOURS)
    assert not weeks(read=before).is_known
    assert not weeks(read=range(NOW_HOUR, NOW_HOUR + HOURS)).is_known


@pytest.mark.parametrize(
    ("count", "mean", "expected"), [(0, 0, 1), (-1, 2, 1), (0, 2, 1), (1, 0, 0), (1, -1, 0)]
)
def test_nothing_is_certain_and_something_impossible_where_nothing_comes(
    count: int, mean: float, expected: float
) -> None:
    assert tail(count, Usual(mean, 0.1)) == expected
