"""When a plan is due: times of day on days of the week, in an IANA zone.

On a date whose clock jumps over a time, that is due at the first moment after the jump; on a date
whose clock passes it twice, the first time. A date that a zone left out altogether (Samoa, 30
December 2011) has none. Pure: every time is given.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.times.plan_times import EVERY_DAY, PlanTimes

_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)
_LOOK = 16
"""Days within which every plan is due, though a zone leaves a date out."""


def next_due(when: PlanTimes, timezone: str, *, after: datetime) -> datetime:
    """The first time (UTC) strictly after ``after`` (aware) at which a plan is due. Raises
    ZoneInfoNotFoundError."""
    dues = _dues(when, timezone, after, range(-2, _LOOK))
    return next(due for due in dues if due > after)


def last_due(when: PlanTimes, timezone: str, *, until: datetime) -> datetime:
    """The last time at or before ``until`` (aware): what may have been missed."""
    dues = _dues(when, timezone, until, range(2, -_LOOK, -1))
    return next(due for due in dues if due <= until)


def _dues(when: PlanTimes, timezone: str, around: datetime, days: range) -> Iterator[datetime]:
    """What is due on days counted from ``around``, in their order, backwards where they go so."""
    if around.tzinfo is None:
        raise ValueError("the time is naive")
    zone = ZoneInfo(timezone)
    today = around.astimezone(zone).date()
    for offset in days:
        day = today + offset * _DAY
        if day.weekday() in when.days and not _is_left_out(day, zone):
            for local_time in when.times[:: days.step]:
                yield _instant(datetime.combine(day, local_time), zone)


def same_moment(local_time: time, timezone: str, to: str, *, now: datetime) -> time:
    """The time of day in the zone ``to`` of the next moment after ``now`` (aware) at which the
    clock of ``timezone`` shows a time."""
    at = next_due(PlanTimes(EVERY_DAY, (local_time,)), timezone, after=now)
    apart = _offset(at, to) - _offset(at, timezone)
    return (datetime.combine(at.date(), local_time) + apart).time()


def _offset(at: datetime, timezone: str) -> timedelta:
    return at.astimezone(ZoneInfo(timezone)).utcoffset() or timedelta()


def due_on(day: date, local_time: time, zone: ZoneInfo) -> datetime | None:
    """The instant (UTC) of a local time on a local date; None where the zone has no such date."""
    if _is_left_out(day, zone):
        return None
    return _instant(datetime.combine(day, local_time.replace(tzinfo=None)), zone)


def _is_left_out(day: date, zone: ZoneInfo) -> bool:
    """Whether a zone has no such date."""
    start = _instant(datetime.combine(day, time.min), zone)
    return start == _instant(datetime.combine(day, time.max), zone)


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant (UTC) at which a wall clock shows ``wall`` or, jumping, passes it."""
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return first
    low = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    before = low.astimezone(zone).utcoffset()
    low, high = low.replace(microsecond=0), first.replace(microsecond=0) + _SECOND
    while high - low > _SECOND:
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high
