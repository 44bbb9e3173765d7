"""A plan's message as it would come now, of as much time as lies between two of its times."""

from datetime import datetime, timedelta

from handlers.conversation.services import Services
from handlers.plans import kinds
from handlers.plans.kinds import Period
from handlers.render.answers.plans import as_preview, nothing_new
from handlers.render.text.dates import here_in
from handlers.render.text.messages import Message
from handlers.texts.words import Words
from handlers.times import planning
from handlers.times.plan_times import parse_times
from storage.records import Plan
from storage.subscribers import snapshots


async def preview(plan: Plan, services: Services, words: Words, now: datetime) -> Message:
    """The message; what is new is told when the plan is due all the same."""
    period = Period(
        plan=plan,
        since=now - _span(plan, now),
        until=now,
        timezone=plan.timezone,
        language=words.language,
    )
    async with services.database.reader() as conn:
        told = await kinds.compose(conn, period)
    if told is None:
        here = here_in(plan.timezone, now)
        return as_preview(nothing_new(plan, period.since, here, words), words)
    if told.snapshot is not None:
        async with services.database.transaction() as tx:
            await snapshots.add_snapshot(tx, told.snapshot, now=now)
    return as_preview(told.message, words)


def _span(plan: Plan, now: datetime) -> timedelta:
    when = parse_times(plan.times)
    following = planning.next_due(when, plan.timezone, after=now)
    return following - planning.last_due(when, plan.timezone, until=now)
