"""What is told of troubles: when a cause begins and when it is over, and nothing of flaps."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.operators.alarm import HOLD, Alarm
from handlers.operators.troubles import Reason, Trouble

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


def at(second: float) -> datetime:
    return NOW + timedelta(seconds=second)


def trouble(reason: Reason, cause: str, since: float) -> Trouble:
    return Trouble(cause=cause, reason=reason, text=f"{cause} is wrong", since=at(since))


def story(*spans: tuple[Reason, str, int, int], until: int = 200) -> list[tuple[int, str, bool]]:
    """What is told of causes that last from one second to another: when, of what, whether over."""
    alarm = Alarm()
    told = []
    for second in range(until):
        present = [
            trouble(reason, cause, start)
            for reason, cause, start, end in sorted(spans, key=lambda span: span[2])
            if start <= second < end
        ]
        told += [(second, news.reason, news.is_over) for news in alarm.observe(present, at(second))]
    return told


@pytest.mark.parametrize(
    ("spans", "told"),
    [
        ((), []),
        ((("bot", "net", 10, 14),), []),
        ((("bot", "net", 10, 100),), [(25, "bot", False), (115, "bot", True)]),
        # Gone for a moment, it is still the same.
        (
            (("bot", "net", 10, 50), ("bot", "net", 55, 100)),
            [(25, "bot", False), (115, "bot", True)],
        ),
        # It comes and goes, and never stays.
        (tuple(("bot", "net", start, start + 5) for start in range(10, 150, 10)), []),
        # Two causes of one reason are told as one.
        (
            (("write", "disk", 10, 60), ("write", "lock", 50, 100)),
            [(25, "write", False), (115, "write", True)],
        ),
        (
            (("write", "disk", 10, 60), ("bot", "net", 20, 70)),
            [(25, "write", False), (35, "bot", False), (75, "write", True), (85, "bot", True)],
        ),
        (
            (("bot", "net", 10, 40), ("bot", "net", 100, 130)),
            [(25, "bot", False), (55, "bot", True), (115, "bot", False), (145, "bot", True)],
        ),
    ],
)
def test_each_reason_is_told_once_when_it_begins_and_once_when_it_is_over(
    spans: tuple[tuple[Reason, str, int, int], ...], told: list[tuple[int, str, bool]]
) -> None:
    assert story(*spans) == told


def test_news_says_since_when_and_what() -> None:
    alarm = Alarm()
    assert not alarm.observe([trouble("write", "disk", 0)], at(1))
    (news,) = alarm.observe([trouble("write", "disk", 0)], at(0) + HOLD)
    assert (news.reason, news.since, news.text) == ("write", at(0), "disk is wrong")
