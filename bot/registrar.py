"""Keeps the list of channels: resolves names once, follows changes, tells of trouble once.

The database says what is watched, whoever wrote it there: this process, the command line, a
migration. Names are the scarcest thing to ask for, so what was found is kept, and a wait that
Telegram asked for is remembered over a restart.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from bot import failures, resolve, signin
from bot.failures import CALL_ERRORS
from bot.history import Names
from bot.notices import Notices
from bot.resolve import Found
from bot.telegram import Client
from bot.watchlist import Watchlist
from handlers import references
from handlers.references import Reference, UnresolvedError, name_of
from storage import channels, facts
from storage.database import Connection, Database
from storage.errors import StorageError
from storage.records import Channel

POLL = 1.0
RETRY = timedelta(minutes=10)
JOIN_PAUSE = timedelta(minutes=5)
"""Between two invite links that are followed: who joins in a row is taken for a spammer."""

_ACCOUNT = "watching_account"
_CLOSED = "resolve_after"
_JOINED = "last_join_at"
_TROUBLES: Mapping[str, str] = {
    "CHANNEL_PRIVATE": "it is private now, or the account was removed from it",
    "CHANNEL_INVALID": "Telegram does not let the account read it any more",
    "CHANNELS_TOO_MUCH": "the account is in as many channels as Telegram allows",
    "INVITE_REQUEST_SENT": "its administrators have to let the account in first",
    "INVITE_HASH_EXPIRED": "the invite link is not valid any more",
}

log = structlog.get_logger("registrar")


class Registrar:
    """Brings the database and the watchlist together. ``client`` is None without an account.

    ``on_change`` is called when the watchlist has changed.
    """

    def __init__(
        self,
        client: Client | None,
        database: Database,
        watchlist: Watchlist,
        notices: Notices,
        *,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self._client = client
        self._database = database
        self._watchlist = watchlist
        self._notices = notices
        self.on_change = on_change
        self._joined: Mapping[int, Found] = {}
        self._changes = 0
        self._retry_at = datetime.now(UTC)
        self._told: set[int] = set()

    async def open(self, names: Iterable[str]) -> None:
        """Put the channels of the settings on the list, and know those that can be known."""
        await self._meet_account()
        for name in names:
            try:
                reference = references.parse_reference(name)
            except UnresolvedError as error:
                log.error("a channel cannot be watched", error=str(error))
                continue
            async with self._database.transaction() as tx:
                await references.watch(tx, reference, by_hand=False, now=datetime.now(UTC))
        await self.refresh()

    async def open_one(self, channel: Channel) -> None:
        """Know this channel alone."""
        await self._meet_account()
        await self._admit(channel)

    async def _meet_account(self) -> None:
        if self._client is not None:
            await self._drop_hashes_of_others(self._client)
            try:
                self._joined = await resolve.list_dialogs(self._client)
            except CALL_ERRORS as error:
                reason = failures.failure_of(error).reason
                log.warning("the dialogs are not known", reason=reason)

    async def run(self) -> None:
        """Follow the database for ever; cancel it to stop."""
        while True:
            await asyncio.sleep(POLL)
            try:
                async with self._database.reader() as conn:
                    changes = await channels.count_changes(conn)
                if changes != self._changes or datetime.now(UTC) >= self._retry_at:
                    await self.refresh()
            except StorageError as error:
                log.warning("the list of channels was not read", error=str(error))

    async def refresh(self) -> None:
        """Read the list again, and resolve what is new in it."""
        self._retry_at = datetime.now(UTC) + RETRY
        async with self._database.reader() as conn:
            self._changes = await channels.count_changes(conn)
            known = await channels.list_channels(conn, watched=True)
        watched = {channel.id for channel in known}
        for channel in self._watchlist.list_all():
            if channel.id not in watched:
                self._watchlist.drop(channel.id)
                log.info("not watched any more", channel=name_of(channel))
        for channel in known:
            present = self._watchlist.get(channel.id)
            if present is None or (present.access_hash is None and self._client is not None):
                await self._admit(channel)
        self.on_change()

    async def _admit(self, channel: Channel) -> None:
        """Take a channel up as far as it can be read."""
        found = await self._find(channel) if self._client is not None else None
        async with self._database.transaction() as tx:
            if found is not None:
                channel = await _store(tx, channel, found)
                if found.newest is not None and channel.last_scan_at is None:
                    now = datetime.now(UTC)
                    await channels.begin_watching(tx, channel.id, found.newest, now)
                    channel = await channels.get_channel(tx, channel.id)
            else:
                channel = await channels.get_channel(tx, channel.id)
        if channel.access_hash is None and self._client is None and channel.username is None:
            await self.trouble(channel, "only a user account can read it")
        if channel.access_hash is None and channel.username is None:
            return
        if channel.access_hash is None and channel.error is not None and self._client is not None:
            return
        self._watchlist.put(channel)
        if self._client is not None and channel.channel_id not in self._joined:
            log.info("not joined, so read by scans alone", channel=name_of(channel))

    async def _find(self, channel: Channel) -> Found | None:
        """What the account knows of a channel; None for nothing new."""
        known = self._joined.get(channel.channel_id or 0)
        if known is not None:
            return known
        if channel.channel_id is not None and channel.access_hash is not None:
            return None
        text = channel.reference or (
            f"@{channel.username}" if channel.username else str(channel.channel_id)
        )
        try:
            return await self._resolve(channel, text)
        except UnresolvedError as error:
            await self.trouble(channel, error.what)
        except CALL_ERRORS as error:
            failure = failures.failure_of(error)
            log.warning("a channel is not resolved yet", channel=text, reason=failure.reason)
            if failure.kind == "flood":
                await self._close_resolving(failure.seconds)
            elif failure.kind == "refused":
                await self.trouble(channel, failure.reason)
        return None

    async def _resolve(self, channel: Channel, text: str) -> Found | None:
        if self._client is None:
            return None
        reference = references.parse_reference(text)
        if reference.kind == "name" and not resolve.find_joined(reference, self._joined):
            async with self._database.reader() as conn:
                closed = await facts.find_value(conn, _CLOSED)
            if closed is not None and datetime.fromisoformat(closed) > datetime.now(UTC):
                return None
        if reference.kind == "invite":
            return await self._follow_invite(self._client, text, reference)
        return await resolve.resolve(self._client, text, self._joined)

    async def _close_resolving(self, seconds: float) -> None:
        until = datetime.now(UTC) + timedelta(seconds=max(1.0, seconds))
        self._retry_at = min(self._retry_at, until)
        async with self._database.transaction() as tx:
            await facts.set_value(tx, _CLOSED, until.isoformat())

    async def _follow_invite(self, client: Client, text: str, reference: Reference) -> Found | None:
        """The channel behind an invite link, joined if it must be; None while that has to wait."""
        try:
            return await resolve.resolve(client, text, self._joined)
        except resolve.NotJoinedError:
            now = datetime.now(UTC)
            async with self._database.transaction() as tx:
                last = await facts.find_value(tx, _JOINED)
                next_at = datetime.fromisoformat(last) + JOIN_PAUSE if last else now
                if next_at <= now:
                    await facts.set_value(tx, _JOINED, now.isoformat())
            if next_at > now:
                self._retry_at = min(self._retry_at, next_at)
                log.info("joined a little later, at a pace that risks no ban", at=str(next_at))
                return None
        found = await resolve.join(client, text, reference.value)
        self._joined = {**self._joined, found.channel_id: found}
        log.info("joined", channel=found.channel_id, title=found.title)
        return found

    async def _drop_hashes_of_others(self, client: Client) -> None:
        """Access hashes are good for one account only: forget those of another."""
        known = await signin.whoami(client)
        if known is None:
            raise signin.lost(client)
        me = str(known.id)
        async with self._database.transaction() as tx:
            before = await facts.find_value(tx, _ACCOUNT)
            if before is not None and before != me:
                for channel in await channels.list_channels(tx, watched=None):
                    await channels.update_channel(tx, channel.id, access_hash=None)
            await facts.set_value(tx, _ACCOUNT, me)

    def is_behind(self, channel: Channel) -> bool:
        """Whether there was more in a channel at the start than what is read of it."""
        found = self._joined.get(channel.channel_id or 0)
        return found is not None and (found.newest or 0) > channel.cursor

    async def heard(self, row: int, names: Names | None) -> None:
        """A channel was read and says what it is called: keep that, and tell what changed."""
        channel = self._watchlist.get(row)
        if channel is None or names is None:
            return
        self._told.discard(row)
        changes: dict[str, Any] = {
            name: value
            for name in ("channel_id", "username", "title", "source")
            if (value := getattr(names, name)) != getattr(channel, name)
            and (value is not None or (name == "username" and names.source != "preview"))
        }
        if not changes:
            return
        async with self._database.transaction() as tx:
            await channels.update_channel(tx, row, **changes)
            await self._tell_changes(tx, channel, changes)
            stored = await channels.get_channel(tx, row)
        current = self._watchlist.get(row)
        if current is not None:
            self._watchlist.put(stored)
        self._notices.queued()

    async def _tell_changes(self, tx: Connection, channel: Channel, changes: Any) -> None:
        key = f"channel:{channel.id}:{datetime.now(UTC).isoformat()}"
        if "username" in changes and channel.username is not None:
            new = f"@{changes['username']}" if changes["username"] else "no public name"
            log.info("a channel has another name", channel=name_of(channel), name=new)
            await self._notices.add(
                tx, key, "channel_renamed", channel=name_of(channel), renamed=new
            )
        source = changes.get("source")
        if source is not None and channel.source is not None:
            log.info("read another way", channel=name_of(channel), source=source)
            await self._notices.add(
                tx, f"{key}:source", f"channel_{source}", channel=name_of(channel)
            )

    async def trouble(self, channel: Channel, reason: str) -> None:
        """A channel cannot be read: keep why, and tell the operator the first time."""
        why = _TROUBLES.get(reason, reason)
        if channel.id in self._told:
            return
        self._told.add(channel.id)
        async with self._database.transaction() as tx:
            current = await channels.get_channel(tx, channel.id)
            if current.error == why:
                return
            await channels.update_channel(tx, channel.id, error=why)
            key = f"channel:{channel.id}:{datetime.now(UTC).isoformat()}"
            await self._notices.add(
                tx, key, "channel_trouble", channel=name_of(channel), reason=why
            )
        self._notices.queued()
        log.error("a channel cannot be read", channel=name_of(channel), reason=why)


async def _store(tx: Connection, channel: Channel, found: Found) -> Channel:
    """Keep what was found of a channel; the row that only waited for it goes."""
    known = await channels.find_channel(tx, channel_id=found.channel_id)
    if channel.reference is not None and channel.channel_id is None:
        await channels.drop_reference(tx, channel.id)
    stored = await channels.add_channel(
        tx,
        channel_id=found.channel_id,
        username=found.username,
        title=found.title,
        access_hash=found.access_hash,
        now=datetime.now(UTC),
    )
    reference = channel.reference or stored.reference
    if known is not None and known.error is None and known.reference == reference:
        return stored
    return await channels.update_channel(tx, stored.id, error=None, reference=reference)
