"""Setting up what a file holds, in one transaction."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from handlers.conversation.services import Services
from handlers.plans.quiet_hours import change_sleeper
from handlers.render.text.names import contained
from handlers.subscriptions.form import AlertEntry, DigestEntry, Named, Setting
from handlers.subscriptions.present import Present, as_json, manner_of, read_present
from handlers.subscriptions.values import mute_name, spell
from handlers.subscriptions.weighing import File, Weighed, Weighing, read_keys, weigh
from handlers.times import planning
from handlers.times.clocks import parse_quiet
from handlers.times.plan_times import parse_times
from storage import times
from storage.connection import Connection
from storage.records import Plan
from storage.structs import replace
from storage.subscribers import alerts, mutes, plans, silences, subscribers, surges
from storage.subscribers.subscribers import get_subscriber
from storage.undoing import takings
from storage.undoing.takings import Taken

TITLE_LENGTH = 100


class Target(Struct, frozen=True, kw_only=True):
    """Where something is set up: a chat, and a topic of it; and when."""

    chat_id: int
    topic: int | None
    now: datetime


async def take(
    file: File, target: Target, services: Services, *, is_private: bool, mark: str = ""
) -> tuple[Weighing, Taken]:
    """Set up what of a file is new in a chat; with how it was weighed. Raises NotFoundError where
    the chat is not known any more. ``mark`` names the file."""
    chat_id = target.chat_id
    async with services.database.reader() as conn:
        keys = await asyncio.to_thread(read_keys, await look(conn, chat_id, services))
    async with services.database.transaction() as tx:
        present = await look(tx, chat_id, services)
        most = services.alerts_per_person
        weighing = await asyncio.to_thread(weigh, file, present, most=most, keys=keys)
        new = weighing.of("new")
        taken = await _set_up(tx, new, present, target, services)
        if new:
            if not present.chat.active:
                taken.before["active"] = False
            await takings.keep(tx, chat_id, replace(taken, mark=mark))
            await subscribers.update_subscriber(tx, chat_id, active=True)
            if not is_private:
                await subscribers.set_topic(tx, chat_id, target.topic)
    if new:
        services.plans_changed(chat_id)
    return weighing, taken


async def look(conn: Connection, chat_id: int, services: Services) -> Present:
    """What a chat has set up. Raises NotFoundError."""
    zone, after = services.timezone, services.burst_after
    return await read_present(conn, chat_id, timezone=zone, burst_after=after)


async def _set_up(
    tx: Connection,
    new: Sequence[Weighed],
    present: Present,
    target: Target,
    services: Services,
) -> Taken:
    taken = Taken(at=times.to_epoch(target.now))
    settings = [one.record for one in new if isinstance(one.record, Setting)]
    before, after = await _choose(tx, settings, target, services)
    taken.before.update(before)
    taken.after.update(after)
    chat = await get_subscriber(tx, target.chat_id)
    zone = chat.timezone or services.timezone
    for one in new:
        match one.record:
            case AlertEntry() as alert:
                taken.alerts.append(await _add_alert(tx, one, alert, present, target))
            case DigestEntry() as digest:
                plan = await _add_plan(tx, one, digest, zone, target)
                taken.plans.append(plan.id)
            case Named():
                (channel,) = one.rows
                await silences.add_silence(
                    tx, target.chat_id, channel.id, now=target.now, topic=target.topic
                )
                taken.silences.append(channel.id)
    written = [one.query.written for one in new if one.part == "surges" and one.query]
    for query in written:
        await surges.add_surge(tx, target.chat_id, query, now=target.now, topic=target.topic)
    have = await surges.list_surges(tx, target.chat_id) if written else []
    taken.surges.extend(one.id for one in have if one.query in written)
    taken.manners.update(await _manners(tx, taken, target.chat_id))
    return taken


async def _manners(tx: Connection, taken: Taken, chat_id: int) -> dict[str, Any]:
    """How all of that is told, as it was set up."""
    muted = await mutes.list_mutes_of(tx, taken.alerts)
    found = [
        manner_of(one, muted.get(one.id, ()))
        for one in await alerts.list_alerts(tx, chat_id)
        if one.id in taken.alerts
    ]
    have = await plans.list_plans(tx, chat_id)
    found += [manner_of(one) for one in have if one.id in taken.plans]
    there = await silences.list_silences(tx, chat_id)
    found += [manner_of(one) for one in there if one.channel in taken.silences]
    asked = await surges.list_surges(tx, chat_id)
    found += [manner_of(one) for one in asked if one.id in taken.surges]
    return dict(found)


async def _choose(
    tx: Connection, settings: Sequence[Setting], target: Target, services: Services
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Change settings; gives them as they were and as they are, as JSON has them."""
    if not settings:
        return {}, {}
    before = await get_subscriber(tx, target.chat_id)
    fields = {name: value for one in settings for name, value in _fields(one).items()}
    after, _ = await change_sleeper(tx, target.chat_id, services, now=target.now, **fields)
    return (
        {name: as_json(getattr(before, name)) for name in fields},
        {name: as_json(getattr(after, name)) for name in fields},
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
    tx: Connection, weighed: Weighed, entry: AlertEntry, present: Present, target: Target
) -> int:
    query = weighed.query.written if weighed.query else entry.query
    alert = await alerts.add_alert(
        tx, chat_id=target.chat_id, query=query, now=target.now, topic=target.topic
    )
    await alerts.update_alert(
        tx,
        alert.id,
        target.chat_id,
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
    tx: Connection, weighed: Weighed, entry: DigestEntry, zone: str, target: Target
) -> Plan:
    plan = await plans.add_plan(
        tx,
        chat_id=target.chat_id,
        kind=entry.kind,
        times=entry.times,
        timezone=zone,
        query=entry.query,
        name=entry.name,
        due_at=planning.next_due(parse_times(entry.times), zone, after=target.now),
        now=target.now,
        topic=target.topic,
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
