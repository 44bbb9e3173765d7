"""Reads the recent posts of newly watched channels, so that searches and digests find something.

They are read newest first, a page of each channel in turn, with the requests that scans leave
unused. They raise no alert, except those published after the watch began.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog

from bot.intake.intake import Intake
from bot.intake.posts import StoppedError
from bot.process.gate import Gate
from bot.settings import Recent
from bot.telegram import failures
from bot.telegram.failures import CALL_ERRORS
from bot.telegram.retry import FROZEN_DELAY, Failure
from bot.watching import recent_posts
from bot.watching.history import History, Page
from bot.watching.sources import Source, SourceName, choose_for_history
from bot.watching.watchlist import Watchlist
from bot.watching.web_preview import PreviewError
from handlers.render.text.names import name_of
from storage.backoff import backoff
from storage.channels import backfills
from storage.connection import Database
from storage.errors import StorageError
from storage.records import Backfill, Channel

POLL = 1.0
STEP = 90
"""How many ids are read at a time: one page holds them all."""
ALBUM = 10
"""The most parts of an album. The last ids of a stretch may be a part of one that is cut off."""
EMPTY = 10
"""Steps without any post after which the channel is taken to have no older ones."""

log = structlog.get_logger("recent")


class RecentReader:
    """Reads recent posts within ``limits``; None reads nothing.

    ``may_read``: whether the scans have been through all channels once; their newest pages go
    first.
    """

    def __init__(
        self,
        database: Database,
        watchlist: Watchlist,
        intake: Intake,
        sources: Mapping[SourceName, Source],
        gate: Gate,
        *,
        limits: Recent | None,
        account_serves: Callable[[], bool],
        may_read: Callable[[], bool],
    ) -> None:
        self._database = database
        self._watchlist = watchlist
        self._intake = intake
        self._sources = sources
        self._gate = gate
        self._limits = limits
        self._account_serves = account_serves
        self._may_read = may_read
        self._waits: dict[int, float] = {}
        self._failed: dict[int, int] = {}
        self._empty: dict[int, int] = {}

    async def run(self) -> None:
        """Work until cancelled; the next run continues where this one stopped."""
        while True:
            is_idle = True
            with self._gate.guarded("page", foreseen=(StorageError,)):
                try:
                    is_idle = not await self._turn()
                except StorageError as error:
                    log.debug("recent posts were not stored", error=str(error))
            if is_idle:
                await asyncio.sleep(POLL)

    async def _turn(self) -> bool:
        """Read a page of the channel with the fewest posts read; returns False if there is none to
        read."""
        async with self._database.reader() as conn:
            asked = await backfills.list_backfills(conn, open_only=True)
        asked = [backfill for backfill in asked if backfill.newest_first]
        if self._limits is None and asked:
            async with self._database.transaction() as tx:
                await backfills.drop_recent(tx)
        if self._limits is None or not self._may_read():
            return False
        now = asyncio.get_running_loop().time()
        for backfill in sorted(asked, key=lambda one: one.posts):
            channel = self._watchlist.get(backfill.channel)
            if channel is None or channel.last_scan_at is None:
                continue
            if self._waits.get(channel.id, 0.0) <= now:
                # Until it is known what came of it, another has its turn.
                self._put_off(channel, 0.0)
                with self._gate.guarded("page", foreseen=(StorageError,), channel=name_of(channel)):
                    await self._page(channel, backfill, self._limits)
                return True
        return False

    async def _page(self, channel: Channel, backfill: Backfill, limits: Recent) -> None:
        try:
            await self._step(channel, self._history(channel), backfill, limits)
        except PreviewError as error:
            await self._stopped(channel, error.failure)
        except CALL_ERRORS as error:
            await self._stopped(channel, failures.failure_of(error))
        except StoppedError as error:
            log.warning("recent posts wait", channel=name_of(channel), reason=str(error))
        else:
            self._failed.pop(channel.id, None)
            self._waits.pop(channel.id, None)

    def _put_off(self, channel: Channel, seconds: float) -> None:
        failed = self._failed[channel.id] = self._failed.get(channel.id, 0) + 1
        now = asyncio.get_running_loop().time()
        self._waits[channel.id] = now + max(seconds, backoff(failed))

    def _history(self, channel: Channel) -> History:
        name = choose_for_history(channel, self._sources, account_serves=self._account_serves())
        return self._sources[name].history

    async def _step(
        self, channel: Channel, history: History, backfill: Backfill, limits: Recent
    ) -> None:
        """Read the stretch just below what is read, and store it."""
        start = max(0, backfill.last_id - STEP)
        pages = await _read(channel, history, start, backfill.last_id)
        found = await recent_posts.store_recent(
            self._database,
            self._intake,
            self._watchlist,
            channel,
            history,
            pages,
            low=start + ALBUM if start else 0,
            backfill=backfill,
            limits=limits,
        )
        empty = self._empty[channel.id] = 0 if found else self._empty.get(channel.id, 0) + 1
        if empty >= EMPTY:
            await self._finish(channel, since=recent_posts.since(backfill, limits))

    async def _finish(
        self, channel: Channel, *, since: datetime | None = None, error: str | None = None
    ) -> None:
        self._empty.pop(channel.id, None)
        place = (self._database, self._intake, self._watchlist, channel)
        await recent_posts.finish(*place, since=since, error=error)

    async def _stopped(self, channel: Channel, failure: Failure) -> None:
        log.warning("recent posts wait", channel=name_of(channel), reason=failure.reason)
        if failure.kind in ("gone", "refused"):
            await self._finish(channel, error=failure.reason)
        else:
            self._put_off(channel, FROZEN_DELAY if failure.kind == "frozen" else failure.seconds)


async def _read(channel: Channel, history: History, start: int, end: int) -> list[Page]:
    """The pages that cover the message ids after ``start`` up to ``end``."""
    pages = [await history.after(channel, start)]
    while pages[-1].high < end and not pages[-1].is_last:
        pages.append(await history.after(channel, pages[-1].high))
    return pages
