"""Times as they are stored, and what a date in a document may mean."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import times
from storage.errors import StorageError


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_comes_back_to_the_microsecond(moment: datetime) -> None:
    assert times.from_epoch(times.to_epoch(moment)) == moment
    assert times.optional_from_epoch(times.optional_to_epoch(moment)) == moment


def test_times_are_microseconds_since_1970() -> None:
    assert times.to_epoch(datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC)) == 1_000_005
    east = timezone(timedelta(hours=2))
    assert times.to_epoch(datetime(1970, 1, 1, 2, tzinfo=east)) == 0
    assert times.optional_to_epoch(None) is None
    assert times.optional_from_epoch(None) is None
    assert times.optional_from_epoch(0) == datetime(1970, 1, 1, tzinfo=UTC)
    with pytest.raises(StorageError, match="without time zone"):
        times.to_epoch(datetime(2024, 1, 1, tzinfo=UTC).replace(tzinfo=None))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2024", (2024, 1, 1)),
        ("2024-05", (2024, 5, 1)),
        ("2024-05-31", (2024, 5, 31)),
        ("2024-05-31T10:20", (2024, 5, 31, 10, 20)),
        ("2024-05-31T10:20:30", (2024, 5, 31, 10, 20, 30)),
        ("2024-05-31T10:20:30Z", (2024, 5, 31, 10, 20, 30)),
        ("2024-05-31T10:20Z", (2024, 5, 31, 10, 20)),
        ("2024-05-31T10:20:30+03:30", (2024, 5, 31, 6, 50, 30)),
        ("2024-05-31T22:20:30-03:30", (2024, 6, 1, 1, 50, 30)),
        ("1000-01-01", (1000, 1, 1)),
        ("9999-12-31", (9999, 12, 31)),
        *(
            (text, None)
            for text in (
                None, "", "24", "0999-05-31", "2024-5", "2024-13", "2024-02-30", "2024-05-31T",
                "2024-05-31 10:20", "2024-05-31T10", "2024-05-31T24:00", "2024-05-31T10:20:30.5Z",
                "2024-05-31T10:20+0300", "9999-12-31T23:00-02:00", "٢٠٢٤", "2024-05-31x",
            )
        ),
    ],
)  # fmt: skip
def test_a_partial_date_is_the_earliest_it_may_mean(
    text: str | None, meant: tuple[int, ...] | None
) -> None:
    expected = None if meant is None else datetime(*meant, tzinfo=UTC)  # type: ignore[arg-type, misc]
    assert times.from_partial(text) == expected


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2024-05-31T10:20Z", (2024, 5, 31, 10, 20)),
        ("2024-05-31T10:20:30Z", (2024, 5, 31, 10, 20, 30)),
        ("2024-05-31T10:20:30.5Z", (2024, 5, 31, 10, 20, 30, 500_000)),
        ("2024-05-31T10:20:30+03:30", (2024, 5, 31, 6, 50, 30)),
        *(
            (text, None)
            for text in (
                None, "", "2024", "2024-05-31", "2024-05-31T10:20", "2024-05-31T10:20:30",
                "2024-02-30T10:20Z", "2024-05-31T25:20Z", "2024-05-31 10:20Z", "2024-05-31T10:20Z ",
            )
        ),
    ],
)  # fmt: skip
def test_an_instant_has_a_day_a_time_and_a_zone(
    text: str | None, meant: tuple[int, ...] | None
) -> None:
    expected = None if meant is None else datetime(*meant, tzinfo=UTC)  # type: ignore[arg-type, misc]
    found = times.from_instant(text)
    assert found == expected
    assert found is None or found.tzinfo is not None


@pytest.mark.parametrize("zone", ["Z", "+00:00"])
@given(
    date=st.dates() | st.just("2023-02-29") | st.just("2024-W05-1"),
    hour=st.integers(0, 25),
    minute=st.integers(0, 61),
    second=st.integers(0, 61),
)
def test_an_exact_time_means_the_same_however_its_zone_is_written(
    zone: str, date: object, hour: int, minute: int, second: int
) -> None:
    found = times.from_partial(f"{date}T{hour:02}:{minute:02}:{second:02}{zone}")
    try:
        day = datetime.strptime(str(date), "%Y-%m-%d").replace(tzinfo=UTC)
        meant = day.replace(hour=hour, minute=minute, second=second)
    except ValueError:
        meant = None
    assert found == (None if str(date).startswith("0") else meant)
