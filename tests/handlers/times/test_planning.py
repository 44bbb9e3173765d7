"""Planned digests on real zones, on the days when their clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from handlers.times import planning


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("clock", "zone", "now", "due", "day"),
    [
        ("08:00", "UTC", "2026-01-10T07:59", "2026-01-10T08:00", "2026-01-10"),
        ("08:00", "UTC", "2026-01-10T08:00", "2026-01-11T08:00", "2026-01-11"),
        ("08:00", "Europe/Berlin", "2026-01-10T06:00", "2026-01-10T07:00", "2026-01-10"),
        ("08:00", "Europe/Berlin", "2026-07-10T05:59", "2026-07-10T06:00", "2026-07-10"),
        # The clock jumps from 02:00 to 03:00: the first valid moment is 03:00 (01:00 UTC).
        ("02:30", "Europe/Berlin", "2026-03-28T12:00", "2026-03-29T01:00", "2026-03-29"),
        ("02:30", "Europe/Berlin", "2026-03-29T01:00", "2026-03-30T00:30", "2026-03-30"),
        ("03:00", "Europe/Berlin", "2026-03-28T12:00", "2026-03-29T01:00", "2026-03-29"),
        # The clock goes back from 03:00 to 02:00: 02:30 comes twice, the digest once.
        ("02:30", "Europe/Berlin", "2026-10-24T12:00", "2026-10-25T00:30", "2026-10-25"),
        ("02:30", "Europe/Berlin", "2026-10-25T00:30", "2026-10-26T01:30", "2026-10-26"),
        # Half an hour's change.
        ("02:15", "Australia/Lord_Howe", "2026-10-03T00:00", "2026-10-03T15:30", "2026-10-04"),
        # The jump is at midnight: the date starts at 01:00.
        ("00:30", "Africa/Cairo", "2026-04-23T12:00", "2026-04-23T22:00", "2026-04-24"),
        # A date that never was.
        ("08:00", "Pacific/Apia", "2011-12-29T18:00", "2011-12-30T18:00", "2011-12-31"),
        ("08:00", "Asia/Kathmandu", "2026-01-10T00:00", "2026-01-10T02:15", "2026-01-10"),
        ("23:30", "Pacific/Kiritimati", "2026-01-10T09:29", "2026-01-10T09:30", "2026-01-10"),
    ],
)
def test_next_run_is_the_first_valid_moment_of_its_local_date(
    clock: str, zone: str, now: str, due: str, day: str
) -> None:
    run = planning.next_run(time.fromisoformat(clock), zone, now=utc(now))
    assert run == planning.Run(utc(due), date.fromisoformat(day))


@pytest.mark.parametrize(
    ("now", "due", "day"),
    [
        ("2026-03-29T01:00", "2026-03-29T01:00", "2026-03-29"),
        ("2026-03-29T00:59", "2026-03-28T01:30", "2026-03-28"),
        ("2026-10-25T01:30", "2026-10-25T00:30", "2026-10-25"),
    ],
)
def test_latest_run_is_what_may_have_been_missed(now: str, due: str, day: str) -> None:
    run = planning.latest_run(time(2, 30), "Europe/Berlin", now=utc(now))
    assert run == planning.Run(utc(due), date.fromisoformat(day))


ZONES = ["Europe/Berlin", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "Asia/Tokyo"]


@examples(60)
@given(
    zone=st.sampled_from(ZONES),
    clock=st.times(),
    start=st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001
)
def test_every_local_date_runs_once_and_in_order(zone: str, clock: time, start: datetime) -> None:
    clock = clock.replace(second=0, microsecond=0)
    now = start.replace(tzinfo=UTC)
    run = planning.next_run(clock, zone, now=now)
    for _ in range(10):
        following = planning.next_run(clock, zone, now=run.due_at)
        assert following.local_date - run.local_date == timedelta(days=1)
        assert planning.latest_run(clock, zone, now=following.due_at) == following
        local = following.due_at.astimezone(ZoneInfo(zone))
        assert local.date() == following.local_date
        assert local.time() >= clock
        run = following


def test_a_naive_now_is_an_error() -> None:
    with pytest.raises(ValueError, match="naive"):
        planning.next_run(time(8), "UTC", now=datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("08:00 Europe/Berlin", (time(8), "Europe/Berlin")),
        ("8 pm Europe/Berlin", (time(20), "Europe/Berlin")),
        ("8 Paris", (time(8), "Paris")),
        ("8 America/New York", (time(8), "America/New York")),
        ("7:05", (time(7, 5), None)),
        ("8 вечера", (time(20), None)),
        ("в 8 вечера по Москве", (time(20), "по Москве")),
        ("8pm Berlin", (time(20), "Berlin")),
        ("noon Europe/Berlin", (time(12), "Europe/Berlin")),
        ("полдень", (time(12), None)),
        ("at 9 Moscow time", (time(9), "Moscow time")),
        ("8 Amsterdam", (time(8), "Amsterdam")),
        ("8 Panama", (time(8), "Panama")),
        ("9 в Москве", (time(9), "в Москве")),
        ("8:3 Paris", None),
        ("noonday", None),
        ("Europe/Berlin", None),
        ("25:00 UTC", None),
    ],
)
def test_plans(text: str, plan: tuple[time, str | None] | None) -> None:
    assert planning.parse_plan(text) == plan


SUMMER, WINTER = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
BEFORE_CHANGE = datetime(2026, 10, 24, 12, tzinfo=UTC)  # Berlin's clocks go back in the night


@pytest.mark.parametrize(
    ("at", "zone", "to", "now", "same"),
    [
        (time(8), "Europe/Berlin", "UTC", SUMMER, time(6)),
        (time(8), "Europe/Berlin", "UTC", WINTER, time(7)),
        (time(8), "Europe/Berlin", "UTC", BEFORE_CHANGE, time(7)),
        (time(18), "Europe/Berlin", "UTC", BEFORE_CHANGE, time(16)),
        (time(1), "Europe/Moscow", "UTC", WINTER, time(22)),
        (time(23, 30), "America/New_York", "Asia/Kolkata", WINTER, time(10)),
        (time(0), "Pacific/Kiritimati", "Pacific/Pago_Pago", WINTER, time(23)),
        (time(2, 30), "Europe/Berlin", "UTC", datetime(2026, 3, 28, 12, tzinfo=UTC), time(0, 30)),
    ],
)
def test_a_plans_moment_in_another_zone(
    at: time, zone: str, to: str, now: datetime, same: time
) -> None:
    assert planning.same_moment(at, zone, to, now=now) == same
