"""The scan that makes watching complete: each channel's history, read on from its cursor.

Only this moves a cursor, and only past what was read without a gap, in the transaction that
stores it. It runs at the start, after every reconnection and every ``RECONCILE_INTERVAL``.
"""

import asyncio
import contextlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from telethon import utils
from telethon.tl import types
from telethon.tl.functions.messages import GetHistoryRequest

from bot import failures, telegram, wire
from bot.floods import Floods
from bot.intake import Advance, Intake, Post
from bot.pace import Bucket
from bot.telegram import Client
from bot.watch import Watchlist, name_peers
from storage import channels
from storage.database import Database
from storage.document import Channel as PostChannel
from storage.errors import StorageError
from storage.records import Channel, Stored

PAGE = 100
RETRY_DELAY = 5.0
_CHANNEL_BASE = 1_000_000_000_000

log = structlog.get_logger("reconcile")


class Reconciler:
    """Scans the watched channels. ``interval`` in seconds, ``requests`` a minute."""

    def __init__(
        self,
        client: Client,
        database: Database,
        watchlist: Watchlist,
        intake: Intake,
        *,
        interval: float,
        requests: int,
    ) -> None:
        self._client = client
        self._database = database
        self._watchlist = watchlist
        self._intake = intake
        self._interval = interval
        self._requests = requests
        self._budget = Bucket(requests / 60.0, max(1.0, float(requests)))
        self._wake = asyncio.Event()
        self._floods = Floods()
        # By row id: when a channel is due, and before when Telegram does not want to hear of it.
        self._due: dict[int, float] = {}
        self._closed: dict[int, float] = {}

    @property
    def interval(self) -> float:
        """Seconds from scan to scan that the request budget allows."""
        return max(self._interval, len(self._watchlist) * 60.0 / self._requests)

    def wake(self) -> None:
        """Scan everything now: the connection was away."""
        self._due.clear()
        self._wake.set()

    async def first_cursors(self) -> None:
        """Give each new channel its cursor: its newest message. What is older is history."""
        for channel in self._watchlist.list_all():
            if channel.last_scan_at is None:
                await self._scan_guarded(channel)

    async def run(self) -> None:
        """Scan for ever; cancel it to stop."""
        while True:
            self._wake.clear()
            for channel in self._watchlist.list_all():
                if self._due_at(channel) <= self._now():
                    await self._scan_guarded(channel)
            next_due = min(map(self._due_at, self._watchlist.list_all()), default=math.inf)
            delay = min(self.interval, max(0.0, next_due - self._now()))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(delay):
                    await self._wake.wait()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _due_at(self, channel: Channel) -> float:
        return max(self._due.get(channel.id, 0.0), self._closed.get(channel.id, 0.0))

    async def _scan_guarded(self, channel: Channel) -> None:
        """Scan a channel and say when it is due again; its trouble is told and stops no other."""
        delay = self.interval
        try:
            await self._scan(channel)
        except StorageError as error:
            log.error("a scan was not stored", channel=channel.channel_id, error=str(error))
            delay = RETRY_DELAY
        except failures.CALL_ERRORS as error:
            delay = await self._failed(channel, error)
        self._due[channel.id] = self._now() + min(delay, self.interval)

    async def _failed(self, channel: Channel, error: BaseException) -> float:
        """Seconds until it is worth trying again."""
        failure = failures.failure_of(error)
        log.warning("a scan failed", channel=channel.channel_id, reason=failure.reason)
        if failure.kind == "flood":
            until = self._now() + max(1.0, failure.seconds)
            self._closed[channel.id] = until
            if self._floods.met(channel.id, until, self._now()):
                self._budget.close(until)
            return failure.seconds
        if failure.kind in ("gone", "refused"):
            async with self._database.transaction() as tx:
                await channels.update_channel(tx, channel.id, error=failure.reason)
            return self.interval
        return RETRY_DELAY

    async def _scan(self, channel: Channel) -> None:
        if channel.last_scan_at is None:
            newest = await self._read(channel, offset_id=0, add_offset=0, limit=1)
            await self._advance(channel, newest.messages[-1].id if newest.messages else 0, [])
            return
        while True:
            # The form in which Telethon reads forward: the hundred that follow an id.
            page = await self._read(
                channel, offset_id=channel.cursor + 1, add_offset=-PAGE, limit=PAGE
            )
            page = page.after(channel.cursor)
            channel = await self._take(channel, page)
            if len(page.messages) < PAGE:
                return

    async def _take(self, channel: Channel, page: "_Page") -> Channel:
        """Store a page that continues from the cursor, and move the cursor behind it."""
        parts = list(_albums(page.messages))
        if len(page.messages) == PAGE and len(parts) > 1 and parts[-1][0].grouped_id is not None:
            # The page may end inside an album: it is read again, whole, with the next one.
            parts.pop()
        posts = [Post(channel=channel, messages=part, peers=page.peers) for part in parts]
        reached = parts[-1][-1].id if parts else channel.cursor
        stored = await self._advance(channel, reached, posts)
        missed = sum(item.outcome == "new" for item in stored)
        if missed:
            log.info("filled in by a scan", channel=channel.channel_id, posts=missed)
        return self._watchlist.find(channel.channel_id or 0) or channel

    async def _advance(self, channel: Channel, reached: int, posts: list[Post]) -> list[Stored]:
        now = datetime.now(UTC)
        advance = Advance(id=channel.id, message_id=reached, scanned_at=now)
        stored = await self._intake.submit(posts, advance=advance)
        self._watchlist.scanned(channel, reached, now)
        return stored

    async def _read(self, channel: Channel, **place: int) -> "_Page":
        """A page of a channel's history, within the account's budget of requests."""
        # Scans go one after the other, so nobody takes the request that was waited for.
        await asyncio.sleep(max(0.0, self._budget.ready_at(self._now()) - self._now()))
        self._budget.take(self._now())
        peer = wire.peer(-_CHANNEL_BASE - (channel.channel_id or 0), channel.access_hash)
        request = GetHistoryRequest(
            peer=peer, offset_date=None, max_id=0, min_id=0, hash=0, **place
        )
        started = self._now()
        page = _page(await telegram.call(self._client, request))
        self._floods.passed(started)
        return page


@dataclass(frozen=True, slots=True)
class _Page:
    """A stretch of history, oldest first, and those that it names by marked id."""

    messages: list[Any]
    peers: dict[int, PostChannel]

    def after(self, cursor: int) -> "_Page":
        """The part of it behind a message id."""
        return _Page([item for item in self.messages if item.id > cursor], self.peers)


def _page(result: Any) -> _Page:
    entities = {utils.get_peer_id(item): item for item in (*result.users, *result.chats)}
    messages = [item for item in result.messages if not isinstance(item, types.MessageEmpty)]
    return _Page(sorted(messages, key=lambda item: item.id), name_peers(entities))


def _albums(messages: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Messages in order, the parts of each album together."""
    group: list[Any] = []
    for message in messages:
        if group and (message.grouped_id is None or message.grouped_id != group[0].grouped_id):
            yield tuple(group)
            group = []
        group.append(message)
    if group:
        yield tuple(group)
