"""What happens by the clock: plans that are due, and the upkeep of the database.

APScheduler keeps the time; when each plan is due, and up to when it was told, is in our database
(``handlers.plans.due``). There is one job for all plans, at the time when the next one is due, and
at least every minute, whatever becomes of the machine's clock.
"""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from handlers.plans import plan_zones
from handlers.plans.due import RETRY, DuePlans, utc_now
from storage.connection import Database
from storage.errors import DatelineError
from storage.outbox.gate import Outbox
from storage.sqlite import upkeep
from storage.stories import stories
from storage.subscribers import plans, snapshots

GRACE_SECONDS = 3600
LOOK_EVERY = timedelta(minutes=1)
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
        self._due = DuePlans(database, outbox, language, retry=retry)
        self._looking = False
        self._again = False
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": GRACE_SECONDS, "coalesce": True},
        )

    async def start(self) -> None:
        """Run from now on; what was due while nothing ran is told at once."""
        self._scheduler.start()
        await plan_zones.unite(
            self._database, self._outbox, timezone=self._timezone, language=self._language
        )
        self._look_at(utc_now())
        self._scheduler.add_job(self._keep_up, "interval", hours=UPKEEP_HOURS, id="upkeep")

    def stop(self) -> None:
        """Start no more jobs."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def changed(self, _chat_id: int) -> None:
        """A chat's plans may be new, changed or gone: look at once."""
        if self._looking:
            self._again = True
        elif self._scheduler.running:
            self._look_at(utc_now())

    def _look_at(self, at: datetime) -> None:
        """Look then; however late it gets, the look is not left out."""
        self._scheduler.add_job(
            self._look,
            "date",
            run_date=at,
            id="plans",
            replace_existing=True,
            misfire_grace_time=None,
            max_instances=2,
        )

    async def _look(self) -> None:
        """Tell what is due, and look again when the next is; in a minute, whatever happens."""
        with contextlib.suppress(asyncio.CancelledError):  # The service stops; that is no failure.
            await self._tell_due()

    async def _tell_due(self) -> None:
        if self._looking:
            self._again = True
            return
        self._looking, self._again = True, False
        self._look_at(utc_now() + LOOK_EVERY)
        try:
            following = await self._due.run()
        except DatelineError as error:
            log.error("plans were not read", error=str(error))
            following = utc_now() + self._retry
        finally:
            self._looking = False
        if self._again:
            following = utc_now()
        if following is not None:
            self._look_at(min(following, utc_now() + LOOK_EVERY))

    async def _keep_up(self) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await self._tidy()

    async def _tidy(self) -> None:
        try:
            async with self._database.transaction() as tx:
                await upkeep.refresh_statistics(tx)
                await snapshots.prune_snapshots(tx, now=datetime.now(UTC))
                await plans.prune_removed(tx, now=datetime.now(UTC))
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
