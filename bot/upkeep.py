"""The upkeep of the database beside the service: forgetting what is kept no longer, and room.

All of it is done in short turns of the writer with rests between, so that posts, answers and alerts
hardly wait; what is ended in between is whole, and the next run goes on.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog

from handlers.operators.notices import Notices
from handlers.operators.troubles import level_of
from storage.connection import Database
from storage.errors import DatelineError
from storage.retention import clock, old_documents, old_rows, space
from storage.retention.limits import Keeping
from storage.retention.turns import Turns
from storage.stories import stories
from storage.subscribers import collections, plans, removed_alerts, snapshots
from storage.undoing import removals, takings

log = structlog.get_logger("upkeep")


class Upkeep:
    """Does all that is to be done now and then. ``keeping``: for how long things are kept.
    ``longest``: seconds for which it has had the writer in one piece. ``notices``: who tells the
    operators of a clock that cannot be trusted."""

    def __init__(
        self, database: Database, keeping: Keeping, notices: Notices | None = None
    ) -> None:
        self._database = database
        self._keeping = keeping
        self._notices = notices
        self.longest = 0.0

    async def run(self, now: datetime | None = None) -> None:
        """Do everything once, as of ``now``; what fails is logged, and holds up nothing else. While
        the clock cannot be trusted nothing is forgotten by its age."""
        database, now = self._database, now or datetime.now(UTC)
        if await self._trusts(now):
            await self._forget_old(now)
        for what, work in (
            ("statistics", self._refresh_statistics),
            ("names", lambda: old_rows.forget_names(database)),
            ("own posts", lambda: old_rows.forget_own_posts(database)),
            ("merges", lambda: space.merge_index(database)),
            ("pages", lambda: space.give_back(database)),
        ):
            await self._do(what, work)

    async def _trusts(self, now: datetime) -> bool:
        """Whether the time goes with what else is known; that it does not is told once."""
        try:
            async with self._database.transaction() as tx:
                doubt = await clock.look(tx, now)
                if doubt is None:
                    return True
                if self._notices is not None:
                    key = f"clock:{doubt.since.isoformat()}"
                    said = {"now": doubt.now, "known": doubt.known}
                    shown = {name: f"{at:%Y-%m-%d %H:%M} UTC" for name, at in said.items()}
                    await self._notices.add(tx, key, "clock_doubted", **shown)
        except DatelineError as error:
            log.log(
                level_of(error, logging.WARNING), "upkeep failed", what="clock", error=str(error)
            )
            return False
        log.warning("the clock is not trusted", now=f"{now:%FT%TZ}", known=f"{doubt.known:%FT%TZ}")
        return False

    async def _forget_old(self, now: datetime) -> None:
        database, keeping = self._database, self._keeping
        for what, work in (
            ("tidying", lambda: self._tidy(now)),
            ("documents", lambda: old_documents.forget_documents(database, keeping, now=now)),
            ("revisions", lambda: old_rows.forget_revisions(database, keeping, now=now)),
            ("messages", lambda: old_rows.forget_sent(database, keeping, now=now)),
            ("problems", lambda: old_rows.forget_problems(database, keeping, now=now)),
        ):
            await self._do(what, work)

    async def _refresh_statistics(self) -> None:
        async with self._database.transaction() as tx:
            await tx.refresh_statistics()

    async def _do(self, what: str, work: Callable[[], Awaitable[Turns | None]]) -> None:
        try:
            turns = await work()
        except DatelineError as error:
            log.log(level_of(error, logging.WARNING), "upkeep failed", what=what, error=str(error))
            return
        if turns is not None and turns.done:
            self.longest = max(self.longest, turns.longest)
            longest = round(turns.longest * 1000)
            log.info("kept up", what=what, done=turns.done, longest_turn_ms=longest)

    async def _tidy(self, now: datetime) -> None:
        async with self._database.transaction() as tx:
            await snapshots.prune_snapshots(tx, now=now)
            await plans.prune_removed(tx, now=now)
            await collections.prune_removed(tx, now=now)
            await removed_alerts.prune_removed(tx, now=now)
            await removals.prune_removed(tx, now=now)
            await takings.prune_taken(tx, now=now)
        await self._prune_sketches(now)

    async def _prune_sketches(self, now: datetime) -> None:
        """Forget the sketches of posts that no new one can join, some at a time."""
        turns = Turns(self._database)
        start: int | None = stories.LOWEST_HASH
        while start is not None:
            async with turns.turn() as tx:
                start = await stories.prune_sketches(tx, before=now - stories.WINDOW, start=start)
            await turns.rest()
