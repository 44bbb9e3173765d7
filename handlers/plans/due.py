"""Telling what is due: each period of each plan once, whatever crashes in between.

The period is claimed, and what it tells is queued, in one transaction: a plan says of itself up to
when it was told, and when it is due next. What was missed while nothing ran is told once, with all
that came in since. Of a chat that is stopped, and of a plan that is paused, periods pass unclaimed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog

from handlers.plans import kinds
from handlers.plans.kinds import Period, Told
from handlers.texts.languages import language_of
from handlers.times import planning
from handlers.times.plan_times import parse_times
from storage.connection import Connection, Database
from storage.errors import DatelineError
from storage.outbox import outbox_keys
from storage.outbox.gate import Outbox
from storage.records import Plan, Subscriber
from storage.subscribers import plans, snapshots, subscribers

RETRY = timedelta(minutes=1)
BATCH = 200
_INSTANT = timedelta(microseconds=1)

log = structlog.get_logger("plans")


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


@dataclass(slots=True)
class DuePlans:
    """Tells what is due. ``language`` is for chats that chose none; ``retry`` is how long after a
    failure the same is tried again; ``clock`` gives the time, aware."""

    database: Database
    outbox: Outbox
    language: str
    retry: timedelta = RETRY
    clock: Callable[[], datetime] = utc_now
    _failed: dict[int, datetime] = field(default_factory=dict)

    async def run(self) -> datetime | None:
        """Tell all that is due by now; gives when the next will be, None where there is none.
        Raises StorageError."""
        await reckon(self.database, now=self.clock())
        now, after = self.clock(), 0
        while True:
            async with self.database.reader() as conn:
                due = await plans.list_due(conn, now=now, after=after, limit=BATCH)
            for plan in due:
                if self._failed.get(plan.id, now) <= now:
                    await self._try(plan)
            if len(due) < BATCH:
                break
            after = due[-1].id
        async with self.database.reader() as conn:
            following = await plans.find_next_due(conn, after=now)
        self._failed = {id: at for id, at in self._failed.items() if at > now}
        return min((at for at in (following, *self._failed.values()) if at), default=None)

    async def _try(self, plan: Plan) -> None:
        """One that fails is told later, and holds up no other."""
        self._failed.pop(plan.id, None)
        try:
            await self._tell(plan)
        except DatelineError as error:
            log.error("a plan failed", plan=plan.id, chat=plan.chat_id, error=str(error))
            self._failed[plan.id] = self.clock() + self.retry

    async def _tell(self, plan: Plan) -> None:
        """Tell what is due of a plan. One that is changed meanwhile is looked at again: whoever
        changes a plan says so."""
        async with self.database.transaction() as tx:
            until = self.clock()  # What is stored after this turn is stored at a later time.
            reader = await _find_reader(tx, plan)
            if reader is None:
                await _pass(tx, plan, until)
                return
        period = period_of(plan, reader, until=until, language=self.language)
        async with self.database.reader() as conn:
            told = await kinds.compose(conn, period)
        async with self.database.transaction() as tx:
            if await plans.find_plan(tx, plan.id) != plan:
                return
            if told is not None:
                await self._queue(tx, plan, reader, told, until)
            await _claim(tx, plan, until)
        log.info("a plan was told", plan=plan.id, chat=plan.chat_id, says=told is not None)

    async def _queue(
        self, tx: Connection, plan: Plan, reader: Subscriber, told: Told, now: datetime
    ) -> None:
        key = outbox_keys.digest(
            plan.chat_id,
            reader.incarnation,
            plan=plan.token,
            due_at=plan.due_at or now,
            posts=told.posts,
            part=0,
        )
        parts = {key: told.message.to_payload()}
        await self.outbox.queue_digest(tx, plan.chat_id, parts, now=now)
        if told.snapshot is not None:
            await snapshots.add_snapshot(tx, told.snapshot, now=now)


def period_of(plan: Plan, reader: Subscriber, *, until: datetime, language: str) -> Period:
    """The period that a plan tells of: since it was told, the first time since it would have been
    due before."""
    due = plan.due_at or until
    first = planning.last_due(parse_times(plan.times), plan.timezone, until=due - _INSTANT)
    since = first if plan.told_until is None else plan.told_until
    return Period(
        plan=plan,
        since=min(since, until),
        until=until,
        timezone=plan.timezone,
        language=language_of(reader.language, language),
    )


async def _find_reader(tx: Connection, plan: Plan) -> Subscriber | None:
    """Who is to be told; None where nobody is."""
    found = await subscribers.find_subscriber(tx, plan.chat_id)
    return None if found is None or not found.active or plan.paused else found


async def _pass(tx: Connection, plan: Plan, now: datetime) -> None:
    """Let a period pass: what came in is told when the plan goes on."""
    if await plans.find_plan(tx, plan.id) == plan:
        await plans.update_plan(tx, plan.id, due_at=due_after(plan, now))


async def _claim(tx: Connection, plan: Plan, until: datetime) -> None:
    due_at = due_after(plan, until)
    await plans.update_plan(tx, plan.id, told_until=until, due_at=due_at)
    if plan.kind == "digest" and not plan.query and not plan.channels:
        await subscribers.update_subscriber(tx, plan.chat_id, last_digest_at=until)


def due_after(plan: Plan, now: datetime) -> datetime:
    """When a plan is due next."""
    return planning.next_due(parse_times(plan.times), plan.timezone, after=now)


async def reckon(database: Database, *, now: datetime) -> None:
    """Say of plans that an earlier version left when they are due: now, where a time was missed
    since they were told or made."""
    while True:
        async with database.transaction() as tx:
            found = await plans.list_unreckoned(tx, limit=BATCH)
            for plan in found:
                await plans.update_plan(tx, plan.id, due_at=first_due(plan, now))
        if len(found) < BATCH:
            return


def first_due(plan: Plan, now: datetime) -> datetime:
    """When a plan is due of which only is known when it was made, and told."""
    missed = planning.last_due(parse_times(plan.times), plan.timezone, until=now)
    known = max(plan.created_at, plan.told_until or plan.created_at)
    return missed if missed > known else due_after(plan, now)
