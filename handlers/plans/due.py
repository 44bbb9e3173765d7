"""Telling what is due: each period of each plan once, whatever crashes in between.

The period is claimed, and what it tells is queued, in one transaction: a plan says of itself up to
when it was told, and when it is due next. What was missed while nothing ran is told once, with all
that came in since. Of a chat that is stopped, and of a plan that is paused, periods pass unclaimed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog

from handlers.plans import kinds
from handlers.plans.kinds import Compose, Period, PlanMessage
from handlers.texts.languages import language_of
from handlers.times import planning
from handlers.times.plan_times import parse_times
from storage.connection import Connection, Database
from storage.errors import DatelineError
from storage.outbox import new_rows, outbox_keys
from storage.outbox.gate import Outbox
from storage.records import NewDelivery, Plan, Subscriber
from storage.subscribers import plans, snapshots, subscribers

RETRY = timedelta(minutes=1)
BATCH = 200
GROUP = 20
"""The plans that are handled in one transaction: none waits for more than these."""
_INSTANT = timedelta(microseconds=1)

log = structlog.get_logger("plans")

Made = tuple[Plan, Subscriber | None, PlanMessage | None]
"""A plan that is due, who is told, and what."""


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


@dataclass(slots=True)
class DuePlans:
    """Tells what is due. ``language`` is for chats that chose none; ``retry`` is how long after a
    failure the same is tried again; ``clock`` gives the time, aware; ``compose`` makes what a plan
    tells."""

    database: Database
    outbox: Outbox
    language: str
    retry: timedelta = RETRY
    clock: Callable[[], datetime] = utc_now
    compose: Compose = kinds.compose
    _failed: dict[int, datetime] = field(default_factory=dict)

    async def run(self) -> datetime | None:
        """Tell all that is due by now; gives when the next will be, None where there is none.
        Raises StorageError."""
        await reckon(self.database, now=self.clock())
        now, after = self.clock(), 0
        while True:
            async with self.database.transaction() as tx:
                until = self.clock()  # What is stored after this turn is stored at a later time.
                due = await plans.list_due(tx, now=now, after=after, limit=BATCH)
            waiting = [plan for plan in due if self._failed.get(plan.id, now) <= now]
            for start in range(0, len(waiting), GROUP):
                await self._tell(waiting[start : start + GROUP], until)
            if len(due) < BATCH:
                break
            after = due[-1].id
        async with self.database.reader() as conn:
            following = await plans.find_next_due(conn, after=now)
        self._failed = {id: at for id, at in self._failed.items() if at > now}
        return min((at for at in (following, *self._failed.values()) if at), default=None)

    async def _tell(self, due: Sequence[Plan], until: datetime) -> None:
        """Tell what is due, in one transaction. Where that fails, each by itself: one that fails is
        told later, and holds up no other."""
        try:
            made = await self._compose(due, until)
            async with self.database.transaction() as tx:
                await self._claim(tx, made, until)
        except DatelineError as error:
            if len(due) > 1:
                for plan in due:
                    await self._tell([plan], until)
                return
            log.error("a plan failed", plan=due[0].id, chat=due[0].chat_id, error=str(error))
            self._failed[due[0].id] = self.clock() + self.retry
            return
        for plan, _, told in made:
            log.info("a plan was due", plan=plan.id, chat=plan.chat_id, says=told is not None)

    async def _compose(self, due: Sequence[Plan], until: datetime) -> list[Made]:
        """What each is to tell, and to whom; to nobody where a plan or its chat is at rest."""
        made: list[Made] = []
        async with self.database.reader("plans") as conn:
            readers = await subscribers.find_subscribers(conn, {plan.chat_id for plan in due})
            for plan in due:
                reader, told = _awake(plan, readers), None
                if reader is not None:
                    period = period_of(plan, reader, until=until, language=self.language)
                    told = await self.compose(conn, period)
                made.append((plan, reader, told))
        return made

    async def _claim(self, tx: Connection, made: Sequence[Made], until: datetime) -> None:
        """Queue what plans send, and note with it that it was sent. Plans that were changed
        meanwhile are computed again when the change is announced."""
        known = await plans.find_plans(tx, [plan.id for plan, _, _ in made])
        readers = await subscribers.find_subscribers(tx, {plan.chat_id for plan, _, _ in made})
        same = [one for one in made if known.get(one[0].id) == one[0]]
        claimed = [one for one in same if one[1] is not None and _awake(one[0], readers)]
        for plan, _, _ in same:
            if _awake(plan, readers) is None:  # Its period passes.
                since, due_at = _since(plan, until), due_after(plan, until)
                await plans.update_plan(tx, plan.id, told_until=since, due_at=due_at)
        rows = [
            _row(plan, reader, told, until) for plan, reader, told in claimed if reader and told
        ]
        await self.outbox.queue_digests(tx, rows)
        for _, _, told in claimed:
            if told is not None and told.snapshot is not None:
                await snapshots.add_snapshot(tx, told.snapshot, now=until)
        await plans.note_told(tx, [(plan, until, due_after(plan, until)) for plan, _, _ in claimed])
        whole = {plan.chat_id for plan, _, _ in claimed if _tells_all(plan)}
        await subscribers.note_digests(tx, whole, until)


def _row(plan: Plan, reader: Subscriber, told: PlanMessage, until: datetime) -> NewDelivery:
    key = outbox_keys.digest(
        plan.chat_id,
        reader.incarnation,
        plan=plan.token,
        due_at=plan.due_at or until,
        posts=told.posts,
        part=0,
    )
    return new_rows.digest(
        plan.chat_id, key, told.message.to_payload(), now=until, topic=plan.topic
    )


def _tells_all(plan: Plan) -> bool:
    """Whether ``/digest now`` need not tell again of what a plan told."""
    return plan.kind == "digest" and not plan.query and not plan.channels


def _awake(plan: Plan, readers: Mapping[int, Subscriber]) -> Subscriber | None:
    """Who is to be told; None where nobody is."""
    reader = readers.get(plan.chat_id)
    return None if reader is None or not reader.active or plan.paused else reader


def period_of(plan: Plan, reader: Subscriber, *, until: datetime, language: str) -> Period:
    """The period that a plan tells of: since it was told, the first time since it would have been
    due before."""
    return Period(
        plan=plan,
        since=_since(plan, until),
        until=until,
        timezone=plan.timezone,
        language=language_of(reader.language, language),
    )


def _since(plan: Plan, until: datetime) -> datetime:
    if plan.told_until is not None:
        return min(plan.told_until, until)
    due = min(plan.due_at or until, until)
    return planning.last_due(parse_times(plan.times), plan.timezone, until=due - _INSTANT)


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
