"""Waits between attempts: doubling, with a ceiling."""

import pytest

from storage.backoff import Backoff, backoff


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [
        (0, 1), (1, 1), (2, 2), (3, 4), (4, 8), (9, 256), (10, 300), (11, 300),
        (20, 300), (1_000_000, 300), (-1, 1),
    ],
)  # fmt: skip
def test_each_attempt_waits_twice_as_long_up_to_five_minutes(attempts: int, seconds: float) -> None:
    assert backoff(attempts) == seconds


def delays(waits: Backoff, count: int, *, at: float = 0.0, jitter: float = 1.0) -> list[float]:
    """The delays of attempts each of which fails at once."""
    found = []
    for _ in range(count):
        found.append(waits.next_delay(at, jitter))
        at += found[-1]
    return found


@pytest.mark.parametrize(
    ("jitter", "expected"),
    [
        (1.0, [0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]),
        (0.0, [0.0, 0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0]),
        (0.5, [0.0, 0.1875, 0.375, 0.75, 1.5, 3.0, 6.0, 12.0, 22.5, 22.5]),
    ],
)
def test_the_first_attempt_waits_for_nothing_the_others_with_jitter(
    jitter: float, expected: list[float]
) -> None:
    assert delays(Backoff(), 10, jitter=jitter) == expected


def test_a_line_that_is_cut_for_long_is_tried_for_ever() -> None:
    assert set(delays(Backoff(), 2000)[-100:]) == {30.0}


@pytest.mark.parametrize(("quiet", "delay"), [(44.0, 0.5), (45.0, 0.5), (45.5, 0.0), (99.0, 0.0)])
def test_a_connection_that_held_for_a_while_begins_anew(quiet: float, delay: float) -> None:
    waits = Backoff()
    assert delays(waits, 2, at=100.0) == [0.0, 0.25]
    assert waits.next_delay(100.25 + quiet, 1.0) == delay


def test_after_an_answer_the_next_attempt_waits_as_the_second_does() -> None:
    waits = Backoff()
    delays(waits, 5)
    waits.answered()
    assert delays(waits, 2) == [0.25, 0.5]
    fresh = Backoff()
    fresh.answered()
    assert fresh.next_delay(0.0, 1.0) == 0.0
