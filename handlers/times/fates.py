"""What became of a post for one chat, as ``/why`` explains it: why it came, or why not.

Pure: rows of the database, the chat's settings and ``now`` go in, a verdict comes out.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Literal, TypeAlias

from msgspec import Struct

from handlers.times import alert_timing
from storage.outbox import bundles
from storage.outbox.traces import Arrival, Trace
from storage.records import Alert, Subscriber

How: TypeAlias = Literal[
    "told",
    "listed",
    "listing",
    "taken_away",
    "sending",
    "waiting",
    "refused",
    "held",
    "dead",
    "expired",
    "gone",
    "dropped",
]
"""``told``: its message is sent; ``listed``: it is in a list that is sent; ``listing``: in a list
that is not sent yet; ``taken_away``: the message was deleted in its chat; ``sending``: being sent;
``waiting``: queued; ``refused``: will be retried; ``held``: until a time; the others: it will not
be sent."""
Hold: TypeAlias = Literal["quiet", "snooze", "period", "limit", "restored", ""]
Silence: TypeAlias = Literal[
    "own", "stopped", "history", "newer", "changed", "paused", "muted", "unknown"
]
"""Why an alert that matches a post led to no message."""


class Fate(Struct, frozen=True, kw_only=True):
    """What became of a message. ``at``: when it was sent, or when it is due; ``hold``: why it waits
    until then; ``number``: the minutes of a period, or the messages of a limit."""

    how: How
    at: datetime | None = None
    hold: Hold = ""
    number: int = 0
    message_id: int | None = None
    error: str | None = None


def fate_of(
    trace: Trace,
    within: Trace | None,
    subscriber: Subscriber,
    alerts: Mapping[int, Alert],
    *,
    timezone: str,
    now: datetime,
) -> Fate:
    """What became of the message about a post. ``within``: the list that it was put into;
    ``alerts``: the chat's alerts as they are set now, by id."""
    if trace.state == "bundled":
        if within is None or within.state == "queued":
            return Fate(how="listing")
        fate = fate_of(within, None, subscriber, alerts, timezone=timezone, now=now)
        return fate if fate.how != "told" else _out(within, "listed")
    if trace.state == "queued":
        return _queued(trace, subscriber, alerts, timezone, now)
    if trace.state == "sent":
        return _out(trace, "told")
    return Fate(how=trace.state, at=trace.finished_at, error=trace.error)


def _out(trace: Trace, how: How) -> Fate:
    if trace.is_closed:
        return Fate(how="taken_away", at=trace.finished_at)
    return Fate(how=how, at=trace.finished_at, message_id=trace.message_id)


def _queued(
    trace: Trace,
    subscriber: Subscriber,
    alerts: Mapping[int, Alert],
    timezone: str,
    now: datetime,
) -> Fate:
    if trace.leased_until is not None and trace.leased_until > now:
        return Fate(how="sending")
    if trace.error is not None:
        return Fate(how="refused", at=trace.due_at, error=trace.error)
    if trace.due_at <= now:
        return Fate(how="waiting")
    hold, number = _hold(trace, subscriber, alerts, timezone, now)
    return Fate(how="held", at=trace.due_at, hold=hold, number=number)


def _hold(
    trace: Trace,
    subscriber: Subscriber,
    alerts: Mapping[int, Alert],
    timezone: str,
    now: datetime,
) -> tuple[Hold, int]:
    """Why a message waits until it is due, as far as today's settings explain that time."""
    if trace.bundle == bundles.AWAY:
        return "restored", 0
    zone = alert_timing.zone_named(timezone)
    concerned = [alerts[id] for id, _ in trace.matched if id in alerts]
    for asleep in [alert.snoozed_until for alert in concerned]:
        if asleep is None or asleep <= now:
            continue
        if trace.due_at in (asleep, alert_timing.after_quiet_hours(subscriber, zone, asleep)):
            return "snooze", 0
    if trace.due_at == alert_timing.after_quiet_hours(subscriber, zone, now):
        return "quiet", 0
    for alert in concerned:
        if alert.every_minutes is not None:
            return "period", alert.every_minutes
        if alert.hourly_limit is not None and trace.due_at - now <= alert_timing.HOUR:
            return "limit", alert.hourly_limit
    return "", 0


def silences(
    alerts: Sequence[Alert],
    arrival: Arrival,
    subscriber: Subscriber,
    *,
    muted: Collection[int],
    is_own: bool,
) -> list[tuple[Silence, Alert | None]]:
    """Why a post that these alerts match led to no message: reasons that hold for all alerts, or
    one for each.

    ``muted``: ids of the alerts that leave out the post's channel; ``is_own``: the post was
    published in the chat itself.
    """
    if is_own:
        return [("own", None)]
    if not arrival.is_live:
        return [("history", None)]
    if not subscriber.active:
        return [("stopped", None)]
    return [(_silence(alert, arrival, muted), alert) for alert in alerts]


def _silence(alert: Alert, arrival: Arrival, muted: Collection[int]) -> Silence:
    if alert.watches_since > arrival.stored_at:
        return "newer" if alert.created_at > arrival.stored_at else "changed"
    if alert.paused:
        return "paused"
    return "muted" if alert.id in muted else "unknown"
