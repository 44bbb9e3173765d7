"""Digest plans of a former time, each with a time zone of its own: a chat has one zone now.

A plan that differs keeps its moment: its time is told in its chat's zone from now on, and the
chat is told so once. So is one whose chat chose no zone, when the instance's is another one now.
"""

from datetime import UTC, datetime

import structlog

from handlers.render.answers.settings import plan_moved_message
from handlers.texts.languages import language_of, words_of
from handlers.times import alert_timing, planning
from storage.connection import Connection, Database
from storage.outbox.gate import Outbox
from storage.records import PRIORITY_DIGEST, DigestPlan, Subscriber
from storage.subscribers import digests, subscribers

BATCH = 200
log = structlog.get_logger("schedule")


async def unite(database: Database, outbox: Outbox, *, timezone: str, language: str) -> int:
    """Convert every plan whose zone is not its chat's; gives how many. ``timezone`` and
    ``language`` are for chats that chose none."""
    converted = 0
    while True:
        async with database.transaction() as tx:
            plans = await digests.list_plans_elsewhere(tx, timezone, limit=BATCH)
            for plan in plans:
                await _convert(tx, outbox, plan, timezone, language, datetime.now(UTC))
        converted += len(plans)
        if len(plans) < BATCH:
            break
    if converted:
        log.info("digest plans keep their chats' time zones now", plans=converted)
    return converted


async def _convert(
    tx: Connection, outbox: Outbox, plan: DigestPlan, timezone: str, language: str, now: datetime
) -> None:
    chat = await subscribers.get_subscriber(tx, plan.chat_id)
    zone = chat.timezone or timezone
    local_time = planning.same_moment(plan.local_time, plan.timezone, zone, now=now)
    await digests.convert_plan(tx, plan.id, local_time=local_time, timezone=zone)
    if not chat.active or chat.is_channel:  # A channel's readers did not plan it.
        return
    words = words_of(language_of(chat.language, language))
    message = plan_moved_message(plan, local_time, zone, words)
    await outbox.queue_notice(
        tx,
        plan.chat_id,
        _event(plan, chat, zone),
        message.to_payload(),
        now=now,
        due_at=alert_timing.after_quiet_hours(chat, alert_timing.zone_named(zone), now),
        priority=PRIORITY_DIGEST,
    )


def _event(plan: DigestPlan, chat: Subscriber, zone: str) -> str:
    """What happened, the same in an older copy of the database, where it happens again."""
    return f"plan:{chat.incarnation}:{plan.local_time:%H%M}:{plan.timezone}:{zone}"
