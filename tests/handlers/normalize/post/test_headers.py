"""The header that opens seeds and canonical texts."""

import pytest

from handlers.normalize.post import headers


@pytest.mark.parametrize(
    ("text", "date", "rest"),
    [
        (" date 2024-03-01\nThe ferry", "2024-03-01", "\nThe ferry"),
        ("date 2024-03 The ferry", "2024-03", "The ferry"),
        ("\ufeff \t  date 2024\tx", "2024", "x"),
        ("date 2024", "2024", ""),
    ],
)
def test_a_header_and_where_the_text_begins(text: str, date: str, rest: str) -> None:
    found = headers.match(text)
    assert found is not None
    assert (found.date, text[found.end :]) == (date, rest)


@pytest.mark.parametrize(
    "text", ["", "date", "date 24", "date 2024-3-1", "date 20245", "     date 2024", "\ndate 2024"]
)
def test_what_is_no_header(text: str) -> None:
    assert headers.match(text) is None


@pytest.mark.parametrize(
    ("date", "precision"),
    [
        ("2024", "year"),
        ("0001", "year"),
        ("0000", "none"),
        ("2024-01", "month"),
        ("2024-12", "month"),
        ("2024-13", "none"),
        ("2024-00", "none"),
        ("0000-05", "none"),
        ("2024-02-29", "day"),
        ("2023-02-29", "none"),
        ("2024-04-30", "day"),
        ("2024-04-31", "none"),
        ("2024-04-01", "day"),
        ("2024-04-00", "none"),
        ("2024-13-01", "none"),
    ],
)
def test_a_date_that_no_calendar_has_dates_nothing(date: str, precision: str) -> None:
    header = headers.match(f"date {date}")
    assert header is not None
    assert header.precision == precision
    assert header.published_at == (None if precision == "none" else date)
    assert headers.is_date(date) == (precision != "none")
