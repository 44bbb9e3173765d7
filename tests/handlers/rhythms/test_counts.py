"""A surge is more than usually comes at that hour, of several channels."""

import math
import random
from collections.abc import Mapping
from itertools import cycle

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from handlers.rhythms import counts
from handlers.rhythms.counts import DAYS, HOUR, HOURS, Seen, Usual, Weeks, find_surge, tail

NOON = 20_454 * 86_400 + 12 * HOUR
NOW_HOUR = NOON // HOUR


def weeks(night: float = 1, day: float = 6, *, read: range | None = None) -> Weeks:
    """Four weeks with so many posts an hour, by night and by day."""
    hours = range(NOW_HOUR - HOURS, NOW_HOUR)
    counted = {hour: day if 8 <= hour % 24 < 20 else night for hour in hours}
    return Weeks(thirds(counted), hours if read is None else read, until=NOW_HOUR)


def thirds(hourly: Mapping[int, float]) -> dict[int, float]:
    """As many posts in each third of the hours."""
    return {3 * hour + third: posts / 3 for hour, posts in hourly.items() for third in range(3)}


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


@pytest.mark.slow
@given(st.lists(st.integers(0, 40), min_size=HOURS, max_size=HOURS))
@examples(25)
def test_usual_is_never_none_and_halves_add_up(counted: list[int]) -> None:
    known = dict(zip(range(NOW_HOUR - HOURS, NOW_HOUR), counted, strict=True))
    made = Weeks(thirds(known), range(NOW_HOUR - HOURS, NOW_HOUR), until=NOW_HOUR)
    whole = made.usual(NOON, NOON + HOUR)
    halves = [made.usual(NOON, NOON + 1800).mean, made.usual(NOON + 1800, NOON + HOUR).mean]
    assert whole.mean > 0
    assert whole.mean == pytest.approx(sum(halves))
    assert whole.spread >= counts._LEAST_SPREAD


@pytest.mark.slow
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
    usual = Weeks(thirds(calm), hours, until=NOW_HOUR).usual(NOON, NOON + HOUR)
    after = Weeks(thirds(burst), hours, until=NOW_HOUR).usual(NOON, NOON + HOUR)
    assert after.mean == pytest.approx(usual.mean, rel=0.1)
    assert after.spread == pytest.approx(usual.spread, rel=0.5)


def test_on_a_busy_day_more_is_usual_and_on_a_slow_one_less() -> None:
    hours = range(NOW_HOUR - HOURS, NOW_HOUR)
    calm = dict.fromkeys(hours, 6)
    means = []
    for times in (0.3, 1, 2):
        today = {**calm, **{NOW_HOUR - ago: 6 * times for ago in range(1, 13)}}
        means.append(Weeks(thirds(today), hours, until=NOW_HOUR).usual(NOON, NOON + HOUR).mean)
    assert means[0] < 0.8 * means[1]
    assert means[2] > 1.4 * means[1]


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (0.01, [(0.142529, 0.128670), (0.026059, 0.158099), (0.041973, 0.144626)]),
        (0.1, [(1.257157, 0.101355), (0.189290, 0.293923), (0.374479, 0.182267)]),
        (1, [(12.690883, 0.770713), (1.359396, 6.688673), (4.154549, 2.229578)]),
        (5, [(65.774566, 0.472784), (6.309360, 3.517808), (22.695273, 1.044849)]),
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
        third: (third // 3 % 24 + third // 72 % 7) * uneven[third * third * 31 % 97 % 6] * times / 3
        for third in range(3 * hours.start, 3 * hours.stop)
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


def drawn(rng: random.Random, rate: float, of: int = 1) -> float:
    """Posts of a third of an hour at random, so many at once."""
    return float(of * sum(rng.random() < rate / of / 60 for _ in range(60)))


@pytest.mark.parametrize(("of", "low", "high"), [(1, 0.0, 0.2), (2, 0.7, 1.2), (3, 1.5, 2.3)])
def test_posts_that_come_together_are_told_from_busy_days(of: int, low: float, high: float) -> None:
    """Those of three at a time vary by two more than chance does, on whatever day they come."""
    rng = random.Random(5)  # noqa: S311
    hours = range(NOW_HOUR - HOURS, NOW_HOUR)
    for busy in (False, True):
        times = [rng.choice((0.7, 1.3)) if busy else 1.0 for _ in range(DAYS + 1)]
        counted = {
            3 * hour + third: drawn(rng, 6 * times[(hour - hours.start) // 24], of)
            for hour in hours
            for third in range(3)
        }
        assert low <= Weeks(counted, hours, until=NOW_HOUR)._together <= high


@pytest.mark.parametrize("weight", [1.0, 2.0, 4.0])
def test_posts_that_count_for_more_are_not_taken_for_some_that_come_together(weight: float) -> None:
    rng = random.Random(6)  # noqa: S311
    hours = range(NOW_HOUR - HOURS, NOW_HOUR)
    counted = {third: weight * drawn(rng, 3) for third in range(3 * hours.start, 3 * hours.stop)}
    made = Weeks(counted, hours, until=NOW_HOUR, weight=weight)
    assert made._together < 0.2 * weight
    assert made.usual(NOON, NOON + HOUR).mean == pytest.approx(9 * weight, rel=0.25)


def test_how_busy_a_day_will_be_is_less_known_where_days_differ() -> None:
    """In the mornings, which differ from day to day, more is needed than in the evenings."""
    rng = random.Random(7)  # noqa: S311
    hours = range(NOW_HOUR - HOURS, NOW_HOUR)
    differs = {hour: rng.choice((0.3, 1.7)) if 6 <= hour % 24 < 12 else 1.0 for hour in hours}
    counted = thirds({hour: 20 * differs[hour] for hour in hours})
    made = Weeks(counted, hours, until=NOW_HOUR)
    morning = made.usual(NOON - 4 * HOUR, NOON - 3 * HOUR).spread
    assert morning > 2 * made.usual(NOON + 8 * HOUR, NOON + 9 * HOUR).spread


def test_a_day_is_compared_with_the_other_days() -> None:
    """A day that is far busier than others is no measure of itself: its week day is as it was."""
    hours = range(NOW_HOUR - HOURS, NOW_HOUR)
    calm = dict.fromkeys(hours, 20.0)
    today = {**calm, **{hour: 40.0 for hour in hours if hour >= NOW_HOUR - 12}}
    usual = Weeks(thirds(calm), hours, until=NOW_HOUR)._base(NOW_HOUR)
    assert Weeks(thirds(today), hours, until=NOW_HOUR)._base(NOW_HOUR) == pytest.approx(
        usual, rel=0.05
    )


@given(
    st.dictionaries(st.integers(0, 3 * HOURS - 1), st.floats(0, 500), max_size=40),
    st.lists(st.integers(0, HOURS - 1), max_size=60, unique=True),
    st.integers(1, 60),
)
@examples(60)
def test_few_hours_and_few_posts_give_numbers_too(
    counted: dict[int, float], read: list[int], number: int
) -> None:
    """Whatever is known, the mean and the spread are finite, and more posts are never likelier."""
    begin = NOW_HOUR - HOURS
    known = {3 * begin + third: posts for third, posts in counted.items()}
    made = Weeks(known, sorted(begin + hour for hour in read), until=NOW_HOUR)
    for start, end in ((0, HOUR), (-1200, 0), (-3000, 600), (-50 * HOUR, -49 * HOUR)):
        usual = made.usual(NOON + start, NOON + end)
        assert 0 < usual.mean < math.inf
        assert counts._LEAST_SPREAD <= usual.spread < math.inf
        likely = [tail(number + more, usual) for more in range(3)]
        assert all(0 <= one <= 1 + 1e-9 for one in likely)
        assert likely[0] >= likely[1] - 1e-9
        assert likely[1] >= likely[2] - 1e-9
