"""Changes a chat's quiet hours or time zone; what is held until their end moves with it."""

from datetime import datetime
from typing import Any

from handlers.conversation.services import Services
from handlers.times import alert_timing, planning
from handlers.times.plan_times import parse_times
from storage.connection import Connection
from storage.outbox import held
from storage.records import Subscriber
from storage.subscribers import plans, subscribers


async def update_sleeper(
    chat_id: int, services: Services, *, now: datetime, **fields: Any
) -> Subscriber:
    """``change_sleeper`` in a transaction of its own; returns the subscriber as it is now."""
    async with services.database.transaction() as tx:
        after, moved = await change_sleeper(tx, chat_id, services, now=now, **fields)
    if moved:
        services.plans_changed(chat_id)
    return after


async def change_sleeper(
    tx: Connection, chat_id: int, services: Services, *, now: datetime, **fields: Any
) -> tuple[Subscriber, bool]:
    """Set quiet hours or the time zone of a subscriber. Returns the subscriber as it is now, and
    whether its plans have other times: then ``plans_changed`` must be called.

    What waits for the end of the former quiet hours is sent at the end of the new ones, or now if
    there are none at this time. Plans keep their local times; without a zone of its own the chat
    has the instance's.
    """
    before = await subscribers.get_subscriber(tx, chat_id)
    after = await subscribers.update_subscriber(tx, chat_id, **fields)
    zone = after.timezone or services.timezone
    moved = "timezone" in fields and await _move_plans(tx, chat_id, zone, now)
    old, new = _quiet_end(before, services, now), _quiet_end(after, services, now)
    if old > now and old != new:
        await held.move_held(tx, chat_id, old, new, now=now)
    return after, moved


async def _move_plans(tx: Connection, chat_id: int, zone: str, now: datetime) -> bool:
    """Keep the local times of a chat's plans in another zone; returns whether that changed any."""
    moved = [plan for plan in await plans.list_plans(tx, chat_id) if plan.timezone != zone]
    for plan in moved:
        due_at = planning.next_due(parse_times(plan.times), zone, after=now)
        await plans.update_plan(tx, plan.id, timezone=zone, due_at=due_at)
    return bool(moved)


def _quiet_end(subscriber: Subscriber, services: Services, now: datetime) -> datetime:
    zone = alert_timing.zone_named(subscriber.timezone or services.timezone)
    return alert_timing.after_quiet_hours(subscriber, zone, now)
