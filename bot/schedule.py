"""What happens by the clock: planned digests and the upkeep of the database.

APScheduler keeps the time; what is planned and what was done is in our database. Each digest is a
job with one due instant, computed by ``handlers.times.planning``: a cron trigger would fire twice
or not at all when clocks change.
"""

from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from handlers.digests import composing, plan_zones
from handlers.digests.composing import Digest
from handlers.texts.languages import language_of
from handlers.times import planning
from storage.connection import Connection, Database
from storage.errors import DatelineError, StorageError
from storage.outbox import outbox_keys
from storage.outbox.gate import Outbox
from storage.records import DigestPlan, Subscriber
from storage.sqlite import upkeep
from storage.stories import stories
from storage.subscribers import digests, snapshots, subscribers

GRACE_SECONDS = 3600
FIRST_PERIOD = timedelta(hours=24)
RETRY = timedelta(minutes=1)
UPKEEP_HOURS = 6

log = structlog.get_logger("schedule")


class Schedule:
    """Runs the plans. ``retry`` is how long after a failure the same is tried again."""

    def __init__(
        self,
        database: Database,
        *,
        language: str,
        timezone: str,
        outbox: Outbox,
        retry: timedelta = RETRY,
    ) -> None:
        self._retry = retry
        self._database = database
        self._language = language
        self._timezone = timezone
        self._outbox = outbox
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": GRACE_SECONDS, "coalesce": True},
        )

    async def start(self) -> None:
        """Plan everything, and send once what was due while nothing ran."""
        self._scheduler.start()
        await plan_zones.unite(
            self._database, self._outbox, timezone=self._timezone, language=self._language
        )
        async with self._database.reader() as conn:
            plans = await digests.list_plans(conn)
        now = datetime.now(UTC)
        for plan in plans:
            last = planning.latest_run(plan.local_time, plan.timezone, now=now)
            if last.due_at > plan.created_at:
                await self._run_plan(plan, last)
            self._plan_next(plan, now)
        self._scheduler.add_job(self._keep_up, "interval", hours=UPKEEP_HOURS, id="upkeep")

    def stop(self) -> None:
        """Start no more jobs."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def changed(self, chat_id: int) -> None:
        """A chat's plan may be new, changed or gone: look at it at once."""
        self._scheduler.add_job(
            self.replan, args=(chat_id,), id=f"replan:{chat_id}", replace_existing=True
        )

    def _look_again(self, chat_id: int) -> None:
        self._scheduler.add_job(
            self.replan,
            "date",
            run_date=datetime.now(UTC) + self._retry,
            args=(chat_id,),
            id=f"replan:{chat_id}",
            replace_existing=True,
        )

    def next_due(self, chat_id: int) -> datetime | None:
        """When this chat's next digest is due (aware), or None."""
        job = self._scheduler.get_job(_job_id(chat_id))
        due: datetime | None = job.next_run_time if job else None
        return due

    async def replan(self, chat_id: int) -> None:
        """Bring the timetable in line with a chat's plan, as soon as it can be read."""
        try:
            async with self._database.reader() as conn:
                plan = await digests.find_plan(conn, chat_id)
                subscriber = await subscribers.find_subscriber(conn, chat_id)
        except StorageError as error:
            log.error("a plan was not read", chat=chat_id, error=str(error))
            self._look_again(chat_id)
            return
        if plan is not None and subscriber is not None and subscriber.active:
            self._plan_next(plan, datetime.now(UTC))
        elif self._scheduler.get_job(_job_id(chat_id)):
            self._scheduler.remove_job(_job_id(chat_id))

    def _plan_next(self, plan: DigestPlan, now: datetime) -> None:
        run = planning.next_run(plan.local_time, plan.timezone, now=now)
        self._add(plan.chat_id, run, run.due_at)

    def _add(self, chat_id: int, run: planning.Run, at: datetime) -> None:
        self._scheduler.add_job(
            self._fire,
            "date",
            run_date=at,
            args=(chat_id, run),
            id=_job_id(chat_id),
            replace_existing=True,
        )

    async def _fire(self, chat_id: int, run: planning.Run) -> None:
        try:
            async with self._database.reader() as conn:
                plan = await digests.find_plan(conn, chat_id)
            if plan is None:
                return
            await self._run_plan(plan, run)
        except DatelineError as error:
            log.error("a digest failed", chat=chat_id, error=str(error))
            self._add(chat_id, run, datetime.now(UTC) + self._retry)
            return
        self._plan_next(plan, max(datetime.now(UTC), run.due_at))

    async def _run_plan(self, plan: DigestPlan, run: planning.Run) -> None:
        """Queue a digest for one local date, once: what was told up to then is noted with it."""
        async with self._database.transaction() as tx:
            now = datetime.now(UTC)
            subscriber = await _find_waiting(tx, plan, run)
        if subscriber is None:
            return
        async with self._database.reader() as conn:
            made = await composing.compose_digest(
                conn,
                plan.chat_id,
                after=subscriber.last_digest_at or run.due_at - FIRST_PERIOD,
                until=now,
                timezone=subscriber.timezone or plan.timezone,
                language=language_of(subscriber.language, self._language),
            )
        added = 0
        async with self._database.transaction() as tx:
            present = await _find_waiting(tx, plan, run)
            if present is None or present.last_digest_at != subscriber.last_digest_at:
                return  # another digest told of it meanwhile
            if made is not None:
                parts = {_key(plan, run, present, made): made.message.to_payload()}
                added = await self._outbox.queue_digest(tx, plan.chat_id, parts, now=now)
                await snapshots.add_snapshot(tx, made.snapshot, now=now)
            await subscribers.update_subscriber(tx, plan.chat_id, last_digest_at=now)
        log.info("digest", chat=plan.chat_id, date=str(run.local_date), messages=added)

    async def _keep_up(self) -> None:
        try:
            async with self._database.transaction() as tx:
                await upkeep.refresh_statistics(tx)
                await snapshots.prune_snapshots(tx, now=datetime.now(UTC))
            await self._prune_sketches()
        except DatelineError as error:
            log.warning("upkeep failed", error=str(error))

    async def _prune_sketches(self) -> None:
        """Forget the sketches of posts that no new one can join, some at a time."""
        before = datetime.now(UTC) - stories.WINDOW
        start: int | None = stories.LOWEST_HASH
        while start is not None:
            async with self._database.transaction() as tx:
                start = await stories.prune_sketches(tx, before=before, start=start)


async def _find_waiting(conn: Connection, plan: DigestPlan, run: planning.Run) -> Subscriber | None:
    """Who waits for the digest of this run; None where they have it, or want none any more."""
    found = await subscribers.find_subscriber(conn, plan.chat_id)
    if found is None or not found.active:
        return None
    last = found.last_digest_at
    return None if last is not None and last >= run.due_at else found


def _key(plan: DigestPlan, run: planning.Run, subscriber: Subscriber, made: Digest) -> str:
    return outbox_keys.digest(
        plan.chat_id,
        subscriber.incarnation,
        local_date=run.local_date,
        local_time=plan.local_time,
        posts=made.posts,
        part=0,
    )


def _job_id(chat_id: int) -> str:
    return f"digest:{chat_id}"
