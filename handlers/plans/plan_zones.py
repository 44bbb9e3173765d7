"""Digest plans of a former time, each with a time zone of its own: a chat has one zone now.

A plan that differs keeps its moment: its time is told in its chat's zone from now on, and the
chat is told so once. So is one whose chat chose no zone, when the instance's is another one now.
"""

from datetime import UTC, datetime, time

import structlog

from handlers.render.answers.settings import plan_moved_message
from handlers.texts.languages import language_of, words_of
from handlers.times import alert_timing, planning
from handlers.times.plan_times import EVERY_DAY, PlanTimes, parse_times, write_times
from storage.connection import Connection, Database
from storage.outbox.gate import Outbox
from storage.records import PRIORITY_DIGEST, Plan, Subscriber
from storage.subscribers import plans, subscribers

BATCH = 200
log = structlog.get_logger("schedule")


async def unite(database: Database, outbox: Outbox, *, timezone: str, language: str) -> int:
    """Convert every plan whose zone is not its chat's; gives how many. ``timezone`` and
    ``language`` are for chats that chose none."""
    converted = 0
    while True:
        async with database.transaction() as tx:
            found = await plans.list_elsewhere(tx, timezone, limit=BATCH)
            for plan in found:
                await _convert(tx, outbox, plan, timezone, language, datetime.now(UTC))
        converted += len(found)
        if len(found) < BATCH:
            break
    if converted:
        log.info("digest plans keep their chats' time zones now", plans=converted)
    return converted


async def _convert(
    tx: Connection, outbox: Outbox, plan: Plan, timezone: str, language: str, now: datetime
) -> None:
    chat = await subscribers.get_subscriber(tx, plan.chat_id)
    zone = chat.timezone or timezone
    former = parse_times(plan.times).times[0]
    local_time = planning.same_moment(former, plan.timezone, zone, now=now)
    moved = write_times(PlanTimes(EVERY_DAY, (local_time,)))
    await plans.update_plan(tx, plan.id, times=moved, timezone=zone)
    if not chat.active or chat.is_channel:  # A channel's readers did not plan it.
        return
    words = words_of(language_of(chat.language, language))
    message = plan_moved_message(former, plan.timezone, local_time, zone, words)
    await outbox.queue_notice(
        tx,
        plan.chat_id,
        _event(former, plan, chat, zone),
        message.to_payload(),
        now=now,
        due_at=alert_timing.after_quiet_hours(chat, alert_timing.zone_named(zone), now),
        priority=PRIORITY_DIGEST,
        topic=plan.topic,
    )


def _event(former: time, plan: Plan, chat: Subscriber, zone: str) -> str:
    """What happened, the same in an older copy of the database, where it happens again."""
    return f"plan:{chat.incarnation}:{former:%H%M}:{plan.timezone}:{zone}"
