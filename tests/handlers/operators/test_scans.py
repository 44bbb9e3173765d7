from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.operators import scans

TIMES = st.lists(st.floats(0, 200, allow_nan=False), max_size=60)


def test_the_interval_grows_with_the_channels() -> None:
    assert scans.effective_interval(180, channels=10, requests=20) == 180
    assert scans.effective_interval(180, channels=100, requests=20) == 300


def test_busy_channels_are_scanned_oftener_from_what_the_round_leaves_over() -> None:
    quiet = scans.turn_interval(180, channels=10, requests=20, rate=0.0)
    busy = scans.turn_interval(180, channels=10, requests=20, rate=10 / 90)
    busiest = scans.turn_interval(180, channels=10, requests=20, rate=50.0)
    assert (quiet, busy, busiest) == (162, 90, 45)


def test_where_the_round_takes_the_whole_budget_nobody_is_preferred() -> None:
    assert scans.turn_interval(180, channels=100, requests=20, rate=50.0) == 300


def test_even_if_all_are_busy_the_round_fits_into_the_budget() -> None:
    for count in range(1, 200):
        interval = scans.turn_interval(60, channels=count, requests=20, rate=100.0)
        assert count / interval * 60 <= 20


def test_the_rate_follows_the_last_measurements() -> None:
    rate = scans.smoothed_rate(None, 30, 60)
    assert rate == 0.5
    assert scans.smoothed_rate(rate, 0, 60) == 0.25


@pytest.mark.parametrize(
    ("channels", "spare"), [(0, 10.0), (30, 5.0), (45, 2.5), (57, 1.0), (60, 1.0), (500, 1.0)]
)
def test_what_is_not_urgent_has_half_of_what_the_round_leaves(channels: int, spare: float) -> None:
    assert scans.spare_requests(180, channels=channels, requests=20) == spare


@pytest.mark.parametrize(
    ("taken", "at"),
    [
        ([], 100),
        ([50, 103], 100),
        ([100], 97),
        ([99], 96),
        ([102], 99),
        ([100, 97, 94], 91),
        ([100, 93], 97),
        ([98, 94.5], 91.5),
        ([101, 95], 98),
        (list(range(40, 104, 3)), 100),
    ],
)
def test_a_turn_falls_due_apart_from_the_others(taken: list[float], at: float) -> None:
    assert scans.free_time(100, taken, apart=3, earliest=50) == at


@given(TIMES)
def test_a_time_that_is_free_is_the_latest_one(taken: list[float]) -> None:
    at = scans.free_time(100, taken, apart=3, earliest=-1000)
    assert at <= 100
    assert all(abs(other - at) >= 3 - 1e-9 for other in taken)
    later = [other - 3 for other in taken if at < other - 3 <= 100] + [100.0] * (at < 100)
    assert all(any(abs(other - time) < 3 for other in taken) for time in later)


def test_those_that_came_at_once_come_one_after_the_other_the_next_time() -> None:
    due: list[float] = []
    for _ in range(50):
        due.append(scans.free_time(162, due, apart=3, earliest=10))
    assert all(b - a == 3 for a, b in pairwise(sorted(due)))
    assert max(due) == 162
