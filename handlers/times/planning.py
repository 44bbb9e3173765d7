"""When a digest is due: a local time of day in an IANA zone, once per local date.

On a date whose clock jumps over the planned time, the digest runs at the first moment after the
jump; on a date whose clock passes it twice, the first time. A date that a zone left out altogether
(Samoa, 30 December 2011) has none. Pure: ``now`` is given.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.times import clocks

_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Run:
    """A digest's due instant (UTC) and the local date that it stands for."""

    due_at: datetime
    local_date: date


def next_run(local_time: time, timezone: str, *, now: datetime) -> Run:
    """The first run strictly after ``now`` (aware). Raises ZoneInfoNotFoundError."""
    runs = _runs_around(local_time, timezone, now)
    return next(run for run in runs if run.due_at > now)


def latest_run(local_time: time, timezone: str, *, now: datetime) -> Run:
    """The last run at or before ``now`` (aware): what may have been missed."""
    runs = _runs_around(local_time, timezone, now)
    return next(run for run in reversed(runs) if run.due_at <= now)


def _runs_around(local_time: time, timezone: str, now: datetime) -> list[Run]:
    if now.tzinfo is None:
        raise ValueError("now is naive")
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    days = (today + offset * _DAY for offset in range(-3, 4))
    return [Run(due, day) for day in days if (due := due_on(day, local_time, zone)) is not None]


def same_moment(local_time: time, timezone: str, to: str, *, now: datetime) -> time:
    """The time of day in the zone ``to`` of a plan's next moment after ``now`` (aware)."""
    at = next_run(local_time, timezone, now=now).due_at
    apart = _offset(at, to) - _offset(at, timezone)
    return (datetime.combine(at.date(), local_time) + apart).time()


def _offset(at: datetime, timezone: str) -> timedelta:
    return at.astimezone(ZoneInfo(timezone)).utcoffset() or timedelta()


def due_on(day: date, local_time: time, zone: ZoneInfo) -> datetime | None:
    """The instant (UTC) of a local time on a local date; None where the zone has no such date."""
    due = _instant(datetime.combine(day, local_time.replace(tzinfo=None)), zone)
    start = _instant(datetime.combine(day, time.min), zone)
    end = _instant(datetime.combine(day, time.max), zone)
    return None if start == end else due


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


def parse_plan(text: str) -> tuple[time, str | None] | None:
    """``08:00 Europe/Berlin`` as time and what stands after it (None if nothing); else None."""
    found = clocks.read_clock(text)
    return None if found is None else (found[0], found[1] or None)
