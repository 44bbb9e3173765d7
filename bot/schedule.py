"""What happens by the clock: plans that are due, and the upkeep of the database.

APScheduler keeps the time; when each plan is due, and up to when it was told, is in our database
(``handlers.plans.due``). There is one job for all plans, at the time when the next one is due, and
at least every minute. APScheduler waits by the machine's clock as it was: where that is set while
this runs, or the machine sleeps, all jobs are put anew (``_watch_clock``).
"""

import asyncio
import contextlib
import math
import time
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.backups.daily import Daily
from bot.upkeep import Upkeep
from handlers.operators.notices import Notices
from handlers.operators.troubles import level_of
from handlers.plans import plan_zones
from handlers.plans.due import RETRY, DuePlans, utc_now
from handlers.signals.recipients import Recipients
from handlers.signals.silences import Silences
from handlers.signals.surges import Surges
from storage.connection import Database
from storage.errors import DatelineError
from storage.outbox.gate import Outbox
from storage.retention import ahead
from storage.retention.limits import Keeping

GRACE_SECONDS = 3600
LOOK_EVERY = timedelta(minutes=1)
BACKUP_LOOK_SECONDS = 300.0
FIRST_BACKUP_LOOK = timedelta(minutes=2)
SIGNALS_EVERY = timedelta(minutes=2)
SIGNALS_SOON = timedelta(seconds=5)
"""Where something is to be seen once more before it is told."""
UPKEEP_HOURS = 6
HELD = timedelta(minutes=15)
"""So long a message may be on its way."""
FIRST_UPKEEP = timedelta(minutes=10)
"""After a start: one that is started anew every few hours is kept up too."""

CLOCK_SET = 2.0
"""By more than so many seconds the clock was set, or the machine slept."""

log = structlog.get_logger("schedule")


class Schedule:
    """Runs the plans. ``retry`` is how long after a failure the same is tried again;
    ``look_every``: shorter where others change plans, and nobody calls ``changed``."""

    def __init__(
        self,
        database: Database,
        *,
        language: str,
        timezone: str,
        outbox: Outbox,
        keeping: Keeping = Keeping(),  # noqa: B008  (it cannot be changed)
        backups: Daily | None = None,
        notices: Notices | None = None,
        retry: timedelta = RETRY,
        look_every: timedelta = LOOK_EVERY,
    ) -> None:
        self._look_every = look_every
        self._upkeep = Upkeep(database, keeping, notices)
        self._backups = backups
        self._retry = retry
        self._database = database
        self._language = language
        self._timezone = timezone
        self._outbox = outbox
        self._due = DuePlans(database, outbox, language, retry=retry)
        recipients = Recipients(outbox=outbox, language=language, timezone=timezone)
        self._silences = Silences(database, recipients, utc_now)
        self._surges = Surges(database, recipients, utc_now)
        self._looking = False
        self._clock = math.inf  # seconds by which the wall clock was ahead of the machine's own
        self._lead = _lead()
        self._put_back = 0.0  # seconds by which it was put back since the last look
        self._watching: asyncio.TimerHandle | None = None
        self._again = False
        self._signalling = False
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": GRACE_SECONDS, "coalesce": True},
        )

    async def start(self) -> None:
        """Run from now on; what was due while nothing ran is told at once."""
        self._scheduler.start()
        self._lead = _lead()
        self._watch_clock()
        await plan_zones.unite(
            self._database, self._outbox, timezone=self._timezone, language=self._language
        )
        self._look_at(utc_now())
        self._signal_at(utc_now())
        self._scheduler.add_job(
            self._keep_up,
            "interval",
            hours=UPKEEP_HOURS,
            next_run_time=utc_now() + FIRST_UPKEEP,
            id="upkeep",
        )
        if self._backups is not None:
            self._scheduler.add_job(
                self._back_up,
                "interval",
                seconds=BACKUP_LOOK_SECONDS,
                next_run_time=utc_now() + FIRST_BACKUP_LOOK,
                id="backups",
            )

    def stop(self) -> None:
        """Start no more jobs."""
        if self._watching is not None:
            self._watching.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _watch_clock(self) -> None:
        """Put all jobs anew where the clock was set since the last look: one put back by a day
        would have them wait for a day."""
        wait = self._look_every.total_seconds()
        self._watching = asyncio.get_running_loop().call_later(wait, self._watch_clock)
        ahead_by, self._lead = _lead() - self._lead, _lead()
        if abs(ahead_by) <= CLOCK_SET:
            return
        log.warning("the clock was set, or the machine slept", seconds=round(ahead_by))
        self._put_back = max(0.0, self._put_back - ahead_by)
        now = utc_now()
        self._look_at(now)
        self._signal_at(now)
        for name, first in (("upkeep", FIRST_UPKEEP), ("backups", FIRST_BACKUP_LOOK)):
            job = self._scheduler.get_job(name)
            if job is not None and not now <= job.next_run_time <= now + first:
                self._scheduler.modify_job(name, next_run_time=now + first)

    def changed(self, _chat_id: int) -> None:
        """What a chat gets by the clock may be new, changed or gone: look at once."""
        if self._scheduler.running:
            self._signal_at(utc_now())
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
            self._look_at(utc_now() + self._look_every)  # This one was in the next one's place.
            return
        self._looking, self._again = True, False
        self._look_at(utc_now() + self._look_every)
        try:
            await self._look_ahead()
            following = await self._due.run()
        except DatelineError as error:
            log.log(level_of(error), "plans were not read", error=str(error))
            following = utc_now() + self._retry
        finally:
            self._looking = False
        if self._again:
            following = utc_now()
        if following is not None:
            self._look_at(min(following, utc_now() + self._look_every))

    async def _look_ahead(self) -> None:
        """Mend what was written while the clock was ahead, now that it is not any more: looked for
        after a start and where the clock was put back, for all rows are read."""
        now = utc_now()
        if by := self._put_back:
            async with self._database.transaction() as tx:
                await ahead.put_back(tx, now, timedelta(seconds=by))
            self._put_back = max(0.0, self._put_back - by)
            self._outbox.wake()
        clock = _lead()
        if clock > self._clock - ahead.SLACK.total_seconds():
            self._clock = max(clock, self._clock)
            return
        async with self._database.reader() as conn:
            is_any = await ahead.is_any(conn, now)
        if is_any:
            async with self._database.transaction() as tx:
                rows = await ahead.mend(tx, now, lease=HELD)
            self._outbox.wake()
            log.warning("the clock was ahead, and what was written then is of now", rows=rows)
        self._clock = clock

    def _signal_at(self, at: datetime) -> None:
        self._scheduler.add_job(
            self._signal, "date", run_date=at, id="signals", replace_existing=True,
            misfire_grace_time=None, max_instances=2,
        )  # fmt: skip

    async def _signal(self) -> None:
        """Tell of silences and surges, and look again in some minutes, whatever happens."""
        if self._signalling:
            self._signal_at(utc_now() + SIGNALS_SOON)  # This one was in the next one's place.
            return
        self._signalling = True
        self._signal_at(utc_now() + SIGNALS_EVERY)
        try:
            await self._surges.run()
            if await self._silences.run():
                self._signal_at(utc_now() + SIGNALS_SOON)
        except DatelineError as error:
            log.log(level_of(error), "signals were not read", error=str(error))
        except asyncio.CancelledError:  # The service stops.
            return
        finally:
            self._signalling = False

    async def _back_up(self) -> None:
        if self._backups is not None:
            with contextlib.suppress(asyncio.CancelledError):
                await self._backups.look()

    async def _keep_up(self) -> None:
        with contextlib.suppress(asyncio.CancelledError):  # The service stops.
            await self._upkeep.run()


def _lead() -> float:
    """The seconds by which the wall clock is ahead of the machine's own, which nobody sets."""
    return utc_now().timestamp() - time.monotonic()
