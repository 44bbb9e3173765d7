"""Stores the posts that Telegram pushes, at once and in their channel's order.

Pushes make alerts fast, but some may be missing; the scans guarantee completeness
(``bot.watching.reconcile``). If a push shows that an earlier one is missing, the channel is scanned
first: after message 11 a push of 13 means that 12 was missed.

Updates are assigned to channels by id here, not by Telethon's filters: with those, one name that
does not resolve would silence all handlers that were registered later.
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from telethon import events
from telethon.tl import types

from bot.intake.intake import Intake
from bot.intake.posts import Deletion, Post, StoppedError
from bot.process.gate import Gate
from bot.telegram.clients import Client
from bot.telegram.objects import MessageUpdate
from bot.telegram.rich_messages import lacks
from bot.watching.history import History, Item, item_of, name_peers
from bot.watching.page_posts import completed
from bot.watching.watchlist import Watchlist
from handlers.normalize.telethon.message import is_same_album
from storage.errors import StorageError, UnavailableError
from storage.records import Channel

# Telegram sends an album as messages of their own, a moment apart.
ALBUM_WAIT = 0.7
# Seconds that a post waits for those that were missed before it, to come after them.
HOLD = 5.0

log = structlog.get_logger("watch")

Scan = Callable[[Channel], "asyncio.Future[None]"]


@dataclass(slots=True)
class _Album:
    """An album whose parts are arriving; ``over`` is set when it is complete."""

    updates: list[MessageUpdate] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def gathered(self) -> list[MessageUpdate]:
        """The updates of all its parts, once another post follows or nothing came for
        ``ALBUM_WAIT``."""
        seen = 0
        while len(self.updates) > seen and not self.over.is_set():
            seen = len(self.updates)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ALBUM_WAIT):
                    await self.over.wait()
        self.over.set()
        return sorted(self.updates, key=lambda update: update.message.id)


@dataclass(slots=True)
class _Stream:
    """A channel's pushes, processed one after the other in the order of arrival."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    album: _Album | None = None


class Watch:
    """Passes the pushes of watched channels to the intake. ``scan`` requests a scan of a channel,
    ``history`` completes posts that come in part."""

    def __init__(
        self,
        client: Client,
        watchlist: Watchlist,
        intake: Intake,
        gate: Gate,
        scan: Scan,
        history: History,
    ) -> None:
        self._client = client
        self._watchlist = watchlist
        self._intake = intake
        self._gate = gate
        self._scan = scan
        self._history = history
        self._streams: dict[int, _Stream] = {}

    def open(self) -> None:
        """Subscribe to the client's updates."""
        kinds = [
            types.UpdateNewChannelMessage,
            types.UpdateEditChannelMessage,
            types.UpdateDeleteChannelMessages,
            # These count in ``pts`` too: unseen, they would look like gaps.
            types.UpdatePinnedChannelMessages,
            types.UpdateChannelWebPage,
            types.UpdateChannelTooLong,
        ]
        self._client.add_event_handler(self._on_update, events.Raw(kinds))

    async def _on_update(self, update: types.TypeUpdate) -> None:
        message = getattr(update, "message", None)
        peer = getattr(message, "peer_id", update)
        channel = self._watchlist.find(getattr(peer, "channel_id", None) or 0)
        if channel is None:
            return
        number = getattr(message, "id", None)
        # What is not handled is read by the next scan: the cursor stands before it.
        with self._gate.guarded("push", channel=channel.channel_id, message=number):
            await self._on_watched(channel, update)

    async def _on_watched(self, channel: Channel, update: types.TypeUpdate) -> None:
        stream = self._streams.setdefault(channel.id, _Stream())
        album = None
        if isinstance(update, types.UpdateNewChannelMessage):
            if _joins(stream, update):
                return
            album = stream.album
            if album is not None:
                album.updates.append(update)
        try:
            async with stream.lock:
                await self._on_ordered(channel.id, update, album)
        except UnavailableError as error:
            log.debug("a push was not taken", error=str(error))
        except StorageError as error:
            log.warning("a push was not stored", error=str(error))

    async def _on_ordered(self, row: int, update: types.TypeUpdate, album: "_Album | None") -> None:
        channel = self._watchlist.get(row)
        if channel is None:
            return
        if self._shows_gap(channel, update):
            done = self._scan(channel)
            if isinstance(update, types.UpdateNewChannelMessage):
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(HOLD):
                        await asyncio.shield(done)
        updates = [update]
        if isinstance(update, types.UpdateDeleteChannelMessages):
            ids = tuple(update.messages)
            await self._intake.submit(
                deletion=Deletion(id=None, channel_id=update.channel_id, message_ids=ids)
            )
            self._watchlist.deleted(row, ids)
        elif isinstance(update, types.UpdateNewChannelMessage):
            updates = [update] if album is None else await album.gathered()
            await self._store(row, updates)
        elif isinstance(update, types.UpdateEditChannelMessage):
            await self._store(row, updates)
        for taken in updates:
            is_new = isinstance(taken, types.UpdateNewChannelMessage)
            self._watchlist.reached(row, taken.message.id if is_new else 0, _pts(taken))

    def _shows_gap(self, channel: Channel, update: types.TypeUpdate) -> bool:
        """Whether an update before this one is missing, by its message id or by Telegram's
        ``pts``."""
        reach = self._watchlist.reach(channel.id)
        if reach is None:
            return False
        if isinstance(update, types.UpdateChannelTooLong):
            return True
        is_new = isinstance(update, types.UpdateNewChannelMessage)
        if is_new and update.message.id > reach.message_id + 1:
            return True
        pts, count = _pts(update), getattr(update, "pts_count", 0) or 0
        return reach.pts > 0 and pts - count > reach.pts

    async def _store(self, row: int, updates: list[MessageUpdate]) -> None:
        channel = self._watchlist.get(row)
        if channel is None:
            return
        is_new = isinstance(updates[0], types.UpdateNewChannelMessage)
        item = item_of([update.message for update in updates])
        if is_new and self._watchlist.is_stored(row, item):
            return
        item = await self._complete(channel, item)
        post = Post(
            channel=channel,
            messages=item.messages,
            peers=name_peers(getattr(updates[0], "_entities", None) or {}),
            history=item.ids[-1] <= channel.floor,
        )
        try:
            await self._intake.submit([post])
        except StoppedError as error:
            # The scans come back to it; what follows goes on.
            log.warning("a push waits", error=str(error))
            return
        if is_new or item.messages[0].grouped_id is None:
            self._watchlist.stored(row, [item])
        if lacks(item.messages):
            self._scan(channel)

    async def _complete(self, channel: Channel, item: Item) -> Item:
        """A post with the parts that the push left out, if they come within ``HOLD`` seconds.
        Otherwise it is stored as it is, and a scan asks again."""
        if not lacks(item.messages):
            return item
        try:
            async with asyncio.timeout(HOLD):
                (item,) = await completed(channel, self._history, [item], urgent=True)
        except TimeoutError:
            log.warning("stays in part", channel=channel.channel_id, post=item.ids)
        return item


def _joins(stream: _Stream, update: types.TypeUpdate) -> bool:
    """Add a message to the album that is arriving, if it belongs there; returns whether it did.

    Any other message ends that album, since pushes come in order, and may begin another one.
    """
    album = stream.album
    if album is not None:
        parts = [taken.message for taken in album.updates]
        if not album.over.is_set() and parts and is_same_album(parts, update.message):
            album.updates.append(update)
            return True
        album.over.set()
    stream.album = None if update.message.grouped_id is None else _Album()
    return False


def _pts(update: types.TypeUpdate) -> int:
    """The channel's state counter after an update; 0 if Telethon made the update of a
    difference."""
    pts = getattr(update, "pts", None)
    return pts if isinstance(pts, int) and pts > 0 else 0
