"""The row ids of documents hold the second of publication."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import row_ids

SECOND = timedelta(seconds=1)
FIRST = datetime(1000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
DATED = st.datetimes(min_value=FIRST, timezones=st.just(UTC))


@given(DATED, st.integers(0, row_ids.PER_SECOND - 1))
def test_every_id_of_a_second_stands_for_it(moment: datetime, number: int) -> None:
    row_id = row_ids.first_id(moment) + number
    assert row_ids.time_of(row_id) == moment.replace(microsecond=0)
    assert row_ids.FIRST_DATED <= row_id < 1 << 63


@given(DATED, DATED)
def test_the_order_of_ids_is_that_of_seconds(one: datetime, other: datetime) -> None:
    seconds = [moment.replace(microsecond=0) for moment in (one, other)]
    ids = [row_ids.first_id(moment) for moment in (one, other)]
    assert (ids[0] < ids[1]) == (seconds[0] < seconds[1])


@given(DATED, DATED, st.integers(0, row_ids.PER_SECOND - 1))
def test_between_two_ids_lie_the_seconds_between_their_times(
    one: datetime, other: datetime, number: int
) -> None:
    older, newer = row_ids.first_id(one) + number, row_ids.first_id(other)
    apart = other.replace(microsecond=0) - one.replace(microsecond=0)
    assert row_ids.seconds_between(older, newer) == apart / SECOND


def test_nothing_is_known_between_a_known_time_and_an_unknown_one() -> None:
    known = row_ids.first_id(datetime(2024, 5, 1, tzinfo=UTC))
    unknown = row_ids.first_id(None)
    for pair in ((known, unknown), (unknown, known), (unknown, unknown)):
        assert row_ids.seconds_between(*pair) is None


def test_a_second_has_as_many_ids_as_it_says() -> None:
    moment = datetime(2024, 5, 1, 12, tzinfo=UTC)
    assert row_ids.first_id(moment + SECOND) - row_ids.first_id(moment) == row_ids.PER_SECOND


@pytest.mark.parametrize("number", [0, 1, 255, 5000])
def test_an_unknown_time_lies_below_all(number: int) -> None:
    assert row_ids.first_id(None) > 0
    assert row_ids.time_of(row_ids.first_id(None) + number) is None
    assert row_ids.first_id(None) + number < row_ids.first_id(datetime(1, 1, 1, tzinfo=UTC)) + 5000


def test_dated_ids_begin_with_the_year_1000_and_end_with_9999() -> None:
    first = datetime(1000, 1, 1, tzinfo=UTC)
    assert row_ids.time_of(row_ids.FIRST_DATED) == first
    assert row_ids.time_of(row_ids.FIRST_DATED - 1) is None
    assert row_ids.time_of(row_ids.LAST_DATED) == datetime(9999, 12, 31, tzinfo=UTC)
