"""Reads the history that was asked for: oldest first, in pages, resumable.

Its posts go to the intake as history, so they raise no alert. The range of message ids that is
still to be read is kept in the database, so that a restart continues where it was; until it is
read, it is reported as a gap.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import structlog

from bot.intake.intake import Intake
from bot.intake.posts import Advance, StoppedError
from bot.process.gate import Gate
from bot.telegram import failures
from bot.telegram.failures import CALL_ERRORS
from bot.telegram.retry import FROZEN_DELAY, Failure
from bot.watching.history import PAGE, History
from bot.watching.page_posts import post_of
from bot.watching.sources import Source, SourceName, choose_for_history
from bot.watching.watchlist import Watchlist
from bot.watching.web_preview import PreviewError
from handlers.operators.notices import Notices
from handlers.render.text.names import name_of
from storage.backoff import backoff
from storage.channels import backfills
from storage.connection import Database
from storage.errors import StorageError, UnavailableError
from storage.records import Backfill, Channel

POLL = 1.0

log = structlog.get_logger("backfill")


class Backfiller:
    """Reads the requested histories, one channel after the other; nothing older than posts are
    ``kept_for`` (None: for ever)."""

    def __init__(
        self,
        database: Database,
        watchlist: Watchlist,
        intake: Intake,
        sources: Mapping[SourceName, Source],
        notices: Notices,
        gate: Gate,
        *,
        account_serves: Callable[[], bool],
        kept_for: timedelta | None = None,
    ) -> None:
        self._kept_for = kept_for
        self._database = database
        self._watchlist = watchlist
        self._intake = intake
        self._sources = sources
        self._notices = notices
        self._gate = gate
        self._account_serves = account_serves
        self._failed = 0
        self._waits: dict[int, float] = {}

    async def run(self) -> None:
        """Work until cancelled; the next run continues where this one stopped."""
        clock = asyncio.get_running_loop().time
        while True:
            try:
                async with self._database.reader() as conn:
                    asked = await backfills.list_backfills(conn, open_only=True)
                for backfill in asked:
                    if backfill.newest_first:
                        continue
                    channel = self._watchlist.get(backfill.channel)
                    if channel is None or channel.last_scan_at is None:
                        continue
                    # What one channel has to wait for holds up no other.
                    if self._waits.get(channel.id, 0.0) <= clock():
                        self._waits[channel.id] = clock() + await self.read(channel)
            except UnavailableError as error:
                log.debug("history was not stored", error=str(error))
            except StorageError as error:
                log.warning("history was not stored", error=str(error))
            await asyncio.sleep(POLL)

    async def read(self, channel: Channel) -> float:
        """Read one channel's history to its end, or until something fails.

        Returns the seconds to wait before another try; 0 when nothing is left to do.
        """
        with self._gate.guarded("page", foreseen=(StorageError,), channel=name_of(channel)):
            return await self._read(channel)
        return self._wait()

    async def _read(self, channel: Channel) -> float:
        name = self._choose(channel)
        try:
            while await self._step(channel, self._sources[name].history):
                self._failed = 0
        except PreviewError as error:
            return await self._stopped(channel, error.failure)
        except CALL_ERRORS as error:
            return await self._stopped(channel, failures.failure_of(error))
        except StoppedError as error:
            log.warning("history waits", channel=name_of(channel), reason=str(error))
            return self._wait()
        return 0.0

    def _wait(self) -> float:
        """Count a failure; returns the seconds until the next try."""
        self._failed += 1
        return backoff(self._failed)

    def _choose(self, channel: Channel) -> SourceName:
        return choose_for_history(channel, self._sources, account_serves=self._account_serves())

    async def _step(self, channel: Channel, history: History) -> bool:
        """Read the next page and store it; returns whether there is more to do."""
        async with self._database.reader() as conn:
            backfill = await backfills.find_backfill(conn, channel.id)
        if backfill is None or backfill.newest_first or backfill.finished_at is not None:
            return False
        if backfill.next_id == 0:
            await self._begin(channel, history, backfill)
            return True
        if backfill.next_id > backfill.last_id or backfill.remaining == 0:
            await self._finish(channel)
            return False
        page = await history.after(channel, backfill.next_id - 1)
        items = [item for item in page.items if item.ids[0] <= backfill.last_id]
        reached = backfill.last_id if page.is_last else min(page.high, backfill.last_id)
        if backfill.remaining is not None and len(items) > backfill.remaining:
            items = items[: backfill.remaining]
            reached = items[-1].ids[-1]
        items = [await history.complete(channel, item) for item in items]
        await self._intake.submit([post_of(channel, page, item, asked=True) for item in items])
        async with self._database.transaction() as tx:
            await self._watchlist.insist(tx, channel.id)
            await backfills.advance(
                tx,
                channel.id,
                from_id=backfill.next_id,
                next_id=reached + 1,
                posts=len(items),
            )
        return True

    async def _begin(self, channel: Channel, history: History, backfill: Backfill) -> None:
        first, last = 1, channel.floor
        if channel.last_scan_at is None:
            # It was never watched: its history ends now, and watching will begin here.
            last = (await history.newest(channel, PAGE)).high
            now = datetime.now(UTC)
            begun = Advance(id=channel.id, message_id=last, scanned_at=now, begins=True)
            await self._intake.submit(advance=begun)
        since = self._oldest(backfill)
        if since is not None:
            first = await history.id_before(channel, since) + 1
        async with self._database.transaction() as tx:
            await self._watchlist.insist(tx, channel.id)
            await backfills.begin(tx, channel.id, first_id=first, last_id=last)

    def _oldest(self, backfill: Backfill) -> datetime | None:
        """The publication time from which on posts are read; None for all."""
        kept = None if self._kept_for is None else datetime.now(UTC) - self._kept_for
        return max(filter(None, (backfill.since, kept)), default=None)

    async def _finish(self, channel: Channel) -> None:
        """Mark the history as read, or its limit of posts as reached, and tell the chat that
        asked for it."""
        now = datetime.now(UTC)
        self._intake.drop(channel.id, asked=True)
        async with self._database.transaction() as tx:
            await self._watchlist.insist(tx, channel.id)
            await backfills.finish(tx, channel.id, finished_at=now)
            done = await backfills.find_backfill(tx, channel.id)
            if done is not None and done.asked_by is not None:
                is_whole = done.next_id > done.last_id
                await self._notices.add(
                    tx,
                    f"backfill:{channel.id}:{done.asked_at.isoformat()}",
                    "backfilled",
                    channel=name_of(channel),
                    posts=done.posts,
                    state="All is read." if is_whole else "It goes on with another call.",
                )
        log.info("history read", channel=name_of(channel), posts=done.posts if done else 0)

    async def _stopped(self, channel: Channel, failure: Failure) -> float:
        log.warning("history waits", channel=name_of(channel), reason=failure.reason)
        if failure.kind in ("gone", "refused"):
            async with self._database.transaction() as tx:
                await self._watchlist.insist(tx, channel.id)
                now = datetime.now(UTC)
                await backfills.finish(tx, channel.id, finished_at=now, error=failure.reason)
            return 0.0
        if failure.kind == "frozen":
            return FROZEN_DELAY
        return max(failure.seconds, self._wait())
