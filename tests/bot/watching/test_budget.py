import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.watching.budget import PERIOD, Budget, Spare


def test_half_of_it_may_be_used_at_once_and_the_rest_is_spaced() -> None:
    budget = Budget(20)
    for _ in range(10):
        assert budget.ready_at(0.0) == 0.0
        budget.take(0.0)
    assert budget.ready_at(0.0) == 3.0


def test_what_is_urgent_may_use_all_of_it_at_once() -> None:
    budget = Budget(4)
    for _ in range(4):
        assert budget.ready_at(1.0, urgent=True) == 1.0
        budget.take(1.0)
    assert budget.ready_at(2.0, urgent=True) == 61.0


def test_a_wait_that_the_server_asks_for_holds_for_all() -> None:
    budget = Budget(20)
    budget.close(50.0)
    assert budget.ready_at(1.0, urgent=True) == 50.0
    assert budget.ready_at(51.0) == 51.0


def test_what_is_left_over_is_half_and_of_a_busy_one_its_share() -> None:
    budget = Budget(20)
    spare = Spare(budget, 20, lambda: 1.0)
    for _ in range(10):
        assert spare.ready_at(0.0) == 0.0
        spare.take(0.0)
    assert budget.ready_at(0.0) == 3.0
    assert spare.ready_at(0.0) == 60.0
    for at in range(3, 63, 3):
        budget.take(float(at))
    assert spare.ready_at(63.0) == 63.0
    spare.take(63.0)
    for at in range(66, 123, 3):
        budget.take(float(at))
    assert spare.ready_at(122.0) == 123.0
    spare.close(150.0)
    assert budget.ready_at(124.0) == 150.0


@given(st.integers(1, 30), st.lists(st.tuples(st.floats(0, 40), st.booleans()), max_size=120))
def test_no_minute_ever_has_more_requests_than_allowed(
    requests: int, wishes: list[tuple[float, bool]]
) -> None:
    budget, now, taken = Budget(requests), 0.0, []
    for pause, urgent in wishes:
        now = budget.ready_at(now + pause, urgent=urgent)
        budget.take(now)
        taken.append(now)
    for start in taken:
        assert sum(start <= at < start + PERIOD for at in taken) <= requests


def test_what_was_used_of_a_minute_and_for_how_long_it_is_closed() -> None:
    budget = Budget(3)
    assert (budget.allowed, budget.used(0.0), budget.closed_for(0.0)) == (3, 0, 0.0)
    for at in (0.0, 10.0):
        budget.take(at)
    assert [budget.used(now) for now in (10.0, 59.0, 60.0, 70.0)] == [2, 2, 1, 0]
    budget.close(100.0)
    assert [budget.closed_for(now) for now in (70.0, 100.0, 200.0)] == [30.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("requests", "taken", "now", "ready_at", "spare_at"),
    [
        (20, 9, 8.0, 8.0, 8.0),
        (20, 10, 9.0, 12.0, 60.0),  # three seconds after the last one
        (20, 10, 12.0, 12.0, 60.0),
        (20, 12, 11.0, 14.0, 62.0),
        (3, 1, 0.0, 0.0, 60.0),
        (3, 2, 1.0, 21.0, 61.0),
        (1, 1, 0.0, 60.0, 60.0),
        (60, 60, 59.0, 60.0, 90.0),
    ],
)
def test_the_rest_is_spaced_from_the_last_one(
    requests: int, taken: int, now: float, ready_at: float, spare_at: float
) -> None:
    budget = Budget(requests)
    for at in range(taken):
        budget.take(float(at))
    assert (budget.ready_at(now), budget.spare_at(now)) == (ready_at, spare_at)
