"""Undoing what was set up from a file: all of it, but for what the chat changed since."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from msgspec import Struct

from handlers.conversation.services import Services
from handlers.plans.quiet_hours import change_sleeper
from handlers.subscriptions.present import Standing, as_json, manner_of
from storage import times
from storage.connection import Connection
from storage.outbox import held
from storage.records import Mute, Subscriber
from storage.subscribers import alerts, mutes, plans, silences, surges
from storage.subscribers.subscribers import get_subscriber
from storage.undoing import takings
from storage.undoing.takings import Taken

_TOGETHER = (
    ("language",),
    ("timezone",),
    ("quiet_from", "quiet_until", "quiet_but_urgent"),
    ("burst_after",),
)
"""Fields of a chat, by setting."""
_CLOCKS = ("quiet_from", "quiet_until")


class Undone(Struct, frozen=True):
    """How many of each were changed since, and stay so; whether the chat is ``stopped`` again, as
    it was."""

    alerts: int = 0
    plans: int = 0
    silences: int = 0
    surges: int = 0
    settings: int = 0
    stopped: bool = False


async def undo(chat_id: int, at: int, services: Services, *, now: datetime) -> Undone | None:
    """Take away what was set up then, and put the settings back, but for what was changed since;
    None where something else was set up from a file since, or it is long ago."""
    async with services.database.transaction() as tx:
        taken = await takings.find(tx, chat_id, at, now=now)
        if taken is None:
            return None
        chat = await get_subscriber(tx, chat_id)
        fields, kept = _former(taken, chat)
        kinds = (_remove_alerts, _remove_plans, _remove_silences, _remove_surges)
        changed = [await remove(tx, taken, chat_id, now) for remove in kinds]
        stays = any(changed) or await _has_later(tx, taken, chat_id)
        stops = "active" in taken.before and chat.active and not stays
        if stops:
            fields["active"] = False
        if fields:
            await change_sleeper(tx, chat_id, services, now=now, **fields)
        await takings.forget(tx, chat_id)
    services.plans_changed(chat_id)
    of_alerts, of_plans, of_silences, of_surges = changed
    return Undone(of_alerts, of_plans, of_silences, of_surges, settings=kept, stopped=stops)


def _former(taken: Taken, chat: Subscriber) -> tuple[dict[str, Any], int]:
    """The fields of a chat to put back, and how many settings were changed since."""
    fields: dict[str, Any] = {}
    kept = 0
    for names in _TOGETHER:
        before = {name: taken.before[name] for name in names if name in taken.before}
        if any(as_json(getattr(chat, name)) != taken.after.get(name) for name in before):
            kept += 1
            continue
        for name, value in before.items():
            fields[name] = time.fromisoformat(value) if name in _CLOCKS and value else value
    return fields, kept


async def _remove_alerts(tx: Connection, taken: Taken, chat_id: int, now: datetime) -> int:
    """Remove the alerts of that file that were not changed since; gives how many. So do the
    following."""
    ours = [one for one in await alerts.list_alerts(tx, chat_id) if one.id in taken.alerts]
    muted = await mutes.list_mutes_of(tx, [one.id for one in ours])
    gone = [
        one for one in ours if one.since is None and _is_as_then(taken, one, muted.get(one.id, ()))
    ]
    await held.drop_held(tx, chat_id, sorted(one.id for one in gone), now=now)
    for alert in gone:
        await alerts.remove_alert(tx, alert.id, chat_id)
    return len(ours) - len(gone)


async def _remove_plans(tx: Connection, taken: Taken, chat_id: int, now: datetime) -> int:
    ours = [one for one in await plans.list_plans(tx, chat_id) if one.id in taken.plans]
    gone = [one for one in ours if _is_as_then(taken, one)]
    for plan in gone:
        await plans.update_plan(tx, plan.id, removed_at=now)
    return len(ours) - len(gone)


async def _remove_silences(tx: Connection, taken: Taken, chat_id: int, now: datetime) -> int:
    have = await silences.list_silences(tx, chat_id)
    ours = [one for one in have if one.channel in taken.silences]
    # One that was removed and asked for anew since is not the file's any more.
    gone = [one for one in ours if not _is_later(one, taken) and _is_as_then(taken, one)]
    for one in gone:
        await silences.remove_silence(tx, chat_id, one.channel)
    return len(ours) - len(gone)


async def _remove_surges(tx: Connection, taken: Taken, chat_id: int, now: datetime) -> int:
    ours = [one for one in await surges.list_surges(tx, chat_id) if one.id in taken.surges]
    gone = [one for one in ours if _is_as_then(taken, one)]
    for one in gone:
        await surges.remove_surge(tx, one.id, chat_id)
    return len(ours) - len(gone)


def _is_as_then(taken: Taken, one: Standing, muted: Sequence[Mute] = ()) -> bool:
    """Whether it is as the file had it set up. What is told in General since counts as changed,
    also where a topic was closed: whether somebody chose that, nobody knows."""
    key, now = manner_of(one, muted)
    then: dict[str, Any] = taken.manners.get(key, now)
    return now == then


async def _has_later(tx: Connection, taken: Taken, chat_id: int) -> bool:
    """Whether the chat set up an alert, a plan or a signal after that."""
    have: list[Standing] = [*await alerts.list_alerts(tx, chat_id)]
    have += await plans.list_plans(tx, chat_id)
    have += await silences.list_silences(tx, chat_id)
    have += await surges.list_surges(tx, chat_id)
    return any(_is_later(one, taken) for one in have)


def _is_later(one: Standing, taken: Taken) -> bool:
    return times.to_epoch(one.created_at) > taken.at
