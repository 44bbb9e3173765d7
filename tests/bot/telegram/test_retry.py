"""What becomes of a message whose sending failed."""

import pytest

from bot.telegram.retry import (
    MAX_ATTEMPTS,
    Failure,
    Verdict,
    decide,
    decide_notice,
    decide_update,
)
from storage.backoff import LONGEST_DELAY, Backoff, backoff


@pytest.mark.parametrize(
    ("failure", "attempts", "verdict"),
    [
        (Failure(kind="duplicate", reason="RANDOM_ID_DUPLICATE"), 1, Verdict(action="sent")),
        (Failure(kind="gone", reason="USER_IS_BLOCKED"), 1, Verdict(action="gone")),
        (Failure(kind="refused", reason="MESSAGE_TOO_LONG"), 1, Verdict(action="dead")),
        (
            Failure(kind="frozen", reason="FROZEN_METHOD_INVALID"),
            MAX_ATTEMPTS,
            Verdict(action="retry", delay=3600.0, blames=False),
        ),
        (Failure(kind="unauthorized", reason="AUTH_KEY"), 1, Verdict(action="stop")),
        (
            Failure(kind="flood", reason="FLOOD_WAIT", seconds=42),
            500,
            Verdict(action="retry", delay=42, blames=False),
        ),
        (
            Failure(kind="flood", reason="FLOOD_WAIT"),
            1,
            Verdict(action="retry", delay=1, blames=False),
        ),
        (
            Failure(kind="timeout", reason="no reply"),
            1,
            Verdict(action="retry", delay=3.0, blames=False),
        ),
        (
            Failure(kind="network", reason="reset"),
            500,
            Verdict(action="retry", delay=3.0, blames=False),
        ),
        (Failure(kind="server", reason="INTERNAL"), 2, Verdict(action="retry", delay=2)),
        (Failure(kind="server", reason="INTERNAL"), 7, Verdict(action="retry", delay=64)),
        (Failure(kind="server", reason="INTERNAL"), 8, Verdict(action="dead")),
        (Failure(kind="server", reason="INTERNAL"), 9, Verdict(action="dead")),
    ],
    ids=lambda value: value.kind if isinstance(value, Failure) else None,
)
def test_verdict(failure: Failure, attempts: int, verdict: Verdict) -> None:
    assert decide(failure, attempts) == verdict


def test_a_notice_waits_for_an_operator_who_cannot_be_written_to() -> None:
    assert decide_notice(Failure(kind="gone", reason="PEER_ID_INVALID"), 1).action == "hold"
    for kind, action in (("network", "retry"), ("flood", "retry"), ("refused", "dead")):
        assert decide_notice(Failure(kind=kind, reason="X"), 1).action == action


def test_the_wait_never_shrinks_and_has_a_ceiling() -> None:
    waits = [backoff(attempts) for attempts in range(1000)]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_DELAY


def test_the_first_connection_is_made_at_once_and_the_next_ones_wait_longer_and_longer() -> None:
    backoff_of_connection = Backoff()
    now, delays = 0.0, []
    for _ in range(12):
        delay = backoff_of_connection.next_delay(now, jitter=1.0)
        delays.append(delay)
        now += delay
    assert delays[0] == 0.0
    assert delays[1:4] == [0.25, 0.5, 1.0]
    assert delays == sorted(delays)
    assert delays[-1] == 30.0


def test_a_connection_that_held_starts_the_waits_anew() -> None:
    backoff_of_connection = Backoff()
    for now in (0.0, 0.1, 0.2):
        backoff_of_connection.next_delay(now, jitter=0.5)
    assert backoff_of_connection.next_delay(1000.0, jitter=0.5) == 0.0


def test_jitter_spreads_the_waits_over_half_of_them() -> None:
    least, most = Backoff(), Backoff()
    least.next_delay(0.0, 0.0)
    most.next_delay(0.0, 0.0)
    assert least.next_delay(0.0, 0.0) == 0.125
    assert most.next_delay(0.0, 0.999) == pytest.approx(0.25, rel=0.01)


@pytest.mark.parametrize(
    ("reason", "action"),
    [
        ("MESSAGE_NOT_MODIFIED", "sent"),
        ("MESSAGE_ID_INVALID", "close"),
        ("MESSAGE_EDIT_TIME_EXPIRED", "close"),
        ("MESSAGE_AUTHOR_REQUIRED", "close"),
        ("MESSAGE_TOO_LONG", "dead"),
    ],
)
def test_an_edit_that_cannot_be_made_ends_the_updates_or_was_made_before(
    reason: str, action: str
) -> None:
    failure = Failure(kind="refused", reason=reason)
    assert decide_update(failure, 1).action == action


def test_a_connection_that_has_served_is_made_again_soon_but_not_hundreds_of_times_a_second() -> (
    None
):
    backoff_of_connection = Backoff()
    for _ in range(8):
        backoff_of_connection.next_delay(0.0, jitter=1.0)
    backoff_of_connection.answered()
    assert backoff_of_connection.next_delay(1.0, jitter=1.0) == 0.25
    assert backoff_of_connection.next_delay(1.0, jitter=1.0) == 0.5
