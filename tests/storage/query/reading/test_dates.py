"""Dates outside of queries are read as in them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from storage.errors import QueryError, UsageError
from storage.query.reading import dates
from storage.query.reading.filters import Value
from storage.query.reading.syntax import parse

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
        ("yesterday", (2026, 3, 5)),
        ("7d", (2026, 2, 27)),
        ("2w", (2026, 2, 20)),
        ("3m", (2025, 12, 6)),
        ("1y", (2025, 3, 6)),
        ("0d", (2026, 3, 6)),
        ("1234d", (2022, 10, 19)),
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
        *((f"7 {unit}", "did you mean 7d?") for unit in ("d", "day", "days")),
        *((f"2{unit}", "did you mean 2w?") for unit in ("week", "weeks")),
        *((f"3-{unit}", "did you mean 3m?") for unit in ("m", "month", "months")),
        *((f"1{unit}", "did you mean 1y?") for unit in ("year", "Years")),
        ("24", "did you mean 24d?"),
        ("–7d", "did you mean 7d?"),
        ("7  d", "write 2024-05-31"),
        ("0h", "did you mean 1d?"),
        ("24hours", "did you mean 1d?"),
        ("25hour", "did you mean 2d?"),
        ("48h", "did you mean 2d?"),
        ("49h", "did you mean 3d?"),
        ("month", "did you mean 30d?"),
        ("неделя", "did you mean 7д?"),
        ("now", "did you mean today?"),
        ("сейчас", "did you mean сегодня?"),
        ("todya", "did you mean today?"),
        ("01.02.26", "did you mean 2026-02-01?"),
        ("31-12-2025", "did you mean 2025-12-31?"),
        ("12/31/25", "did you mean 2025-12-31?"),
        ("13/13/2025", "did you mean 2025-12-13?"),
        ("00.00.2025", "did you mean 2025-01-01?"),
        ("2025/1/2", "did you mean 2025-01-02?"),
        ("2025-13-12", "did you mean 2025-12-13?"),
        ("2025-13-13", "did you mean 2025-12-13?"),
        ("2025-12-12-12", "write 2024-05-31"),
        ("2025-0", "did you mean 2025-01?"),
        ("2025-00", "did you mean 2025-01?"),
        ("2025-99", "did you mean 2025-12?"),
        ("2025-12-00", "did you mean 2025-12-01?"),
        ("2024-02-30", "did you mean 2024-02-29?"),
        ("0001-02-30", "write 2024-05-31"),
        ("0002-02-30", "did you mean 0002-02-28?"),
        ("9998-02-30", "did you mean 9998-02-28?"),
        ("9999-02-30", "write 2024-05-31"),
    ],
)
def test_what_is_no_date_is_wrong_use(text: str, hint: str) -> None:
    with pytest.raises(UsageError, match="is no date") as caught:
        dates.read_start(text, now=NOW, zone=EAST)
    assert hint in str(caught.value)


def value(text: str, name: str = "on") -> Value:
    """``name:text`` behind four characters of a query."""
    at = 4 + len(name) + 1
    return Value(name=name, text=text, column=4, at=at, end=at + len(text), quoted=False)


@pytest.mark.parametrize(
    ("text", "first", "following", "canonical"),
    [
        ("2024-05-31", (2024, 5, 31), (2024, 6, 1), "2024-05-31"),
        ("2024-2-9", (2024, 2, 9), (2024, 2, 10), "2024-2-9"),
        ("2024-12-31", (2024, 12, 31), (2025, 1, 1), "2024-12-31"),
        ("2024-02", (2024, 2, 1), (2024, 3, 1), "2024-02"),
        ("2023-02", (2023, 2, 1), (2023, 3, 1), "2023-02"),
        ("2024-01", (2024, 1, 1), (2024, 2, 1), "2024-01"),
        ("2024-12", (2024, 12, 1), (2025, 1, 1), "2024-12"),
        ("2024", (2024, 1, 1), (2025, 1, 1), "2024"),
        ("2023", (2023, 1, 1), (2024, 1, 1), "2023"),
        ("9.2.2024", (2024, 2, 9), (2024, 2, 10), "2024-02-09"),
        ("2.2024", (2024, 2, 1), (2024, 3, 1), "2024-02"),
        (" 12.2024 ", (2024, 12, 1), (2025, 1, 1), "2024-12"),
        ("Today", (2026, 3, 6), (2026, 3, 7), "today"),
        ("вчера", (2026, 3, 5), (2026, 3, 6), "вчера"),
        ("0d", (2026, 3, 6), (2026, 3, 7), "0d"),
        ("7D", (2026, 2, 27), (2026, 2, 28), "7d"),
        ("2w", (2026, 2, 20), (2026, 2, 21), "2w"),
    ],
)
def test_a_date_reaches_from_its_first_day_to_behind_its_last(
    text: str, first: tuple[int, int, int], following: tuple[int, int, int], canonical: str
) -> None:
    start, end = datetime(*first, tzinfo=EAST), datetime(*following, tzinfo=EAST)
    assert dates.read(value(text), NOW, EAST) == (start, end, canonical)
    assert dates.read(value(text, "after"), NOW, EAST) == (start, None, canonical)
    assert dates.read(value(text, "before"), NOW, EAST) == (None, start, canonical)


@pytest.mark.parametrize("text", ["7d", "today", "вчера", "0d"])
def test_where_no_time_is_known_only_a_full_date_is_one(text: str) -> None:
    with pytest.raises(QueryError, match="only a full date") as caught:
        dates.read(value(text, "after"), None, EAST)
    error = caught.value
    assert (error.column, error.edit) == (4, (4, 10 + len(text), ""))
    assert "after:2024-05-31" in error.hint
    assert dates.read(value("2024"), None, EAST)[2] == "2024"


@pytest.mark.parametrize(
    ("text", "instead"), [("2026-02-31.", "2026-02-28"), ("week", "7d"), ("никогда", "")]
)
def test_what_is_no_date_is_pointed_at(text: str, instead: str) -> None:
    with pytest.raises(QueryError, match="is no date") as caught:
        dates.read(value(text, "before"), NOW, EAST)
    error = caught.value
    assert (error.column, error.edit) == (4, (11, 11 + len(text), instead) if instead else None)
    assert "before:2024-05" in error.hint


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("after:2024 day grain", "day grain after:2024"),
        ("on:2024 d", "d on:2024"),
        ("after:1000 days", "days after:1000"),
        ("grain before:2024-05 weeks", "grain weeks before:2024-05"),
    ],
)
def test_a_unit_behind_a_year_is_a_word(text: str, asked: str) -> None:
    assert parse(text, now=NOW, zone=EAST).text == asked


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("after:7 days grain", "after:7d grain"),
        ("before:2 weeks", "before:2w"),
        ("after:100 d x", "after:100d x"),
        ("after:7 дней", "after:7д"),
        ("after:7 grain", "after:7d grain"),
    ],
)
def test_a_number_and_its_unit_written_apart_are_told_together(text: str, meant: str) -> None:
    with pytest.raises(QueryError, match="is no date") as caught:
        parse(text, now=NOW, zone=EAST)
    assert caught.value.hint.endswith(f"did you mean: {meant}")
