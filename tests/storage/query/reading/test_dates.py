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
