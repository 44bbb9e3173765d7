"""From when on, as people say it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.times.since import cut_since

NOW = datetime(2026, 11, 25, 21, 30, tzinfo=UTC)  # a Wednesday; in Moscow it is Thursday already
MOSCOW = ZoneInfo("Europe/Moscow")
LAST = datetime(2026, 11, 23, 5, tzinfo=UTC)


def moscow(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("written", "rest", "since"),
    [
        ("friday", "", moscow(11, 20)),
        ("since Friday", "", moscow(11, 20)),
        ("since last friday", "", moscow(11, 20)),
        ("с пятницы", "", moscow(11, 20)),
        ("пт", "", moscow(11, 20)),
        ("thursday", "", moscow(11, 19)),
        ("wed", "", moscow(11, 25)),
        ("со среды", "", moscow(11, 25)),
        ("yesterday", "", moscow(11, 25)),
        ("со вчерашнего дня", "", moscow(11, 25)),
        ("today", "", moscow(11, 26)),
        ("3d", "", NOW - timedelta(days=3)),
        ("for the last 3 days", "", NOW - timedelta(days=3)),
        ("за 3 дня", "", NOW - timedelta(days=3)),
        ("за последние 3 дня", "", NOW - timedelta(days=3)),
        ("week", "", NOW - timedelta(days=7)),
        ("a week", "", NOW - timedelta(days=7)),
        ("за неделю", "", NOW - timedelta(days=7)),
        ("последнюю неделю", "", NOW - timedelta(days=7)),
        ("месяц", "", NOW - timedelta(days=30)),
        ("36h", "", NOW - timedelta(hours=36)),
        ("2026-11-20", "", moscow(11, 20)),
        ("с 20.11.2026", "", moscow(11, 20)),
        ("20.11", "", moscow(11, 20)),
        ("26.12", "", moscow(12, 26, 2025)),
        ("29.02", "", moscow(2, 29, 2024)),
        ("29.02.2026", "29.02.2026", None),
        ("last digest", "", LAST),
        ("с прошлой сводки", "", LAST),
        ("oil price friday", "oil price", moscow(11, 20)),
        ("oil price since friday", "oil price", moscow(11, 20)),
        ("цена нефти за неделю", "цена нефти", NOW - timedelta(days=7)),
        ('"black friday" 3d', '"black friday"', NOW - timedelta(days=3)),
        ("", "", None),
        ("oil price", "oil price", None),
        ('"black friday"', '"black friday"', None),
        ("holidays", "holidays", None),
        ("budget 2024", "budget 2024", None),
        ("2026-11-31", "2026-11-31", None),
        ("2027-01-01", "2027-01-01", None),
        ("99.99", "99.99", None),
        ("0d", "0d", None),
    ],
)
def test_a_time_is_cut_off(written: str, rest: str, since: datetime | None) -> None:
    assert cut_since(written, now=NOW, zone=MOSCOW, last=LAST) == (rest, since)


@pytest.mark.parametrize(
    ("said_on", "year"),
    [((2028, 1, 10), 2024), ((2028, 2, 29), 2028), ((2027, 5, 1), 2024), ((2104, 2, 28), 2096)],
)
def test_the_last_29_february_is_of_the_last_leap_year(
    said_on: tuple[int, int, int], year: int
) -> None:
    now = datetime(*said_on, 12, tzinfo=UTC)
    assert cut_since("29.02", now=now, zone=MOSCOW) == ("", moscow(2, 29, year))


def test_the_last_digest_may_not_have_been() -> None:
    assert cut_since("last digest", now=NOW, zone=MOSCOW) == ("last digest", None)


def test_what_is_asked_for_is_never_shortened() -> None:
    since = datetime(2001, 1, 1, tzinfo=MOSCOW)
    assert cut_since("2001-01-01", now=NOW, zone=MOSCOW) == ("", since)
    for text in ("0001-01-01", "5000d"):
        assert cut_since(text, now=NOW, zone=MOSCOW) == (text, None)


PIECES = [
    "since",
    " ",
    "с",
    "last",
    "friday",
    "пт",
    "3",
    "d",
    "2026-11-2",
    "0",
    "20.11",
    '"',
    "нет",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_whatever_is_written_the_time_is_past_and_what_is_left_was_written(text: str) -> None:
    rest, since = cut_since(text, now=NOW, zone=MOSCOW, last=LAST)
    assert since is None or since <= NOW
    assert text.strip().startswith(rest)
