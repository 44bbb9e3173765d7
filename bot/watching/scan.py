"""One scan of one channel: what it missed, what was edited, what was deleted.

A channel's *cursor* is the message up to which everything is read. Only a scan moves it, past what
was read without a gap, in the transaction that stores that.

A scan always reads the newest page. Where that reaches back to the cursor, one request is all.
Else history is read forward until it meets the page: from the cursor, or from further back, where
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
"""The most posts that may vanish at once before it looks like a mistake."""
PAGES = 5
"""The most pages that one turn reads; then other channels have theirs before the rest is read."""

log = structlog.get_logger("scan")


class Scanned(Struct, frozen=True, kw_only=True):
    """What a scan came to: the newest page; how many message ids lie between the old cursor and its
    end (``posts``), and how many posts were new (``found``). Not ``is_done``: there is more to read
    between the cursor and that page."""

    page: Page
    posts: int = 0
    found: int = 0
    is_done: bool = True


class _Suspicion(Struct, frozen=True):
    """Messages that were missing at a time (seconds of the loop's clock)."""

    ids: frozenset[int]
    since: float


class Scanner:
    """Scans channels. ``recheck`` is the number of newest posts that are compared each time;
    ``recent`` says what is read of channels that are newly watched."""

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
        """Read what there is. ``confirm_after``: seconds until a doubtful deletion is believed.

        Raises what the source raises, StorageError, and StoppedError where posts have to wait and
        the cursor with them; the others are stored all the same.
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
        """Store what lies between ``start`` and the newest page: the posts read, how many of them
        were new, and whether that is all."""
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
        """A channel's first scan: what was there when it was put on the list is history."""
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
        """Store what the newest page shows of the recent posts of a channel that is newly watched:
        then there is something to find, though the rest is read later (``bot.watching.recent``)."""
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
        """Store what is not stored as it is, and move the cursor; gives the number of new posts."""
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
        """Mark stored posts that are not there any more as deleted, as far as that is certain."""
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
        """Those that were missing a while ago too: everything gone at once may be a mistake."""
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
    """Behind which message history is read on to the newest page: the cursor. Where that page does
    not reach back to it, or cannot hold all that is compared, what was compared last time is read
    before that once more: since then it may have been edited, and nobody will look again."""
    is_gap, is_long = newest.low > channel.cursor + 1, len(known) > PAGE
    if known and (is_gap or is_long):
        return min(channel.cursor, min(known) - 1)
    return channel.cursor


def _joined(older: Sequence[Item], page: Page, start: int) -> Page:
    """The page with the posts that were read on to it from behind ``start``."""
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
