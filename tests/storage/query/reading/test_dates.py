"""Dates outside of queries are read as in them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from storage.errors import UsageError
from storage.query.reading import dates

NOW = datetime(2026, 3, 5, 22, 30, tzinfo=UTC)
EAST = timezone(timedelta(hours=3))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-05-31", (2024, 5, 31)),
        ("31.05.2024", (2024, 5, 31)),
        ("2024-05", (2024, 5, 1)),
        ("2024", (2024, 1, 1)),
        ("today", (2026, 3, 6)),
        ("Вчера", (2026, 3, 5)),
        ("7d", (2026, 2, 27)),
    ],
)
def test_a_date_is_the_start_of_its_day_where_the_reader_is(
    text: str, day: tuple[int, int, int]
) -> None:
    assert dates.read_start(text, now=NOW, zone=EAST) == datetime(*day, tzinfo=EAST)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("tomorow", "write 2024-05-31"),
        ("2026-02-31", "did you mean 2026-02-28"),
        ("week", "did you mean 7d"),
        ("", "write 2024-05-31"),
        ("9999999d", "write 2024-05-31"),
    ],
)
def test_what_is_no_date_is_wrong_use(text: str, hint: str) -> None:
    with pytest.raises(UsageError, match="is no date") as caught:
        dates.read_start(text, now=NOW, zone=EAST)
    assert hint in str(caught.value)
