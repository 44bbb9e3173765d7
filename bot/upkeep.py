"""The upkeep of the database beside the service: forgetting what is kept no longer, and room.

All of it is done in short turns of the writer with rests between, so that posts, answers and alerts
hardly wait; what is ended in between is whole, and the next run goes on.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog

from handlers.operators.troubles import level_of
from storage.connection import Database
from storage.errors import DatelineError
from storage.retention import old_documents, old_rows, space
from storage.retention.limits import Keeping
from storage.retention.turns import Turns
from storage.stories import stories
from storage.subscribers import collections, plans, removed_alerts, snapshots
from storage.undoing import removals, takings

log = structlog.get_logger("upkeep")


class Upkeep:
    """Does all that is to be done now and then. ``keeping``: for how long things are kept.
    ``longest``: seconds for which it has had the writer in one piece."""

    def __init__(self, database: Database, keeping: Keeping) -> None:
        self._database = database
        self._keeping = keeping
        self.longest = 0.0

    async def run(self, now: datetime | None = None) -> None:
        """Do everything once, as of ``now``; what fails is logged, and holds up nothing else."""
        database, keeping, now = self._database, self._keeping, now or datetime.now(UTC)
        await self._do("tidying", lambda: self._tidy(now))
        for what, work in (
            ("documents", lambda: old_documents.forget_documents(database, keeping, now=now)),
            ("revisions", lambda: old_rows.forget_revisions(database, keeping, now=now)),
            ("messages", lambda: old_rows.forget_sent(database, keeping, now=now)),
            ("problems", lambda: old_rows.forget_problems(database, keeping, now=now)),
            ("names", lambda: old_rows.forget_names(database)),
            ("own posts", lambda: old_rows.forget_own_posts(database)),
            ("merges", lambda: space.merge_index(database)),
            ("pages", lambda: space.give_back(database)),
        ):
            await self._do(what, work)

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
            await tx.refresh_statistics()
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
