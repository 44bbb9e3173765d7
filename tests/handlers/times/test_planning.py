"""Planned digests on real zones, on the days when their clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from handlers.times import planning
from handlers.times.plan_times import PlanTimes, parse_times


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def daily(clock: str) -> PlanTimes:
    return parse_times(f"daily {clock}")


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
def test_the_next_time_is_the_first_valid_moment_of_its_local_date(
    clock: str, zone: str, now: str, due: str, day: str
) -> None:
    found = planning.next_due(daily(clock), zone, after=utc(now))
    assert found == utc(due)
    assert found.astimezone(ZoneInfo(zone)).date() == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-03-29T01:00", "2026-03-29T01:00"),
        ("2026-03-29T00:59", "2026-03-28T01:30"),
        ("2026-10-25T01:30", "2026-10-25T00:30"),
    ],
)
def test_the_last_time_is_what_may_have_been_missed(now: str, due: str) -> None:
    assert planning.last_due(daily("02:30"), "Europe/Berlin", until=utc(now)) == utc(due)


@pytest.mark.parametrize(
    ("times", "zone", "now", "due"),
    [
        # 22 November 2026 is a Sunday.
        ("weekdays 8, 18:00", "UTC", "2026-11-20T18:00", "2026-11-23T08:00"),
        ("weekdays 8, 18:00", "UTC", "2026-11-23T08:00", "2026-11-23T18:00"),
        ("weekly mon 9", "Asia/Tokyo", "2026-11-22T12:00", "2026-11-23T00:00"),
        ("weekly mon 9", "Asia/Tokyo", "2026-11-23T00:00", "2026-11-30T00:00"),
        ("every 3h", "Asia/Kathmandu", "2026-11-22T00:00", "2026-11-22T00:15"),
        ("hourly 9-18", "UTC", "2026-11-22T18:00", "2026-11-23T09:00"),
        # What the clock jumps over comes at once, and once.
        ("every 1h", "Europe/Berlin", "2026-03-29T00:00", "2026-03-29T01:00"),
        ("every 1h", "Europe/Berlin", "2026-03-29T01:00", "2026-03-29T02:00"),
        ("daily 2:10, 2:40, 3", "Europe/Berlin", "2026-03-29T01:00", "2026-03-30T00:10"),
        # Of an hour that comes twice, the first.
        ("every 1h", "Europe/Berlin", "2026-10-25T00:00", "2026-10-25T02:00"),
        # A Friday that never was.
        ("weekly fri 8", "Pacific/Apia", "2011-12-29T18:00", "2012-01-05T18:00"),
    ],
)
def test_days_and_times_of_a_plan(times: str, zone: str, now: str, due: str) -> None:
    assert planning.next_due(parse_times(times), zone, after=utc(now)) == utc(due)


ZONES = ["Europe/Berlin", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "Asia/Tokyo"]


@examples(60)
@given(
    zone=st.sampled_from(ZONES),
    clock=st.times(),
    start=st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001
)
def test_every_local_date_has_its_time_once_and_in_order(
    zone: str, clock: time, start: datetime
) -> None:
    when = daily(f"{clock:%H:%M}")
    due = planning.next_due(when, zone, after=start.replace(tzinfo=UTC))
    for _ in range(10):
        following = planning.next_due(when, zone, after=due)
        local, before = (at.astimezone(ZoneInfo(zone)) for at in (following, due))
        assert local.date() - before.date() == timedelta(days=1)
        assert local.time() >= clock.replace(second=0, microsecond=0)
        assert planning.last_due(when, zone, until=following) == following
        due = following


@examples(40)
@given(
    zone=st.sampled_from(ZONES),
    days=st.frozensets(st.integers(0, 6), min_size=1),
    clocks=st.sets(st.times().map(lambda at: at.replace(second=0, microsecond=0)), min_size=1),
    start=st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001
)
def test_forward_and_backward_see_the_same_times(
    zone: str, days: frozenset[int], clocks: set[time], start: datetime
) -> None:
    when = PlanTimes(days, tuple(sorted(clocks)))
    found = [planning.next_due(when, zone, after=start.replace(tzinfo=UTC))]
    for _ in range(12):
        found.append(planning.next_due(when, zone, after=found[-1]))
    back = [planning.last_due(when, zone, until=found[-1])]
    for _ in range(12):
        back.append(planning.last_due(when, zone, until=back[-1] - timedelta(microseconds=1)))
    assert back == found[::-1]
    assert sorted(set(found)) == found


def test_a_naive_now_is_an_error() -> None:
    with pytest.raises(ValueError, match="naive"):
        planning.next_due(daily("8:00"), "UTC", after=datetime(2026, 1, 1))  # noqa: DTZ001


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
