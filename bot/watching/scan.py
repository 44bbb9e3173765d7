"""One scan of one channel: finds what was missed, edited or deleted.

A channel's *cursor* is the message up to which everything is read. Only a scan moves it, past what
was read without a gap, in the transaction that stores that.

A scan always reads the newest page. If that reaches back to the cursor, one request is enough.
Otherwise history is read forward until it meets the page: from the cursor, or from further back if
posts are to be compared once more with what is stored (they may have been edited since).
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

import structlog
from msgspec import Struct

from bot.intake.intake import Intake
from bot.intake.posts import Advance, Deletion, StoppedError
from bot.settings import Recent
from bot.telegram.failures import CALL_ERRORS
from bot.watching.history import PAGE, History, Item, Page
from bot.watching.page_posts import completed, post_of, posted_since
from bot.watching.recent_posts import store_recent
from bot.watching.watchlist import Watchlist
from storage.channels import backfills, progress
from storage.connection import Database
from storage.records import Channel, Stored
from storage.structs import replace

FEW = 4
"""The most posts that may be missing at once before that looks like an error of the source."""
PAGES = 5
"""The most pages that one scan reads, so that other channels are not delayed; the rest follows."""

log = structlog.get_logger("scan")


class Scanned(Struct, frozen=True, kw_only=True):
    """The result of a scan: the newest page, the number of message ids between the old cursor and
    its end (``posts``), and how many posts were new (``found``). ``is_done``: False if there is
    more to read between the cursor and that page."""

    page: Page
    posts: int = 0
    found: int = 0
    is_done: bool = True


class _Suspicion(Struct, frozen=True):
    """Messages that were found missing at a time (seconds of the loop's clock)."""

    ids: frozenset[int]
    since: float


class Scanner:
    """Scans channels. ``recheck``: how many of the newest posts are compared each time; ``recent``:
    what is read of newly watched channels."""

    def __init__(
        self,
        database: Database,
        watchlist: Watchlist,
        intake: Intake,
        *,
        recheck: int,
        recent: Recent | None = None,
    ) -> None:
        self._database = database
        self._watchlist = watchlist
        self._intake = intake
        self._recheck = recheck
        self._recent = recent
        self._suspicions: dict[int, _Suspicion] = {}

    async def scan(
        self, channel: Channel, history: History, *, urgent: bool, now: float, confirm_after: float
    ) -> Scanned:
        """Scan a channel. ``now``: seconds of the loop's clock; ``confirm_after``: seconds until a
        doubtful deletion is believed.

        Raises the source's errors, StorageError, and StoppedError if posts, and the cursor with
        them, have to wait; the others are stored all the same.
        """
        if channel.last_scan_at is None:
            return await self._begin(channel, history, urgent=urgent)
        async with self._database.reader() as conn:
            known = await progress.list_rechecked(conn, channel, newest=self._recheck)
        count = min(PAGE, max(self._recheck, len(known) + FEW))
        page = await history.newest(channel, count, urgent=urgent)
        before = channel.cursor
        start = _start(channel, page, known)
        try:
            older, found, is_met = await self._read_on(channel, history, page, start, urgent=urgent)
        except StoppedError:
            await self._store(channel, history, page, page.items, reached=0)
            raise
        if not is_met:
            return Scanned(page=page, posts=page.high - before, found=found, is_done=False)
        stopped: StoppedError | None = None
        try:
            found += await self._store(channel, history, page, page.items, reached=page.high)
        except StoppedError as error:
            stopped = error
        page = _joined(older, page, start)
        await self._compare(channel, history, page, known, now, confirm_after)
        await self._store_recent(channel, history, page)
        if stopped is not None:
            raise stopped
        return Scanned(page=page, posts=max(0, page.high - before), found=found)

    async def _read_on(
        self, channel: Channel, history: History, newest: Page, start: int, *, urgent: bool
    ) -> tuple[list[Item], int, bool]:
        """Store the posts between ``start`` and the newest page. Returns the posts read, how many
        of them were new, and whether nothing is left between."""
        read: list[Item] = []
        reached, found = start, 0
        for _ in range(PAGES + self._recheck // PAGE + 1):
            if newest.low <= reached + 1 or newest.high <= reached:
                return read, found, True
            more = await history.after(channel, reached, urgent=urgent)
            found += await self._store(channel, history, more, more.items, reached=more.high)
            read += more.items
            reached = more.high
            if more.is_last:
                return read, found, True
        return read, found, newest.low <= reached + 1

    async def _begin(self, channel: Channel, history: History, *, urgent: bool) -> Scanned:
        """A channel's first scan: posts from before it was put on the list are history."""
        page = await history.newest(channel, min(PAGE, self._recheck), urgent=urgent)
        listed_at = channel.added_at.replace(microsecond=0)  # Telegram's times are whole seconds.
        fresh = posted_since(page.items, listed_at)
        start = fresh[0].ids[0] - 1 if fresh else page.high
        is_more = fresh == page.items != () and not page.is_last
        if is_more:
            start = await history.id_before(channel, listed_at)
        now = datetime.now(UTC)
        await self._intake.submit(
            advance=Advance(id=channel.id, message_id=start, scanned_at=now, begins=True)
        )
        self._watchlist.scanned(channel.id, start, now, pts=page.pts)
        begun = self._watchlist.get(channel.id)
        if is_more or begun is None:
            return Scanned(page=page, is_done=not is_more)
        found = await self._store(begun, history, page, fresh, reached=page.high) if fresh else 0
        await self._store_recent(begun, history, page)
        return Scanned(page=page, posts=found, found=found)

    async def _store_recent(self, channel: Channel, history: History, page: Page) -> None:
        """Store the recent posts on the newest page of a newly watched channel, so that there is
        something to find; the rest is read later (``bot.watching.recent``)."""
        if self._recent is None or channel.cursor != channel.floor:
            return
        async with self._database.reader() as conn:
            asked = await backfills.find_backfill(conn, channel.id)
        if asked is None or not asked.newest_first or asked.finished_at is not None:
            return
        low = page.low - 1
        if asked.last_id < low:
            return
        # The reader of the rest comes to them again, and tells of what fails.
        with suppress(StoppedError, *CALL_ERRORS):
            await store_recent(
                self._database,
                self._intake,
                self._watchlist,
                channel,
                history,
                [page],
                low=low,
                backfill=asked,
                limits=self._recent,
            )

    async def _store(
        self,
        channel: Channel,
        history: History,
        page: Page,
        items: Iterable[Item],
        *,
        reached: int,
    ) -> int:
        """Store the posts that are new or changed, and move the cursor to ``reached``; returns the
        number of new ones."""
        changed = [
            item
            for item in items
            if item.ids[-1] > channel.floor and not self._watchlist.is_stored(channel.id, item)
        ]
        changed = list(await completed(channel, history, changed))
        now = datetime.now(UTC)
        is_pushed = page.names is not None and page.names.source == "joined"
        advance = Advance(id=channel.id, message_id=reached, scanned_at=now, is_pushed=is_pushed)
        try:
            stored = await self._intake.submit(
                [post_of(channel, page, item) for item in changed], advance=advance
            )
        except StoppedError as error:
            self._watchlist.stored(
                channel.id, [item for item in changed if error.held.isdisjoint(item.ids)]
            )
            self._watchlist.scanned(channel.id, error.reached, now, pts=page.pts)
            raise
        self._watchlist.stored(channel.id, changed)
        self._watchlist.scanned(channel.id, reached, now, pts=page.pts)
        return _log_found(channel, stored, is_pushed=is_pushed)

    async def _compare(
        self,
        channel: Channel,
        history: History,
        page: Page,
        known: set[int],
        now: float,
        confirm_after: float,
    ) -> None:
        """Mark stored posts that no longer exist as deleted, as far as that is certain."""
        low = 1 if page.is_last else page.low
        checked = {number for number in known if number >= low}
        missing = frozenset(checked - page.ids)
        if not missing:
            self._suspicions.pop(channel.id, None)
            return
        doubtful = len(missing) > max(FEW, len(checked) // 2) or not history.is_sure
        if doubtful:
            missing = self._confirmed(channel, missing, now, confirm_after)
        gone = await _list_gone(channel, history, sorted(missing))
        if gone:
            number, ids = channel.channel_id or 0, tuple(gone)
            await self._intake.submit(
                deletion=Deletion(id=channel.id, channel_id=number, message_ids=ids)
            )
            self._watchlist.deleted(channel.id, gone)
            self._suspicions.pop(channel.id, None)
            log.info("deletions found by a scan", channel=channel.channel_id, posts=len(gone))

    def _confirmed(
        self, channel: Channel, missing: frozenset[int], now: float, confirm_after: float
    ) -> frozenset[int]:
        """Those of the missing messages that were missing ``confirm_after`` seconds ago too: many
        that vanish at once may be an error of the source."""
        before = self._suspicions.get(channel.id)
        both = missing & before.ids if before else frozenset[int]()
        if before is None or not both:
            self._suspicions[channel.id] = _Suspicion(missing, now)
            log.warning(
                "posts are missing; they are not marked before that is confirmed",
                channel=channel.channel_id,
                posts=len(missing),
            )
            return frozenset()
        return both if now - before.since >= confirm_after else frozenset()


def _start(channel: Channel, newest: Page, known: set[int]) -> int:
    """The message id after which history is read up to the newest page: the cursor. If that page
    does not reach back to the cursor, or cannot hold all posts to compare, it is the message before
    those that were compared last time: they may have been edited since, and no later scan will look
    at them."""
    is_gap, is_long = newest.low > channel.cursor + 1, len(known) > PAGE
    if known and (is_gap or is_long):
        return min(channel.cursor, min(known) - 1)
    return channel.cursor


def _joined(older: Sequence[Item], page: Page, start: int) -> Page:
    """The page extended by the posts that were read between ``start`` and it."""
    if not older:
        return page
    kept = tuple(item for item in older if item.ids[-1] < page.low)
    return replace(page, items=kept + page.items, low=min(page.low, start + 1))


async def _list_gone(channel: Channel, history: History, ids: list[int]) -> list[int]:
    gone: list[int] = []
    for start in range(0, len(ids), PAGE):
        asked = ids[start : start + PAGE]
        present = await history.list_present(channel, asked)
        gone += [number for number in asked if number not in present]
    return gone


def _log_found(channel: Channel, stored: list[Stored], *, is_pushed: bool) -> int:
    found = sum(item.outcome == "new" for item in stored)
    if found and is_pushed:
        log.info("filled in by a scan", channel=channel.channel_id, posts=found)
    return found
