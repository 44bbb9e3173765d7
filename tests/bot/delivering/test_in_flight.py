"""Which messages take a place while their replies are out."""

import pytest

from bot.delivering.in_flight import LATE, InFlight

LONG = 100 * LATE


def under_way(*begun: float, most: int = 2, most_late: int = 3) -> InFlight:
    """Messages 0, 1, … that were begun at these times."""
    flight = InFlight(most=most, most_late=most_late)
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
        flight.end(answered, is_answered=True)
    assert flight.has_room(now) is has_room


def test_what_is_given_up_is_no_answer() -> None:
    flight = under_way(0.0, 0.1, 0.2)
    flight.end(2, is_answered=False)
    assert not flight.has_room(LONG)


def test_only_so_many_replies_may_be_late() -> None:
    flight = under_way(0.0, 0.1, 0.2, 0.3, most=3, most_late=2)
    flight.end(3, is_answered=True)
    assert not flight.has_room(LONG)
    assert (len(flight), flight.late) == (0, 3)
    flight.end(0, is_answered=True)
    assert not flight.has_room(LONG)
    flight.end(1, is_answered=False)
    assert flight.has_room(LONG)
    assert flight.late == 1


def test_an_answer_that_came_late_says_nothing_of_what_was_begun_before_it() -> None:
    flight = under_way(0.0, 0.1, 0.2, most=1)
    flight.end(2, is_answered=True)
    assert flight.has_room(LONG)
    flight.begin(3, LONG)
    flight.end(1, is_answered=True)
    assert not flight.has_room(2 * LONG)


@pytest.mark.parametrize(
    ("begun", "now", "wait"),
    [((), 1.0, LATE), ((0.0, 0.1), 0.0, LATE), ((0.0, 0.1), 0.2, LATE - 0.2), ((0.0,), 9.0, LATE)],
)
def test_the_next_look_is_when_the_oldest_is_late(
    begun: tuple[float, ...], now: float, wait: float
) -> None:
    assert under_way(*begun).next_late_in(now) == pytest.approx(wait)
