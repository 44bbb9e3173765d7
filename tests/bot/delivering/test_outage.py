"""An error of the server is held against a message only while others get through."""

import pytest

from bot.delivering.outage import Outage


@pytest.mark.parametrize(
    ("seconds", "blames", "stands"),
    [
        (0, True, False),
        (59, True, False),
        (60, False, False),
        (300, False, True),
        (3600, False, True),
        (3601, True, True),
    ],
)
def test_what_fails_after_so_long_without_any_success(
    seconds: float, blames: bool, stands: bool
) -> None:
    outage = Outage()
    outage.failed(100.0)
    outage.failed(100.0 + seconds)
    assert outage.blames(100.0 + seconds) is blames
    assert outage.stands(100.0 + seconds) is stands


def test_a_message_that_gets_through_ends_it() -> None:
    outage = Outage()
    outage.failed(0.0)
    outage.passed()
    assert outage.blames(1000.0)
    outage.failed(1000.0)
    assert outage.blames(1059.0)
    assert not outage.stands(1299.0)
