"""Spans of time as people write them."""

from datetime import timedelta

import pytest

from handlers.times.spans import LONGEST, cut_span, parse_span


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
        ("9999d", LONGEST),
        ("999999999w", LONGEST),
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
    ],
)
def test_a_span_ends_what_is_asked(text: str, rest: str, span: timedelta | None) -> None:
    assert cut_span(text) == (rest, span)
