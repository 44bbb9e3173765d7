"""When a post may be told."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.times import alert_timing
from storage.records import Alert, Subscriber
from storage.structs import replace

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ZONES = ["UTC", "Europe/Berlin", "Europe/Moscow", "America/New_York", "Australia/Lord_Howe"]


def person(quiet: str | None = None, *, urgent: bool = False) -> Subscriber:
    start, end = map(time.fromisoformat, quiet.split("-")) if quiet else (None, None)
    return Subscriber(
        chat_id=1, created_at=NOON, quiet_from=start, quiet_until=end, quiet_but_urgent=urgent
    )


def alert(number: int = 1, **how: Any) -> Alert:
    return Alert(id=number, chat_id=1, query="oil", created_at=NOON, **how)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_without_settings_a_post_is_told_at_once_for_every_alert() -> None:
    both = (alert(1), alert(2))
    made = alert_timing.decide(person(), both, timezone="UTC", now=NOON)
    assert made == alert_timing.Decision(alerts=both, due_at=NOON, held=False, silent=False)


@pytest.mark.parametrize(
    ("alerts", "muted", "told_for"),
    [
        ([alert(1, paused=True)], [], None),
        ([alert(1)], [1], None),
        ([alert(1, paused=True), alert(2)], [], [2]),
        ([alert(1), alert(2)], [1], [2]),
        ([alert(1, paused=True), alert(2)], [2], None),
        ([alert(1, snoozed_until=NOON + HOUR), alert(2)], [], [2]),
        ([alert(1, every_minutes=60), alert(2, every_minutes=60)], [], [1, 2]),
    ],
)
def test_which_alerts_a_post_is_told_for(
    alerts: list[Alert], muted: list[int], told_for: list[int] | None
) -> None:
    made = alert_timing.decide(person(), alerts, timezone="UTC", muted=muted, now=NOON)
    assert (None if made is None else [one.id for one in made.alerts]) == told_for


@pytest.mark.parametrize(
    ("how", "due"),
    [
        ({"snoozed_until": NOON - MINUTE}, "2026-11-22T12:00"),
        ({"snoozed_until": NOON + HOUR}, "2026-11-22T13:00"),
        ({"every_minutes": 60}, "2026-11-22T13:00"),
        ({"every_minutes": 45}, "2026-11-22T12:45"),
        ({"every_minutes": 60, "snoozed_until": NOON + 5 * MINUTE}, "2026-11-22T12:05"),
        ({"snoozed_until": NOON + 12 * HOUR}, "2026-11-23T07:00"),
        ({"snoozed_until": NOON + 12 * HOUR, "urgent": True}, "2026-11-23T00:00"),
        ({"hourly_limit": 2}, "2026-11-22T12:00"),
    ],
)
def test_when_an_alert_speaks(how: dict[str, Any], due: str) -> None:
    quiet = person("22:00-07:00", urgent=True)
    made = alert_timing.decide(quiet, [alert(**how)], timezone="UTC", now=NOON)
    assert made is not None
    assert (made.due_at, made.held) == (at(due), at(due) > NOON)


@pytest.mark.parametrize(
    ("limit", "told", "minutes"),
    [
        (1, [], 0),
        (1, [-61], 0),
        (1, [-60], 0),
        (1, [-59], 1),
        (2, [-50], 0),
        (2, [-50, -10], 10),
        (2, [-59, -50, -10], 10),
        (2, [-50, -10, 10], 10),
        (1, [-10, 50], 50),
    ],
)
def test_at_most_so_many_an_hour(limit: int, told: list[int], minutes: int) -> None:
    times = {1: [NOON + number * MINUTE for number in told]}
    one = alert(1, hourly_limit=limit)
    made = alert_timing.decide(person(), [one], timezone="UTC", told=times, now=NOON)
    assert made is not None
    assert made.due_at == NOON + minutes * MINUTE


@pytest.mark.parametrize(
    ("alerts", "silent"),
    [
        ([alert(1, silent=True)], True),
        ([alert(1, silent=True), alert(2)], False),
        ([alert(1, silent=True), alert(2, silent=True)], True),
        ([alert(1, silent=True), alert(2, snoozed_until=NOON + HOUR)], True),
    ],
)
def test_a_sound_unless_all_that_speak_are_silent(alerts: list[Alert], silent: bool) -> None:
    made = alert_timing.decide(person(), alerts, timezone="UTC", now=NOON)
    assert made is not None
    assert made.silent is silent


@pytest.mark.parametrize(
    ("quiet", "zone", "now", "due"),
    [
        ("22:00-07:00", "UTC", "2026-11-22T21:59", "2026-11-22T21:59"),
        ("22:00-07:00", "UTC", "2026-11-22T22:00", "2026-11-23T07:00"),
        ("22:00-07:00", "UTC", "2026-11-23T06:59", "2026-11-23T07:00"),
        ("22:00-07:00", "UTC", "2026-11-23T07:00", "2026-11-23T07:00"),
        ("13:00-15:00", "UTC", "2026-11-23T14:00", "2026-11-23T15:00"),
        ("00:00-23:59", "UTC", "2026-11-23T00:00", "2026-11-23T23:59"),
        ("22:00-07:00", "Europe/Berlin", "2026-11-22T20:59", "2026-11-22T20:59"),
        ("22:00-07:00", "Europe/Berlin", "2026-11-22T21:00", "2026-11-23T06:00"),
        ("22:00-07:00", "Asia/Kolkata", "2026-11-22T16:30", "2026-11-23T01:30"),
        # The clocks go forward, 02:00 to 03:00, on 29 March 2026 in Berlin.
        ("22:00-07:00", "Europe/Berlin", "2026-03-28T23:00", "2026-03-29T05:00"),
        ("22:00-02:30", "Europe/Berlin", "2026-03-28T23:00", "2026-03-29T01:00"),
        ("02:30-07:00", "Europe/Berlin", "2026-03-29T01:00", "2026-03-29T05:00"),
        # They go back, 03:00 to 02:00, on 25 October 2026: the first 02:30 counts.
        ("22:00-07:00", "Europe/Berlin", "2026-10-24T22:00", "2026-10-25T06:00"),
        ("22:00-02:30", "Europe/Berlin", "2026-10-24T22:00", "2026-10-25T00:30"),
        ("22:00-02:30", "Europe/Berlin", "2026-10-25T01:15", "2026-10-25T01:15"),
        # Samoa had no 30 December 2011.
        ("22:00-07:00", "Pacific/Apia", "2011-12-30T08:00", "2011-12-30T17:00"),
    ],
)
def test_quiet_hours_end_by_the_local_clock(quiet: str, zone: str, now: str, due: str) -> None:
    made = alert_timing.decide(person(quiet), [alert()], timezone=zone, now=at(now))
    assert made is not None
    assert (made.due_at, made.held) == (at(due), due > now)


@pytest.mark.parametrize(("marked", "passes"), [(False, False), (True, True)])
def test_what_is_urgent_passes_quiet_hours_where_it_may(marked: bool, passes: bool) -> None:
    night = NOON + 11 * HOUR
    one = alert(urgent=marked)
    made = alert_timing.decide(person("22:00-07:00", urgent=True), [one], timezone="UTC", now=night)
    held = alert_timing.decide(person("22:00-07:00"), [one], timezone="UTC", now=night)
    assert made is not None and held is not None
    assert (made.due_at == night) is passes
    assert held.held


@pytest.mark.parametrize(
    ("snooze", "zone", "now", "end"),
    [
        ("1", "UTC", "2026-11-22T12:00", "2026-11-22T13:00"),
        ("8", "UTC", "2026-11-22T12:00", "2026-11-22T20:00"),
        ("t", "UTC", "2026-11-22T12:00", "2026-11-23T08:00"),
        ("t", "UTC", "2026-11-22T03:59", "2026-11-22T08:00"),
        ("t", "UTC", "2026-11-22T04:00", "2026-11-23T08:00"),
        ("t", "Europe/Berlin", "2026-03-28T12:00", "2026-03-29T06:00"),
        ("t", "Pacific/Apia", "2011-12-30T08:00", "2011-12-30T18:00"),
    ],
)
def test_when_a_snooze_ends(snooze: alert_timing.Snooze, zone: str, now: str, end: str) -> None:
    assert alert_timing.snooze_end(snooze, ZoneInfo(zone), now=at(now)) == at(end)


clock = st.times().map(lambda value: value.replace(second=0, microsecond=0))
moment = st.integers(min_value=0, max_value=10 * 366 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + minutes * MINUTE
)


@settings(deadline=None)
@given(zone=st.sampled_from(ZONES), now=moment)
def test_until_tomorrow_ends_on_a_morning_after_a_night(zone: str, now: datetime) -> None:
    end = alert_timing.snooze_end("t", ZoneInfo(zone), now=now)
    here, there = now.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    assert timedelta(hours=2) < end - now < timedelta(hours=30)
    assert (there.hour, there.minute) == (8, 0)
    days = (there.date() - here.date()).days
    assert days == (0 if here.hour < alert_timing.NIGHT_ENDS else 1)


@settings(deadline=None)
@given(start=clock, end=clock, zone=st.sampled_from(ZONES), now=moment)
def test_outside_of_quiet_hours_by_the_local_clock_nothing_waits(
    start: time, end: time, zone: str, now: datetime
) -> None:
    local = now.astimezone(ZoneInfo(zone))
    at_night = start <= local.time() or local.time() < end
    within = (start <= local.time() < end) if start < end else at_night
    hours = (now + timedelta(hours=number) for number in range(-26, 27))
    shifts = {hour.astimezone(ZoneInfo(zone)).utcoffset() for hour in hours}
    sleeper = Subscriber(chat_id=1, created_at=NOON, quiet_from=start, quiet_until=end)
    waits = alert_timing.after_quiet_hours(sleeper, ZoneInfo(zone), now) > now
    if start != end and len(shifts) == 1:  # else a wall clock does not say it all
        assert waits is within


@settings(deadline=None)
@given(start=clock, end=clock, zone=st.sampled_from(ZONES), now=moment)
def test_quiet_hours_always_end_and_are_over_then(
    start: time, end: time, zone: str, now: datetime
) -> None:
    who = Subscriber(chat_id=1, created_at=NOON, quiet_from=start, quiet_until=end)
    due = alert_timing.after_quiet_hours(who, ZoneInfo(zone), now)
    assert now <= due <= now + timedelta(hours=26)
    assert alert_timing.after_quiet_hours(who, ZoneInfo(zone), due) == due
    if due > now:
        assert alert_timing.after_quiet_hours(who, ZoneInfo(zone), now + (due - now) / 2) == due


@settings(deadline=None)
@given(
    offsets=st.lists(st.integers(min_value=0, max_value=7200), max_size=60).map(sorted),
    limit=st.integers(min_value=1, max_value=5),
)
def test_the_limit_an_hour_holds_whatever_comes(offsets: list[int], limit: int) -> None:
    told: list[datetime] = []
    for seconds in offsets:
        now = NOON + timedelta(seconds=seconds)
        one = alert(1, hourly_limit=limit)
        made = alert_timing.decide(person(), [one], timezone="UTC", told={1: told}, now=now)
        assert made is not None
        if made.due_at not in told or not made.held:
            told.append(made.due_at)
    distinct = sorted(told)
    for number, first in enumerate(distinct[: -limit or None]):
        if number + limit < len(distinct):
            assert distinct[number + limit] - first >= HOUR


@settings(deadline=None)
@given(minutes=st.integers(min_value=1, max_value=1440), now=moment)
def test_a_period_ends_within_its_length_and_all_in_it_end_together(
    minutes: int, now: datetime
) -> None:
    end = alert_timing.period_end(minutes, now)
    assert now < end <= now + timedelta(minutes=minutes)
    assert alert_timing.period_end(minutes, end - timedelta(microseconds=1)) == end


@pytest.mark.parametrize(
    ("chosen", "usual", "now", "is_quiet"),
    [
        (None, "UTC", "2026-11-22T21:59", False),
        (None, "UTC", "2026-11-22T22:00", True),
        (None, "UTC", "2026-11-22T06:59", True),
        (None, "UTC", "2026-11-22T07:00", False),
        (None, "Europe/Berlin", "2026-11-22T21:00", True),
        ("Europe/Berlin", "UTC", "2026-11-22T21:00", True),
        ("UTC", "Europe/Berlin", "2026-11-22T21:00", False),
        ("Nowhere/Land", "Europe/Berlin", "2026-11-22T21:00", False),  # read as UTC
    ],
)
def test_quiet_hours_are_those_of_the_zone_that_a_chat_chose(
    chosen: str | None, usual: str, now: str, is_quiet: bool
) -> None:
    sleeper = replace(person("22:00-07:00"), timezone=chosen)
    assert alert_timing.is_quiet(sleeper, usual, at(now)) is is_quiet
    assert not alert_timing.is_quiet(person(), usual, at(now))
