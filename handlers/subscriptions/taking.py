"""Setting up what a file holds, and undoing that: each in one transaction."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from handlers.alerts.quiet_hours import change_sleeper
from handlers.chats.quiet import parse_quiet
from handlers.conversation.services import Services
from handlers.render.text.names import contained
from handlers.subscriptions.form import AlertEntry, DigestEntry, Named, Setting
from handlers.subscriptions.present import Present, read_present
from handlers.subscriptions.values import mute_name, spell
from handlers.subscriptions.weighing import File, Weighed, Weighing, read_keys, weigh
from handlers.times import planning
from handlers.times.plan_times import parse_times
from storage import times
from storage.connection import Connection
from storage.outbox import held
from storage.records import Plan, Subscriber
from storage.subscribers import alerts, mutes, plans, silences, subscribers, surges
from storage.subscribers.subscribers import get_subscriber
from storage.undoing import takings
from storage.undoing.takings import Taken

TITLE_LENGTH = 100
_TOGETHER = (
    ("language",),
    ("timezone",),
    ("quiet_from", "quiet_until", "quiet_but_urgent"),
    ("burst_after",),
)
"""Fields of a chat, by setting."""
_CLOCKS = ("quiet_from", "quiet_until")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something is set up: a chat, and a topic of it; and when."""

    chat_id: int
    topic: int | None
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """How many ``alerts``, ``plans`` and ``settings`` were changed since, and stay so; whether the
    chat is ``stopped`` again, as it was."""

    alerts: int = 0
    plans: int = 0
    settings: int = 0
    stopped: bool = False


async def take(
    file: File, place: Place, services: Services, *, is_private: bool, mark: str = ""
) -> tuple[Weighing, Taken]:
    """Set up what of a file is new in a chat; with how it was weighed. Raises NotFoundError where
    the chat is not known any more. ``mark`` names the file."""
    chat_id = place.chat_id
    async with services.database.reader() as conn:
        keys = await asyncio.to_thread(read_keys, await look(conn, chat_id, services))
    async with services.database.transaction() as tx:
        present = await look(tx, chat_id, services)
        most = services.alerts_per_person
        weighing = await asyncio.to_thread(weigh, file, present, most=most, keys=keys)
        new = weighing.of("new")
        taken = await _set_up(tx, new, present, place, services)
        if new:
            if not present.chat.active:
                taken.before["active"] = False
            await takings.keep(tx, chat_id, replace(taken, mark=mark))
            await subscribers.update_subscriber(tx, chat_id, active=True)
            if not is_private:
                await subscribers.set_topic(tx, chat_id, place.topic)
    if new:
        services.plans_changed(chat_id)
    return weighing, taken


async def look(conn: Connection, chat_id: int, services: Services) -> Present:
    """What a chat has set up. Raises NotFoundError."""
    zone, after = services.timezone, services.burst_after
    return await read_present(conn, chat_id, timezone=zone, burst_after=after)


async def undo(chat_id: int, at: int, services: Services, *, now: datetime) -> Undone | None:
    """Take away what was set up then, and put the settings back, but for what was changed since;
    None where something else was set up from a file since, or it is long ago."""
    async with services.database.transaction() as tx:
        taken = await takings.find(tx, chat_id, at, now=now)
        if taken is None:
            return None
        chat = await get_subscriber(tx, chat_id)
        fields, kept = _former(taken, chat)
        undone, added = await _remove(tx, taken, chat_id, now)
        stays = added or undone.alerts or undone.plans
        stops = "active" in taken.before and chat.active and not stays
        if stops:
            fields["active"] = False
        if fields:
            await change_sleeper(tx, chat_id, services, now=now, **fields)
        await takings.forget(tx, chat_id)
    services.plans_changed(chat_id)
    return replace(undone, settings=kept, stopped=stops)


def _former(taken: Taken, chat: Subscriber) -> tuple[dict[str, Any], int]:
    """The fields of a chat to put back, and how many settings were changed since."""
    fields: dict[str, Any] = {}
    kept = 0
    for names in _TOGETHER:
        before = {name: taken.before[name] for name in names if name in taken.before}
        if any(_as_json(getattr(chat, name)) != taken.after.get(name) for name in before):
            kept += 1
            continue
        for name, value in before.items():
            fields[name] = time.fromisoformat(value) if name in _CLOCKS and value else value
    return fields, kept


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, time) else value


async def _remove(tx: Connection, taken: Taken, chat_id: int, now: datetime) -> tuple[Undone, bool]:
    """Take it away; gives how many alerts and plans tell something else since, and stay, and
    whether there are any that were set up later."""
    have = await alerts.list_alerts(tx, chat_id)
    own = [one for one in have if one.id in taken.alerts and one.since is None]
    changed = 0
    await held.drop_held(tx, chat_id, sorted(one.id for one in own), now=now)
    for alert in own:
        await alerts.remove_alert(tx, alert.id, chat_id)
    added = any(times.to_epoch(one.created_at) > taken.at for one in have if one not in own)
    for plan in await plans.list_plans(tx, chat_id):
        if plan.id not in taken.plans:
            added = added or times.to_epoch(plan.created_at) > taken.at
        elif _told(plan) == taken.told.get(str(plan.id)):
            await plans.update_plan(tx, plan.id, removed_at=now)
        else:
            changed += 1
    for channel in taken.silences:
        await silences.remove_silence(tx, chat_id, channel)
    for id in taken.surges:
        await surges.remove_surge(tx, id, chat_id)
    rewritten = sum(one.id in taken.alerts and one not in own for one in have)
    return Undone(alerts=rewritten, plans=changed), added


def _told(plan: Plan) -> list[Any]:
    """What a plan tells, and when, as JSON has it."""
    return [plan.times, plan.query, plan.name, sorted(plan.channels)]


async def _set_up(
    tx: Connection,
    new: Sequence[Weighed],
    present: Present,
    place: Place,
    services: Services,
) -> Taken:
    taken = Taken(at=times.to_epoch(place.now))
    settings = [one.record for one in new if isinstance(one.record, Setting)]
    before, after = await _choose(tx, settings, place, services)
    taken.before.update(before)
    taken.after.update(after)
    chat = await get_subscriber(tx, place.chat_id)
    zone = chat.timezone or services.timezone
    for one in new:
        match one.record:
            case AlertEntry() as alert:
                taken.alerts.append(await _add_alert(tx, one, alert, present, place))
            case DigestEntry() as digest:
                plan = await _add_plan(tx, one, digest, zone, place)
                taken.plans.append(plan.id)
                taken.told[str(plan.id)] = _told(plan)
            case Named():
                (channel,) = one.rows
                await silences.add_silence(
                    tx, place.chat_id, channel.id, now=place.now, topic=place.topic
                )
                taken.silences.append(channel.id)
    written = [one.query.written for one in new if one.part == "surges" and one.query]
    for query in written:
        await surges.add_surge(tx, place.chat_id, query, now=place.now, topic=place.topic)
    have = await surges.list_surges(tx, place.chat_id) if written else []
    taken.surges.extend(one.id for one in have if one.query in written)
    return taken


async def _choose(
    tx: Connection, settings: Sequence[Setting], place: Place, services: Services
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Change settings; gives them as they were and as they are, as JSON has them."""
    if not settings:
        return {}, {}
    before = await get_subscriber(tx, place.chat_id)
    fields = {name: value for one in settings for name, value in _fields(one).items()}
    after, _ = await change_sleeper(tx, place.chat_id, services, now=place.now, **fields)
    return (
        {name: _as_json(getattr(before, name)) for name in fields},
        {name: _as_json(getattr(after, name)) for name in fields},
    )


def _fields(setting: Setting) -> Mapping[str, Any]:
    """What a setting changes of a subscriber."""
    if setting.name == "quiet":
        span = parse_quiet(str(setting.value))
        if span is None:
            raise ValueError(f"{setting.value!r} are no quiet hours")
        return dict(zip(("quiet_from", "quiet_until", "quiet_but_urgent"), span, strict=True))
    return {{"alerts_a_minute": "burst_after"}.get(setting.name, setting.name): setting.value}


async def _add_alert(
    tx: Connection, weighed: Weighed, entry: AlertEntry, present: Present, place: Place
) -> int:
    query = weighed.query.written if weighed.query else entry.query
    alert = await alerts.add_alert(
        tx, chat_id=place.chat_id, query=query, now=place.now, topic=place.topic
    )
    await alerts.update_alert(
        tx,
        alert.id,
        place.chat_id,
        paused=entry.paused,
        urgent=entry.urgent,
        silent=entry.silent,
        once=entry.once,
        hourly_limit=entry.hourly_limit,
        every_minutes=entry.every_minutes,
    )
    numbers = {one.username.lower(): one.channel_id for one in present.channels if one.username}
    titles = {mute_name(one, numbers): one.title or spell(one) for one in entry.left_out}
    told = {name: contained(title)[:TITLE_LENGTH] for name, title in titles.items()}
    await mutes.leave_out(tx, alert.id, told)
    return alert.id


async def _add_plan(
    tx: Connection, weighed: Weighed, entry: DigestEntry, zone: str, place: Place
) -> Plan:
    plan = await plans.add_plan(
        tx,
        chat_id=place.chat_id,
        kind=entry.kind,
        times=entry.times,
        timezone=zone,
        query=entry.query,
        name=entry.name,
        due_at=planning.next_due(parse_times(entry.times), zone, after=place.now),
        now=place.now,
        topic=place.topic,
    )
    return await plans.update_plan(
        tx,
        plan.id,
        channels=tuple(one.id for one in weighed.rows),
        most=entry.most,
        short=entry.short,
        says_nothing_new=entry.says_nothing_new,
        paused=entry.paused,
    )
