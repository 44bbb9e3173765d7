"""Watching: which channels, and what Telegram pushes of them. A push is a hint, not a record.

What a push brings is stored at once; that nothing was missed is the scan's affair
(``bot.reconcile``). Channels are told apart by their id here, never by Telethon's filters: one
name that does not resolve would silence every handler registered after it.
"""

import asyncio
import dataclasses
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import structlog
from telethon import events, utils
from telethon.tl import types

from bot import failures, resolve, telegram
from bot.intake import Deletion, Intake, Post
from bot.resolve import Found, UnresolvedError
from bot.telegram import Client
from storage import channels, facts
from storage.database import Database
from storage.document import Channel as PostChannel
from storage.errors import StorageError
from storage.records import Channel

# Telegram sends an album as messages of their own, a moment apart.
ALBUM_WAIT = 0.7
_ACCOUNT = "watching_account"

log = structlog.get_logger("watch")


class Watchlist:
    """The channels that are watched, by Telegram's bare id, as they stand in the database."""

    def __init__(self) -> None:
        self._channels: dict[int, Channel] = {}
        self._joined: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return len(self._channels)

    def find(self, channel_id: int) -> Channel | None:
        """The watched channel with this bare id, or None."""
        return self._channels.get(channel_id)

    def list_all(self) -> list[Channel]:
        """All watched channels that can be read."""
        return list(self._channels.values())

    def put(self, channel: Channel) -> None:
        """Watch this channel, or know it better."""
        if channel.channel_id is not None:
            self._channels[channel.channel_id] = channel

    def scanned(self, channel: Channel, cursor: int, at: datetime) -> None:
        """A scan has read everything up to ``cursor``."""
        self.put(dataclasses.replace(channel, cursor=cursor, last_scan_at=at))


async def open_watchlist(client: Client, database: Database, names: Iterable[str]) -> Watchlist:
    """The channels of the database and of the settings. What cannot be resolved is told."""
    await _drop_hashes_of_others(client, database)
    joined = await _joined(client)
    for name in names:
        await _add_named(client, database, name, joined)
    watchlist = Watchlist()
    async with database.reader() as conn:
        known = await channels.list_channels(conn, watched=True)
    for channel in known:
        readable = await _refresh(client, database, channel, joined)
        if readable is not None:
            watchlist.put(readable)
            if readable.channel_id not in joined:
                log.info("not joined, so read by scans alone", channel=_name(readable))
    return watchlist


async def _joined(client: Client) -> dict[int, Found]:
    try:
        return await resolve.list_dialogs(client)
    except failures.CALL_ERRORS as error:
        log.warning("the dialogs are not known", reason=failures.failure_of(error).reason)
        return {}


async def _drop_hashes_of_others(client: Client, database: Database) -> None:
    """Access hashes are good for one account only: forget those of another."""
    me = str((await telegram.within(client.get_me(input_peer=True))).user_id)
    async with database.transaction() as tx:
        before = await facts.find_value(tx, _ACCOUNT)
        if before is not None and before != me:
            for channel in await channels.list_channels(tx, watched=None):
                await channels.update_channel(tx, channel.id, access_hash=None)
        await facts.set_value(tx, _ACCOUNT, me)


async def _add_named(
    client: Client, database: Database, name: str, joined: Mapping[int, Found]
) -> None:
    """Put a channel of the settings on the list, unless it is there or was taken off by hand."""
    try:
        reference = resolve.parse_reference(name)
        username = reference.value if reference.kind == "name" else None
        channel_id = int(reference.value) if reference.kind == "id" else None
        async with database.reader() as conn:
            if username or channel_id:
                if await channels.was_removed(conn, username=username, channel_id=channel_id):
                    return
                known = await channels.find_channel(conn, username=username, channel_id=channel_id)
                if known is not None and known.watched and known.access_hash is not None:
                    return
        found = await resolve.resolve(client, name, joined)
    except UnresolvedError as error:
        log.error("a channel cannot be watched", error=str(error))
        await _note_error(database, name, error.what)
        return
    except failures.CALL_ERRORS as error:
        reason = failures.failure_of(error).reason
        log.error("a channel cannot be resolved now", channel=name, reason=reason)
        await _note_error(database, name, reason)
        return
    async with database.transaction() as tx:
        if await channels.was_removed(tx, username=None, channel_id=found.channel_id):
            return
        await _store(tx, found)


async def _store(tx: Any, found: Found) -> Channel:
    channel = await channels.add_channel(
        tx,
        channel_id=found.channel_id,
        username=found.username,
        title=found.title,
        access_hash=found.access_hash,
        now=datetime.now(UTC),
    )
    return await channels.update_channel(tx, channel.id, error=None)


async def _note_error(database: Database, name: str, error: str) -> None:
    """Keep an unresolved name where ``/channels`` shows it."""
    try:
        reference = resolve.parse_reference(name)
    except UnresolvedError:
        return
    if reference.kind != "name":
        return
    async with database.transaction() as tx:
        channel = await channels.find_channel(tx, username=reference.value)
        if channel is None:
            channel = await channels.add_channel(
                tx, username=reference.value, now=datetime.now(UTC)
            )
        await channels.update_channel(tx, channel.id, error=error)


async def _refresh(
    client: Client, database: Database, channel: Channel, joined: Mapping[int, Found]
) -> Channel | None:
    """A channel of the list as it can be read now; None where it cannot."""
    found = joined.get(channel.channel_id or 0)
    if found is None and (channel.channel_id is None or channel.access_hash is None):
        if channel.username is None or channel.error is not None:
            return None
        try:
            found = await resolve.resolve(client, channel.username, joined)
        except (UnresolvedError, *failures.CALL_ERRORS) as error:
            log.error("a channel cannot be resolved", channel=_name(channel), error=repr(error))
            return None
    if found is None or _is_known(channel, found):
        return channel
    async with database.transaction() as tx:
        return await _store(tx, found)


def _is_known(channel: Channel, found: Found) -> bool:
    known = (channel.channel_id, channel.access_hash, channel.username, channel.title)
    return channel.error is None and known == (
        found.channel_id,
        found.access_hash,
        found.username,
        found.title,
    )


def _name(channel: Channel) -> str:
    return f"@{channel.username}" if channel.username else channel.title or str(channel.channel_id)


class Watch:
    """Takes the pushes of watched channels and brings them to the intake."""

    def __init__(self, client: Client, watchlist: Watchlist, intake: Intake) -> None:
        self._client = client
        self._watchlist = watchlist
        self._intake = intake
        self._albums: dict[tuple[int, int], list[Any]] = {}

    def open(self) -> None:
        """Take pushes from now on."""
        kinds = [
            types.UpdateNewChannelMessage,
            types.UpdateEditChannelMessage,
            types.UpdateDeleteChannelMessages,
        ]
        self._client.add_event_handler(self._on_update, events.Raw(kinds))

    async def _on_update(self, update: Any) -> None:
        try:
            if isinstance(update, types.UpdateDeleteChannelMessages):
                await self._on_deleted(update)
            else:
                edited = isinstance(update, types.UpdateEditChannelMessage)
                await self._on_posted(update, edited=edited)
        except StorageError as error:
            # It is stored by the next scan: the cursor stands before it.
            log.warning("a push was not stored", error=str(error))

    async def _on_deleted(self, update: Any) -> None:
        if self._watchlist.find(update.channel_id):
            ids = tuple(update.messages)
            await self._intake.submit(
                deletion=Deletion(channel_id=update.channel_id, message_ids=ids)
            )

    async def _on_posted(self, update: Any, *, edited: bool) -> None:
        message = update.message
        channel_id = getattr(message.peer_id, "channel_id", None)
        channel = self._watchlist.find(channel_id) if channel_id else None
        if channel is None or channel_id is None:
            return
        messages = [message]
        if message.grouped_id is not None and not edited:
            messages = await self._gather(channel_id, message)
        if messages:
            post = Post(
                channel=channel,
                messages=tuple(messages),
                peers=name_peers(getattr(update, "_entities", None) or {}),
                history=edited and message.id <= channel.cursor,
            )
            await self._intake.submit([post])

    async def _gather(self, channel_id: int, message: Any) -> list[Any]:
        """An album's parts, given to the handler of its first one; the others get none."""
        key = (channel_id, message.grouped_id)
        if key in self._albums:
            self._albums[key].append(message)
            return []
        parts = self._albums[key] = [message]
        seen = 0
        while len(parts) > seen:
            seen = len(parts)
            await asyncio.sleep(ALBUM_WAIT)
        del self._albums[key]
        return parts


def name_peers(entities: Mapping[int, Any]) -> dict[int, PostChannel]:
    """The names of those that an answer or an update brought along, by marked id."""
    return {
        marked: PostChannel(
            username=getattr(entity, "username", None), title=utils.get_display_name(entity)
        )
        for marked, entity in entities.items()
    }
