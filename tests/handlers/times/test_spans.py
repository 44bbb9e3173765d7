"""Spans of time as people write them."""

from datetime import timedelta

import pytest

from handlers.times.spans import LONGEST, cut_span, odd_span, parse_span, write_span


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("24h", timedelta(hours=24)),
        ("3 days", timedelta(days=3)),
        ("1 day", timedelta(days=1)),
        ("2w", timedelta(weeks=2)),
        ("2 недели", timedelta(weeks=2)),
        ("12ч", timedelta(hours=12)),
        ("1 MONTH", timedelta(days=30)),
        ("366d", LONGEST),
        ("367d", None),
        ("9999d", None),
        ("999999999w", None),
        ("0h", None),
        ("h", None),
        ("24", None),
        ("24hx", None),
        ("ferry 24h", None),
        ("", None),
    ],
)
def test_a_span_is_a_number_and_a_unit(text: str, span: timedelta | None) -> None:
    assert parse_span(text) == span


@pytest.mark.parametrize(
    ("text", "rest", "span"),
    [
        ("ferry OR port 24h", "ferry OR port", timedelta(hours=24)),
        ("ferry 2 days ", "ferry", timedelta(days=2)),
        ("7d", "", timedelta(days=7)),
        ("ferry", "ferry", None),
        ("f24h", "f24h", None),
        ("after:7d", "after:7d", None),
        ("ferry 5000d", "ferry 5000d", None),
    ],
)
def test_a_span_ends_what_is_asked(text: str, rest: str, span: timedelta | None) -> None:
    assert cut_span(text) == (rest, span)


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("ferry 0d", "0d"),
        ("ferry 000 days", "000 days"),
        ("0h", "0h"),
        ("ferry -5d ", "-5d"),
        ("ferry \u22125d", "\u22125d"),
        ("ferry +5d", "+5d"),
        ("ferry 1.5d", "1.5d"),
        ("ferry 2,5 weeks", "2,5 weeks"),
        ("ferry 367d", "367d"),
        ("ferry 53w", "53w"),
        ("ferry 9999999999d", "9999999999d"),
        (f"ferry {'9' * 40}d", f"{'9' * 40}d"),
        ("ferry 1y", "1y"),
        ("паром 0 дней", "0 дней"),
        ("паром -3 недели", "-3 недели"),
        ("ferry 366d", None),
        ("ferry 52w", None),
        ("ferry 1h", None),
        ("ferry 90d", None),
        ("ferry", None),
        ("ferry 2024 year", None),
        ('ferry "0d"', None),
        ("ferry 0", None),
        ("ferry x0d", None),
        ("after:0d", None),
        ("0d ferry", None),
        (f"ferry {'9' * 5000}d", None),
        ("", None),
    ],
)
def test_what_looks_like_a_span_and_is_none_is_known(text: str, odd: str | None) -> None:
    assert odd_span(text) == odd


@pytest.mark.parametrize("text", ["1h", "23h", "25h", "1d", "31d", "366d"])
def test_a_span_is_written_as_it_is_typed(text: str) -> None:
    span = parse_span(text)
    assert span is not None
    assert write_span(span) == text


@pytest.mark.parametrize(
    ("text", "odd"), [("23h", "23h"), ("1d", None), ("31d", None), ("5w", "5w")]
)
def test_a_span_may_have_narrower_bounds(text: str, odd: str | None) -> None:
    bounds = {"shortest": timedelta(days=1), "longest": timedelta(days=31)}
    assert odd_span(f"ferry {text}", **bounds) == odd
