"""Which messages take a place while their replies are out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivering.in_flight import LATE, SECOND, InFlight, per_second

LONG = 100 * LATE


def under_way(*begun: float, most: int = 2, most_late: int = 3, a_second: int = 99) -> InFlight:
    """Messages 0, 1, … that were begun at these times."""
    flight = InFlight(most=most, most_late=most_late, most_a_second=a_second)
    for row, at in enumerate(begun):
        flight.begin(row, at)
    return flight


@pytest.mark.parametrize(
    ("begun", "answered", "now", "has_room"),
    [
        ((), None, 0.0, True),
        ((0.0,), None, 0.0, True),
        ((0.0, 0.0), None, 0.0, False),
        # No reply comes to anything: the network is away.
        ((0.0, 0.1), None, LONG, False),
        ((0.0, 0.1, 0.2), 0, LONG, False),
        # The reply to a later one has come.
        ((0.0, 0.1, 0.2), 2, LONG, True),
        ((0.0, 0.1, 0.2), 1, LONG, True),
        ((0.0, 0.1, 0.2), 2, LATE - 0.01, False),
        ((0.0, 0.0, 0.0), 2, LONG, True),
    ],
)
def test_a_reply_that_is_late_takes_no_place(
    begun: tuple[float, ...], answered: int | None, now: float, has_room: bool
) -> None:
    flight = under_way(*begun)
    if answered is not None:
        flight.end(answered, 0.3, is_answered=True)
    assert flight.has_room(now) is has_room


def test_what_is_given_up_is_no_answer() -> None:
    flight = under_way(0.0, 0.1, 0.2)
    flight.end(2, 0.3, is_answered=False)
    assert not flight.has_room(LONG)


def test_only_so_many_replies_may_be_late() -> None:
    flight = under_way(0.0, 0.1, 0.2, 0.3, most=3, most_late=2)
    flight.end(3, 0.3, is_answered=True)
    assert not flight.has_room(LONG)
    assert (len(flight), flight.late) == (0, 3)
    flight.end(0, 0.3, is_answered=True)
    assert not flight.has_room(LONG)
    flight.end(1, 0.3, is_answered=False)
    assert flight.has_room(LONG)
    assert flight.late == 1


def test_an_answer_that_came_late_says_nothing_of_what_was_begun_before_it() -> None:
    flight = under_way(0.0, 0.1, 0.2, most=1)
    flight.end(2, 0.3, is_answered=True)
    assert flight.has_room(LONG)
    flight.begin(3, LONG)
    flight.end(1, 0.3, is_answered=True)
    assert not flight.has_room(2 * LONG)


def test_answers_that_overtake_one_another_make_late_what_was_begun_before_the_last() -> None:
    flight = under_way(0.0, 0.1, 0.2, most=1)
    for row in (2, 0):
        flight.end(row, 0.3, is_answered=True)
    assert (flight.has_room(LONG), flight.late) == (True, 1)


@pytest.mark.parametrize(
    ("begun", "now", "wait"),
    [
        ((), 1.0, LATE),
        ((0.0, 0.1), 0.0, LATE),
        ((0.0, 0.1), 0.2, LATE - 0.2),
        ((0.0,), LATE, LATE),
        ((0.0,), 9.0, LATE),
    ],
)
def test_the_next_look_is_when_the_oldest_is_late(
    begun: tuple[float, ...], now: float, wait: float
) -> None:
    assert under_way(*begun).room_in(now) == pytest.approx(wait)


def test_what_is_under_way_and_what_arrived_within_a_second_count_together() -> None:
    flight = under_way(0.0, 0.0, most=9, a_second=3)
    assert flight.has_room(0.0)
    flight.begin(2, 0.0)
    assert not flight.has_room(0.0)
    for row in range(3):
        flight.end(row, 0.1, is_answered=True)
    assert not flight.has_room(0.1)
    assert flight.room_in(0.1) == pytest.approx(LATE)
    assert flight.room_in(1.0) == pytest.approx(0.1)
    assert flight.has_room(1.1)


@pytest.mark.parametrize(
    ("pace", "most"), [(1000.0, 1050), (30.0, 31), (20.0, 21), (1.0, 1), (0.2, 1)]
)
def test_a_second_has_a_twentieth_more_than_the_pace(pace: float, most: int) -> None:
    assert per_second(pace) == most


@given(
    pace=st.integers(1, 40),
    travels=st.lists(st.floats(0.0, 3.0), min_size=1, max_size=200),
    returns=st.floats(0.0, 1.0),
)
def test_no_second_has_more_however_long_messages_take(
    pace: int, travels: list[float], returns: float
) -> None:
    """Messages as many as there is room for, looked for every 10 ms; each takes its own time to
    arrive, and its reply some more."""
    flight = InFlight(most=1000, most_late=1000, most_a_second=per_second(pace))
    waiting, arrived = list(enumerate(travels)), list[float]()
    replies: list[tuple[float, int]] = []
    now = 0.0
    while waiting or replies:
        for reply in sorted(replies):
            if reply[0] <= now:
                flight.end(reply[1], now, is_answered=False)
                replies.remove(reply)
        while waiting and flight.has_room(now):
            row, travel = waiting.pop(0)
            flight.begin(row, now)
            arrived.append(now + travel)
            replies.append((now + travel + returns, row))
        now += 0.01
    arrived.sort()
    for first, at in enumerate(arrived):
        within = [other for other in arrived[first:] if other < at + SECOND - 0.01]
        assert len(within) <= per_second(pace)
