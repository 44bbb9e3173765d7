"""When an alert may be sent to a reader: at once, later together with others, or not at all.

Pure: who, what matched, what was told before and ``now`` go in, a decision comes out.
"""

import functools
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from handlers.times.planning import due_on
from storage.records import Alert, Subscriber

HOUR = timedelta(hours=1)
MORNING = time(8)
"""When a snooze "until tomorrow" ends, in local time."""
NIGHT_ENDS = 4
"""Who goes to bed before this hour means by "tomorrow" the day that has begun."""

Snooze = Literal["1", "8", "t"]
"""How long an alert sleeps: hours, or until tomorrow."""

_DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Decision(Struct, frozen=True, kw_only=True):
    """What becomes of a post for one chat. ``alerts`` are those it is told for, at least one.

    It is told at ``due_at`` (aware UTC): at once, or ``held`` until then and told in one message
    with all else that is held until then. ``silent``: without a sound.
    """

    alerts: tuple[Alert, ...]
    due_at: datetime
    held: bool
    silent: bool


class _Due(Struct, frozen=True):
    alert: Alert
    at: datetime


def decide(
    subscriber: Subscriber,
    alerts: Sequence[Alert],
    *,
    timezone: str,
    muted: Collection[int] = (),
    told: Mapping[int, Sequence[datetime]] | None = None,
    now: datetime,
) -> Decision | None:
    """When to tell a chat of a post that its ``alerts`` match; None where it is not to be told.

    ``timezone`` is the IANA zone of its quiet hours; ``muted`` are the ids of alerts that leave
    the post's channel out; ``told`` the times, in order, of what each alert with a limit told or
    will tell, of the last hour at least. An alert that may speak now speaks for those that wait.
    """
    zone = zone_named(timezone)
    times = told or {}
    due = [
        _Due(alert, _alert_due(subscriber, alert, zone, times.get(alert.id, ()), now))
        for alert in alerts
        if not alert.paused and alert.id not in muted
    ]
    if not due:
        return None
    first = min(one.at for one in due)
    speaking = tuple(one.alert for one in due if one.at == first)
    return Decision(
        alerts=speaking,
        due_at=first,
        held=first > now,
        silent=all(alert.silent for alert in speaking),
    )


def _alert_due(
    subscriber: Subscriber, alert: Alert, zone: ZoneInfo, told: Sequence[datetime], now: datetime
) -> datetime:
    """When one alert may speak: after its snooze, its period, its limit and the quiet hours."""
    at = now
    if alert.snoozed_until is not None:
        at = max(at, alert.snoozed_until)
    if at == now and alert.every_minutes is not None:
        at = period_end(alert.every_minutes, now)
    if at == now and alert.hourly_limit is not None:
        at = _within_limit(alert.hourly_limit, told, now)
    if alert.urgent and subscriber.quiet_but_urgent:
        return at
    return after_quiet_hours(subscriber, zone, at)


def period_end(minutes: int, now: datetime) -> datetime:
    """The end of the period of ``minutes`` that ``now`` is in; periods are counted in UTC."""
    period = timedelta(minutes=minutes)
    return _EPOCH + ((now - _EPOCH) // period + 1) * period


def _within_limit(limit: int, told: Sequence[datetime], now: datetime) -> datetime:
    """``now`` where fewer than ``limit`` were told in the last hour, else when that will be so.

    A bundle that waits for its time counts then, and what comes meanwhile joins it.
    """
    waiting = [at for at in told if at > now]
    if waiting:
        return waiting[0]
    recent = [at for at in told if at > now - HOUR]
    return now if len(recent) < limit else recent[-limit] + HOUR


def after_quiet_hours(subscriber: Subscriber, zone: ZoneInfo, at: datetime) -> datetime:
    """The first time from ``at`` on that is outside of a chat's quiet hours (UTC)."""
    start, end = subscriber.quiet_from, subscriber.quiet_until
    if start is None or end is None:
        return at
    return _quiet_end(start, end, zone, at)


def is_quiet(subscriber: Subscriber, timezone: str, at: datetime) -> bool:
    """Whether a time is within a chat's quiet hours; ``timezone`` is for one that chose none."""
    zone = zone_named(subscriber.timezone or timezone)
    return after_quiet_hours(subscriber, zone, at) > at


@functools.lru_cache(maxsize=1024)
def _quiet_end(start: time, end: time, zone: ZoneInfo, at: datetime) -> datetime:
    """Kept, because one post often finds many people with the same hours."""
    today = at.astimezone(zone).date()
    for day in (today - _DAY, today):
        begins = due_on(day, start, zone)
        if begins is None:
            continue
        ends = _next_end(begins, end, zone)
        if begins <= at < ends:
            return ends
    return at


def _next_end(begins: datetime, end: time, zone: ZoneInfo) -> datetime:
    """The first time at or after ``begins`` when the clock shows ``end``."""
    day = begins.astimezone(zone).date()
    ends = (due_on(day + number * _DAY, end, zone) for number in range(4))
    return next(at for at in ends if at is not None and at >= begins)


def zone_named(name: str) -> ZoneInfo:
    """The zone of an IANA name; UTC for one that this machine's database does not have."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def snooze_end(snooze: Snooze, zone: ZoneInfo, *, now: datetime) -> datetime:
    """When a snooze that begins now ends (UTC)."""
    if snooze != "t":
        return now + int(snooze) * HOUR
    local = now.astimezone(zone)
    day = local.date() if local.hour < NIGHT_ENDS else local.date() + _DAY
    ends = (due_on(day + number * _DAY, MORNING, zone) for number in range(3))
    return next(at for at in ends if at is not None)
