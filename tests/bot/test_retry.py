"""What becomes of a message whose sending failed."""

import pytest

from bot.retry import LONGEST_DELAY, MAX_ATTEMPTS, Failure, Verdict, backoff, decide


@pytest.mark.parametrize(
    ("failure", "attempts", "verdict"),
    [
        (Failure(kind="duplicate", reason="RANDOM_ID_DUPLICATE"), 1, Verdict(action="sent")),
        (Failure(kind="gone", reason="USER_IS_BLOCKED"), 1, Verdict(action="gone")),
        (Failure(kind="refused", reason="MESSAGE_TOO_LONG"), 1, Verdict(action="dead")),
        (Failure(kind="unauthorized", reason="AUTH_KEY"), 1, Verdict(action="stop")),
        (
            Failure(kind="flood", reason="FLOOD_WAIT", seconds=42),
            500,
            Verdict(action="retry", delay=42),
        ),
        (Failure(kind="flood", reason="FLOOD_WAIT"), 1, Verdict(action="retry", delay=1)),
        (Failure(kind="timeout", reason="no reply"), 1, Verdict(action="retry", delay=1)),
        (
            Failure(kind="timeout", reason="no reply"),
            500,
            Verdict(action="retry", delay=LONGEST_DELAY),
        ),
        (Failure(kind="network", reason="reset"), 3, Verdict(action="retry", delay=4)),
        (Failure(kind="server", reason="INTERNAL"), 2, Verdict(action="retry", delay=2)),
        (Failure(kind="server", reason="INTERNAL"), MAX_ATTEMPTS, Verdict(action="dead")),
    ],
    ids=lambda value: value.kind if isinstance(value, Failure) else None,
)
def test_verdict(failure: Failure, attempts: int, verdict: Verdict) -> None:
    assert decide(failure, attempts) == verdict


def test_the_wait_never_shrinks_and_has_a_ceiling() -> None:
    waits = [backoff(attempts) for attempts in range(1000)]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_DELAY
