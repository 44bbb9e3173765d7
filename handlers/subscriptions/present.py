"""What a chat has set up, as it stands in the database, and as a file tells it."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from msgspec import Struct

from handlers.subscriptions.form import (
    AlertEntry,
    Content,
    DigestEntry,
    Named,
    Setting,
    SurgeEntry,
)
from storage.channels import channels
from storage.connection import Connection
from storage.records import Alert, Channel, Mute, Plan, Subscriber
from storage.subscribers import alerts, mutes, plans, silences, subscribers, surges
from storage.subscribers.silences import Silence
from storage.subscribers.surges import Surge

_OF_ALERT = ("query", "paused", "urgent", "silent", "once", "hourly_limit", "every_minutes")
_OF_PLAN = ("times", "query", "name", "most", "short", "says_nothing_new", "paused")


class Present(Struct, frozen=True, kw_only=True):
    """A chat with all that it gets, the channels that its alerts (by id) leave out, and those that
    are known, watched or not any more. ``timezone`` and ``burst_after`` are what counts for it,
    chosen or not."""

    chat: Subscriber
    timezone: str
    burst_after: int
    alerts: Sequence[Alert]
    plans: Sequence[Plan]
    silences: Sequence[Silence]
    surges: Sequence[Surge]
    channels: Sequence[Channel]
    left_out: Mapping[int, Sequence[Mute]]


async def read_present(
    conn: Connection, chat_id: int, *, timezone: str, burst_after: int
) -> Present:
    """What a chat has set up; ``timezone`` and ``burst_after`` are the instance's. Raises
    NotFoundError."""
    chat = await subscribers.get_subscriber(conn, chat_id)
    have = await alerts.list_alerts(conn, chat_id)
    return Present(
        chat=chat,
        timezone=chat.timezone or timezone,
        burst_after=burst_after if chat.burst_after is None else chat.burst_after,
        alerts=have,
        plans=await plans.list_plans(conn, chat_id),
        silences=await silences.list_silences(conn, chat_id),
        surges=await surges.list_surges(conn, chat_id),
        channels=await channels.list_channels(conn, watched=None),
        left_out=await mutes.list_mutes_of(conn, [one.id for one in have]),
    )


Standing = Alert | Plan | Silence | Surge
"""What a chat gets: it has a topic, and was set up at a time."""


def manner_of(one: Standing, muted: Sequence[Mute] = ()) -> tuple[str, dict[str, Any]]:
    """A name for it, and how it is told: what its buttons change, as JSON has it. ``muted`` are the
    channels that an alert leaves out."""
    names: tuple[str, ...] = ()
    told: dict[str, Any] = {}
    match one:
        case Alert():
            key, names = f"alerts:{one.id}", _OF_ALERT
            told = {
                "left_out": sorted(mute.channel for mute in muted),
                "snoozed": one.snoozed_until is not None,
            }
        case Plan():
            key, names, told = f"digests:{one.id}", _OF_PLAN, {"channels": sorted(one.channels)}
        case Silence():
            key = f"silences:{one.channel}"
        case Surge():
            key, names = f"surges:{one.id}", ("query",)
    return key, {**told, **{name: getattr(one, name) for name in (*names, "topic")}}


def as_json(value: Any) -> Any:
    """A field of a chat as JSON has it."""
    return value.isoformat() if isinstance(value, time) else value


def tell_content(present: Present) -> Content:
    """The same as a file tells it."""
    known = {one.id: one for one in present.channels}
    by_number = {str(one.channel_id): one for one in present.channels}
    silent = [known[one.channel] for one in present.silences if one.channel in known]
    return Content(
        settings=tuple(_settings(present)),
        alerts=[_alert(one, present.left_out.get(one.id, ()), by_number) for one in present.alerts],
        digests=[_digest(one, known) for one in present.plans],
        silences=[named for named in map(name_channel, silent) if named is not None],
        surges=[SurgeEntry(query=one.query) for one in present.surges],
    )


def _settings(present: Present) -> list[Setting]:
    chat = present.chat
    told = [Setting("language", chat.language)] if chat.language else []
    if chat.timezone or present.plans or chat.quiet_from is not None:
        told.append(Setting("timezone", present.timezone))
    quiet = quiet_text(chat)
    if quiet:
        told.append(Setting("quiet", quiet))
    if chat.burst_after is not None:
        told.append(Setting("alerts_a_minute", chat.burst_after))
    return told


def quiet_text(chat: Subscriber) -> str:
    """Quiet hours as ``/quiet`` takes them; empty where there are none."""
    if chat.quiet_from is None or chat.quiet_until is None:
        return ""
    span = f"{chat.quiet_from:%H:%M}-{chat.quiet_until:%H:%M}"
    return f"{span} urgent" if chat.quiet_but_urgent else span


def name_channel(channel: Channel) -> Named | None:
    """A channel as a file names it; None for one of which no more is known than a link to it."""
    if channel.username:
        return Named(name=channel.username, id=channel.channel_id)
    if channel.channel_id is None:
        return None
    return Named(id=channel.channel_id, title=channel.title or "")


def _alert(alert: Alert, muted: Sequence[Mute], by_number: Mapping[str, Channel]) -> AlertEntry:
    return AlertEntry(
        query=alert.query,
        left_out=tuple(_muted(one, by_number.get(one.channel)) for one in muted),
        paused=alert.paused,
        urgent=alert.urgent,
        silent=alert.silent,
        once=alert.once,
        hourly_limit=alert.hourly_limit,
        every_minutes=alert.every_minutes,
    )


def _muted(mute: Mute, channel: Channel | None) -> Named:
    try:
        number = int(mute.channel)
    except ValueError:  # a name; what a forged button muted is none, and finds nothing
        return Named(name=mute.channel.removeprefix("@"), title=mute.title)
    name = (channel.username if channel else None) or ""
    return Named(name=name, id=number, title=mute.title)


def _digest(plan: Plan, known: Mapping[int, Channel]) -> DigestEntry:
    # One that has no name stays as one that nobody finds: without any, all would be told.
    held = [known.get(row) for row in plan.channels]
    return DigestEntry(
        times=plan.times,
        kind=plan.kind,
        name=plan.name,
        query=plan.query,
        channels=tuple((name_channel(one) if one else None) or Named() for one in held),
        most=plan.most,
        short=plan.short,
        says_nothing_new=plan.says_nothing_new,
        paused=plan.paused,
    )
