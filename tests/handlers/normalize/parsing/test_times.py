"""Moments as sources write them."""

import datetime
from typing import Any

import pytest

from handlers.normalize.parsing import times


@pytest.mark.parametrize(
    ("value", "text", "zone_known"),
    [
        (1709287205, "2024-03-01T10:00:05Z", True),
        ("1709287205", "2024-03-01T10:00:05Z", True),
        (1709287205.9, "2024-03-01T10:00:05Z", True),
        (31_536_000, "1971-01-01T00:00:00Z", True),
        (253_402_300_799, "9999-12-31T23:59:59Z", True),
        (1709287199, "2024-03-01T09:59:59Z", True),
        ("2024-03-01T13:00", "2024-03-01T13:00:00", False),
        ("2024-03-01T13:00:05.999Z", "2024-03-01T13:00:05Z", True),
        ("1971-01-01T00:00", "1971-01-01T00:00:00", False),
        ("2024-03-01T13:00:05+03:00", "2024-03-01T10:00:05Z", True),
        ("2024-03-01T13:00:05", "2024-03-01T13:00:05", False),
        (datetime.datetime(2024, 3, 1, 10, tzinfo=datetime.UTC), "2024-03-01T10:00:00Z", True),
    ],
)
def test_a_moment_is_read_from_what_sources_write(value: Any, text: str, zone_known: bool) -> None:
    moment = times.read(value)
    assert moment is not None
    assert (moment.text, moment.zone_known) == (text, zone_known)


@pytest.mark.parametrize(
    "value",
    [None, True, 0, "0", 31_535_999, 253_402_300_800, "2024-03-01T1300", "20240301T13:00:05",
     "2024-03-01", "9" * 5000, "1970-12-31T23:59:59Z", "²",
     "1970-01-01T05:00:00", 10**20, -(10**20), "never", "2024-02-31T10:00:00",
     float("nan"), float("inf"), "9999-12-31T23:59:59-20:00", [], {}],
)  # fmt: skip
def test_what_is_no_moment_is_none(value: Any) -> None:
    assert times.read(value) is None
