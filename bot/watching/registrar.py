"""Keeps the list of watched channels: finds each by its name once, follows changes of the list, and
tells the operator once when a channel cannot be read.

The database says what is watched, whether this process, the command line or a migration wrote it
there. What the account finds out (``bot.watching.lookup``) is stored there too.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from bot.process.gate import Gate
from bot.telegram.clients import Client
from bot.telegram.failures import CALL_ERRORS
from bot.watching.history import Names
from bot.watching.lookup import Lookup
from bot.watching.renames import Renames
from bot.watching.resolve import FoundChannel
from bot.watching.sharing.access import Access, SoleAccess
from bot.watching.sharing.sharing import Sharing
from bot.watching.watchlist import Watchlist
from handlers.operators.notices import Notices
from handlers.operators.troubles import FROZEN
from handlers.render.text.names import name_of
from handlers.sources import references
from handlers.sources.references import NAME_MOVED, UnresolvedError
from storage.channels import channels
from storage.connection import Connection, Database
from storage.errors import StorageError, UnavailableError
from storage.records import Channel

POLL = 1.0
RETRY = timedelta(minutes=10)
ACCOUNT_ONLY = "only a user account can read it"

_TROUBLES: Mapping[str, str] = {
    "CHANNEL_PRIVATE": "it is private now, or the account was removed from it",
    "CHANNEL_INVALID": "Telegram does not let the account read it any more",
    "CHANNELS_TOO_MUCH": "the account is in as many channels as Telegram allows",
    "INVITE_REQUEST_SENT": "its administrators have to let the account in first",
    "FROZEN_METHOD_INVALID": FROZEN,
    "FROZEN_PARTICIPANT_MISSING": FROZEN,
    "INVITE_HASH_EXPIRED": "the invite link is not valid any more",
}

_SHUT_OUT = ("CHANNEL_PRIVATE", "CHANNEL_INVALID")

log = structlog.get_logger("registrar")


class Registrar:
    """Synchronizes the watchlist with the database. ``client`` is None without an account;
    ``is_gone``: there was one that cannot be used now, which the operator is told separately.
    ``sharing``: divides the channels among several watching processes; without it ``access`` is how
    the account opens channels.

    ``on_change`` is called after the watchlist may have changed.
    """

    def __init__(
        self,
        client: Client | None,
        database: Database,
        watchlist: Watchlist,
        notices: Notices,
        gate: Gate,
        *,
        is_gone: bool = False,
        sharing: Sharing | None = None,
        access: Access | None = None,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self._sharing = sharing
        self._access = access or (SoleAccess() if sharing is None else sharing.access)
        self._lookup: Lookup | None = None
        if client is not None:
            self._lookup = Lookup(client, database, self._access, holds=watchlist.holds)
        self._database = database
        self._watchlist = watchlist
        self._notices = notices
        self._gate = gate
        self.on_change = on_change
        # Those that are put on the list while it opens begin with what the dialogs say.
        self._opening_since: datetime | None = None
        self._changes = 0
        self._soon = asyncio.Event()
        self._retry_at = datetime.now(UTC)
        self._told: set[int] = set()
        self._is_gone = is_gone
        self._is_frozen = client.freezing.is_met.is_set if client is not None else bool
        self._read_meanwhile: set[int] = set()
        self._taken: set[int] = set()
        self._renames = Renames(database, notices)

    async def open(self, names: Iterable[str]) -> None:
        """Put the channels of the settings on the list, and find those that can be found now."""
        self._opening_since = datetime.now(UTC).replace(microsecond=0)
        if self._lookup is not None:
            await self._lookup.open()
        for name in names:
            try:
                reference = references.parse_reference(name)
            except UnresolvedError as error:
                log.error("a channel cannot be watched", error=str(error))
                continue
            async with self._database.transaction() as tx:
                await references.watch(tx, reference, by_hand=False, now=datetime.now(UTC))
            if reference.kind == "name":
                self._renames.named.append(reference.value)
        await self._share()
        await self.refresh()
        await self._share()  # one that is known by now may stand in another row
        if self._soon.is_set():
            await self.refresh()
        self._opening_since = None

    async def _share(self) -> None:
        if self._sharing is not None:
            await self._sharing.open(self._lookup.list_inside if self._lookup else lambda: None)

    async def open_one(self, channel: Channel) -> None:
        """Find and admit this channel alone."""
        if self._lookup is not None:
            await self._lookup.open()
        await self._admit(channel)

    async def run(self) -> None:
        """Follow the list in the database until cancelled."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL):
                    await self._soon.wait()
            try:
                async with self._database.reader() as conn:
                    changes = await channels.count_changes(conn)
                is_due = self._soon.is_set() or datetime.now(UTC) >= self._next_try()
                if changes != self._changes or is_due:
                    with self._gate.guarded("channel", foreseen=(StorageError,)):
                        await self.refresh()
            except UnavailableError as error:
                log.debug("the list of channels was not read", error=str(error))
            except StorageError as error:
                log.warning("the list of channels was not read", error=str(error))

    def look_again(self) -> None:
        """Read the list again at once: this process has other channels now."""
        self._soon.set()

    def _next_try(self) -> datetime:
        again_at = self._lookup.again_at if self._lookup is not None else None
        return min(self._retry_at, again_at or self._retry_at)

    async def refresh(self) -> None:
        """Read the list again, and find what is new in it."""
        self._retry_at = datetime.now(UTC) + RETRY
        self._soon.clear()
        if self._lookup is not None:
            self._lookup.again_at = None
            await self._lookup.list_missing()
        async with self._database.reader() as conn:
            self._changes = await channels.count_changes(conn)
            listed = await channels.list_channels(conn, watched=True)
        known = [self._access.own(one) for one in listed if self._watchlist.is_ours(one.id)]
        watched = {channel.id for channel in known}
        for channel in self._watchlist.list_all():
            if channel.id not in watched:
                self._watchlist.drop(channel.id)
                log.info("not watched any more", channel=name_of(channel))
        for channel in known:
            present = self._watchlist.get(channel.id)
            if present is None or (present.access_hash is None and self._lookup is not None):
                # One that makes us stumble keeps no other from being watched.
                name = name_of(channel)
                with self._gate.guarded("channel", foreseen=(StorageError,), channel=name):
                    await self._admit(channel)
        await self._renames.look(self._lookup.joined if self._lookup is not None else {})
        self.on_change()

    async def _admit(self, channel: Channel) -> None:
        """Put a channel on the watchlist, if it can be read in some way."""
        found = await self._find(channel)
        async with self._database.transaction() as tx:
            # It may have been taken off the list while the account was asked.
            known = await channels.find_watched(tx, channel.id)
            if known is None or not await self._watchlist.holds(tx, channel.id):
                return
            if found is not None and known.channel_id not in (None, found.channel_id):
                known = await self._renames.lose(tx, known, found.channel_id)
            elif found is not None:
                former, known = known, await self._store(tx, known, found)
                if former.channel_id is not None and former.username != known.username:
                    await self._renames.tell(tx, former, known)
        known = self._access.own(known)
        if known.id != channel.id:
            self._watchlist.drop(channel.id)
        if known.access_hash is None and known.username is None:
            if self._lookup is None and known.error is None:
                await self.trouble(known, ACCOUNT_ONLY, is_news=not self._is_gone)
            return
        if self._is_gone and known.username is None:
            # Nothing is asked of it, its history neither, until it can be read again.
            await self.trouble(known, ACCOUNT_ONLY, is_news=False)
            return
        is_told = self._sharing is None or known.id in self._told
        if known.access_hash is None and known.error is not None and self._lookup and is_told:
            return
        if self._watchlist.get(known.id) is None and self._sharing is not None:
            self._taken.add(known.id)
        self._watchlist.put(known)
        if self._lookup is not None and known.channel_id not in self._lookup.joined:
            log.info("not joined, so read by scans alone", channel=name_of(known))

    async def _store(self, tx: Connection, channel: Channel, found: FoundChannel) -> Channel:
        """Store what was found of a channel. At the start of the service, its last message marks
        the end of its history."""
        access_hash = await self._access.keep(tx, found)
        stored = await _store(tx, channel, found, access_hash)
        if found.newest is None or stored.last_scan_at is not None:
            return stored
        if self._opening_since is None or stored.added_at < self._opening_since:
            return stored
        await channels.begin_watching(tx, stored.id, found.newest, datetime.now(UTC))
        return await channels.get_channel(tx, stored.id)

    async def _find(self, channel: Channel) -> FoundChannel | None:
        """What the account knows of a channel; None if there is nothing new, or if it failed."""
        if self._lookup is None:
            return None
        if self._sharing is not None and not self._sharing.may_join(channel.id):
            return None
        try:
            return await self._lookup.find(channel)
        except UnresolvedError as error:
            await self.trouble(channel, error.what, is_news=self._is_first_of(channel))
        except CALL_ERRORS as error:
            failure = self._lookup.note_failure(error)
            name = name_of(channel)
            log.warning("a channel is not resolved yet", channel=name, reason=failure.reason)
            if failure.kind in ("refused", "gone"):
                await self.trouble(channel, failure.reason, is_news=self._is_first_of(channel))
        return None

    def _is_first_of(self, channel: Channel) -> bool:
        """Whether no account has read this channel yet; the loss of an account is reported once for
        all channels that it read."""
        return self._sharing is None or channel.last_scan_at is None

    async def shut_out(self, channel: Channel, reason: str) -> None:
        """Note that the account may not read a channel; if several processes watch, another may."""
        if self._sharing is not None and self._lookup is not None and reason in _SHUT_OUT:
            self._lookup.shut_out(channel.channel_id)
            await self._sharing.shut_out(channel)

    def read_meanwhile(self) -> None:
        """Note the channels that are read by preview, so that the return of the account is not
        reported for each."""
        self._read_meanwhile |= {
            channel.id for channel in self._watchlist.list_all() if channel.source == "preview"
        }

    def come_back(self) -> None:
        """Note that the account is no longer frozen."""
        self.read_meanwhile()
        if self._lookup is not None:
            self._lookup.come_back()

    def count_joined(self) -> int | None:
        """How many channels the account is in; None while that is not known."""
        return self._lookup.count_joined() if self._lookup is not None else None

    def is_behind(self, channel: Channel) -> bool:
        """Whether a channel had unread posts when the account's dialogs were listed."""
        joined = self._lookup.joined if self._lookup is not None else {}
        found = joined.get(channel.channel_id or 0)
        return found is not None and (found.newest or 0) > channel.cursor

    def why_unknown(self, channel: Channel) -> str:
        """Why the account does not know a channel, if Telegram refuses look-ups; otherwise
        empty."""
        until = self._lookup.refused_until if self._lookup is not None else None
        if channel.access_hash is not None or until is None or until <= datetime.now(UTC):
            return ""
        return "Telegram refuses look-ups for now"

    async def learned(self, row: int, names: Names | None) -> None:
        """Store the names that a channel had when it was read, and tell the operator of changes."""
        channel = self._watchlist.get(row)
        if channel is None or names is None:
            return
        self._told.discard(row)
        is_taken = row in self._taken
        self._taken.discard(row)
        if self._lookup is not None and names.source != "preview":
            self._lookup.learned(names.channel_id, names.username)
        changes: dict[str, Any] = {
            name: value
            for name in ("channel_id", "username", "title", "source")
            if (value := getattr(names, name)) != getattr(channel, name)
            and (value is not None or (name == "username" and names.source != "preview"))
        }
        if not changes:
            return
        number = changes.pop("channel_id", None)
        if number is not None and channel.channel_id is not None:
            # A name leads to another channel: this one is its number, and keeps it.
            await self.trouble(channel, NAME_MOVED)
            return
        async with self._database.transaction() as tx:
            if not await self._watchlist.holds(tx, row):
                return
            stored = await channels.number_channel(tx, row, number) if number else channel
            if changes:
                stored = await channels.update_channel(tx, stored.id, **changes)
            if "username" in changes:
                await self._renames.tell(tx, channel, stored)
            # What another account read before is no news.
            await self._tell_source(tx, channel, changes.get("source"), is_news=not is_taken)
        if self._watchlist.get(row) is not None:
            if stored.id != row:
                self._watchlist.drop(row)
                self.on_change()
            self._watchlist.put(self._access.own(stored))

    async def _tell_source(
        self, tx: Connection, channel: Channel, source: str | None, *, is_news: bool
    ) -> None:
        if source is None or channel.source is None:
            return
        key = f"channel:{channel.id}:{datetime.now(UTC).isoformat()}:source"
        log.info("read another way", channel=name_of(channel), source=source)
        if self._is_gone or self._is_frozen():
            self._read_meanwhile.add(channel.id)
        elif channel.id in self._read_meanwhile:
            self._read_meanwhile.discard(channel.id)
        elif is_news:
            await self._notices.add(tx, key, f"channel_{source}", channel=name_of(channel))

    async def trouble(self, channel: Channel, reason: str, *, is_news: bool = True) -> None:
        """Store why a channel cannot be read, and tell the operator the first time.

        ``is_news``: False if the operator was told of the cause already.
        """
        why = _TROUBLES.get(reason, reason)
        if channel.id in self._told and why != NAME_MOVED:
            return
        if not self._watchlist.is_ours(channel.id):
            return
        self._told.add(channel.id)
        async with self._database.transaction() as tx:
            current = await channels.get_channel(tx, channel.id)
            is_said = current.error in (why, NAME_MOVED)
            if is_said or not await self._watchlist.holds(tx, channel.id):
                return
            if why == NAME_MOVED:
                self._watchlist.put(self._access.own(await self._renames.lose(tx, current, None)))
                is_news = False
            await channels.update_channel(tx, channel.id, error=why)
            key = f"channel:{channel.id}:{datetime.now(UTC).isoformat()}"
            if is_news and why != FROZEN:
                await self._notices.add(
                    tx, key, "channel_trouble", channel=name_of(channel), reason=why
                )
        log.error("a channel cannot be read", channel=name_of(channel), reason=why)


async def _store(
    tx: Connection, channel: Channel, found: FoundChannel, access_hash: int | None
) -> Channel:
    """Store what was found of a channel, and merge its row with one that was only a reference to
    it."""
    known = await channels.find_channel(tx, channel_id=found.channel_id)
    if channel.channel_id is None:
        if channel.reference is not None:
            await channels.drop_reference(tx, channel.id)
        else:
            await channels.number_channel(tx, channel.id, found.channel_id)
    stored = await channels.add_channel(
        tx,
        channel_id=found.channel_id,
        username=found.username,
        title=found.title,
        access_hash=access_hash,
        now=channel.added_at,
    )
    reference = channel.reference or stored.reference
    if known is not None and known.error is None and known.reference == reference:
        return stored
    return await channels.update_channel(tx, stored.id, error=None, reference=reference)
