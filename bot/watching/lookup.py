"""Finds channels for the watching account with few calls, at a rate without risk.

``resolveUsername`` is the scarcest call (waits of 12 to 20 hours are reported), and an account that
follows invite links in a row is taken for a spammer. Waits that Telegram asked for survive a
restart.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import structlog
from telethon import utils

from bot.telegram import failures, signin
from bot.telegram.clients import Client
from bot.telegram.failures import CALL_ERRORS, NotLoggedInError
from bot.telegram.pace import Bucket
from bot.telegram.retry import Failure
from bot.watching import resolve
from bot.watching.resolve import FoundChannel
from bot.watching.sharing.access import Access, SoleAccess
from bot.watching.watchlist import Watchlist
from handlers.sources import references
from handlers.sources.references import Reference, UnresolvedError
from storage import facts
from storage.backoff import backoff
from storage.channels import accounts, channels, lookups
from storage.connection import Connection, Database
from storage.records import Channel
from storage.structs import replace

NAMES_AT_ONCE = 20
NAMES_A_MINUTE = 1
"""``NAMES_AT_ONCE`` names are resolved in a row; more follow at this rate."""
JOIN_PAUSE = timedelta(minutes=5)
"""The time between two invite links that are followed."""
JOIN_AGAIN = timedelta(hours=6)
"""The time until a link that was refused is followed again; the account may be in too many
channels."""
FROZEN_PAUSE = timedelta(hours=1)
LIST_PAUSE = timedelta(minutes=1)
"""The time between two requests for the channels that the account is in."""

LIST_AGAIN = timedelta(minutes=9)

_PASSING = ("timeout", "network", "server", "flood")
_JOINED = "last_join_at"

Holds: TypeAlias = Callable[[Connection, int], Awaitable[bool]]

log = structlog.get_logger("lookup")


class Lookup:
    """What the account knows of channels. ``access``: how it opens them; ``holds``: whether this
    process reads a channel (row id), valid until a transaction ends.

    ``again_at``: when another try to find channels is worthwhile; None for no particular time.
    ``refused_until``: until when Telegram refuses to look up names, if it does.
    """

    def __init__(
        self,
        client: Client,
        database: Database,
        access: Access | None = None,
        *,
        holds: Holds | None = None,
    ) -> None:
        self._client = client
        self._access = access or SoleAccess()
        self._holds = holds or Watchlist().holds
        self._database = database
        self._names = Bucket(NAMES_A_MINUTE / 60.0, float(NAMES_AT_ONCE))
        self._me: int | None = None
        self._refused: dict[str, datetime] = {}
        self._unlisted: Failure | None = Failure(kind="network", reason="not asked yet")
        self._list_at = datetime.now(UTC)
        self._failed = 0
        self.joined: Mapping[int, FoundChannel] = {}
        self.again_at: datetime | None = None
        self.refused_until: datetime | None = None

    async def open(self) -> None:
        """Find out who the account is, and in which channels, if Telegram says so now."""
        await self._know_account()
        await self._list()

    async def _list(self) -> None:
        """Ask which channels the account is in, unless that was asked a short time ago."""
        if datetime.now(UTC) < self._list_at:
            return
        try:
            self.joined = await resolve.list_dialogs(self._client)
        except CALL_ERRORS as error:
            self._unlisted = self.note_failure(error)
            self._list_at = datetime.now(UTC) + self._delay(self._unlisted)
            log.warning("the dialogs are not known", reason=self._unlisted.reason)
        else:
            self._unlisted, self._list_at = None, datetime.now(UTC) + LIST_PAUSE

    async def list_missing(self) -> None:
        """Ask which channels the account is in, if that is not known yet. If several processes
        watch, ask again from time to time: an account's channels count as its own, even if another
        process reads them now."""
        is_old = datetime.now(UTC) - self._list_at >= LIST_AGAIN
        if self._unlisted is not None or (is_old and not isinstance(self._access, SoleAccess)):
            await self._list()

    def list_inside(self) -> Mapping[int, FoundChannel] | None:
        """The channels that the account is in, by channel id; None while that is not known."""
        return self.joined if self._unlisted is None else None

    def count_joined(self) -> int | None:
        """How many channels the account is in; None while that is not known."""
        return len(self.joined) if self._unlisted is None else None

    def shut_out(self, channel_id: int | None) -> None:
        """Note that the account is no longer in a channel."""
        self.joined = {number: one for number, one in self.joined.items() if number != channel_id}

    def come_back(self) -> None:
        """Allow the account to be asked again at once."""
        self._list_at = datetime.now(UTC)
        self._try_at(self._list_at)

    def learned(self, channel_id: int | None, username: str | None) -> None:
        """Note a channel's present name, which may be newer than the account's dialogs."""
        known = self.joined.get(channel_id or 0)
        if known is not None and known.username != username:
            renamed = replace(known, username=username)
            self.joined = {**self.joined, known.channel_id: renamed}

    def note_failure(self, error: BaseException) -> Failure:
        """Plan another try after a failed call; returns how it failed."""
        failure = failures.failure_of(error)
        if failure.kind in _PASSING:
            self._failed += 1
            self._try_at(datetime.now(UTC) + self._delay(failure))
        elif failure.kind == "frozen":
            self._try_at(datetime.now(UTC) + FROZEN_PAUSE)
        return failure

    def _delay(self, failure: Failure) -> timedelta:
        return timedelta(seconds=max(failure.seconds, backoff(self._failed)))

    def _try_at(self, moment: datetime) -> None:
        self.again_at = min(self.again_at or moment, moment)

    async def find(self, channel: Channel) -> FoundChannel | None:
        """What the account knows of a channel; None if there is nothing new, or nothing yet.

        Raises UnresolvedError, or the error of the call.
        """
        known = self.joined.get(channel.channel_id or 0)
        if known is not None:
            return known
        if channel.channel_id is not None and channel.access_hash is not None:
            return None
        name = f"@{channel.username}" if channel.username else str(channel.channel_id)
        text = channel.reference or name
        found = await self._find(text, references.parse_reference(text), channel)
        self._failed = 0
        return found

    async def _find(self, text: str, reference: Reference, channel: Channel) -> FoundChannel | None:
        if self._unlisted is not None:
            await self._list()
        known = resolve.find_joined(reference, self.joined)
        if known is not None and reference.kind == "name":
            # Names move, and the list may be old.
            await self._list()
            known = resolve.find_joined(reference, self.joined)
        if known is not None:
            return known
        if reference.kind == "invite":
            return await self._follow_invite(text, reference.value, channel)
        if self._unlisted is not None and self._unlisted.kind in _PASSING:
            # It may be among the account's own channels, and then needs no scarce call.
            self._try_at(self._list_at)
            return None
        if reference.kind == "id":
            return await self._get_number(text)
        return await self._find_name(text)

    async def _get_number(self, text: str) -> FoundChannel:
        """A channel by its number, which works only if the account is in it; the list is asked for
        again."""
        await self._list()
        if self._unlisted is not None:
            raise UnresolvedError(self._unlisted.reason, where=text)
        return await resolve.resolve(self._client, text, self.joined)

    async def _find_name(self, text: str) -> FoundChannel | None:
        """A channel by its name; None if the look-up has to wait."""
        now, clock = datetime.now(UTC), asyncio.get_running_loop().time()
        async with self._database.reader() as conn:
            self.refused_until = await lookups.find_refused_until(conn, now, self._me)
        until = max(
            self.refused_until or now, now + timedelta(seconds=self._names.ready_at(clock) - clock)
        )
        if until > now:
            self._try_at(until)
            return None
        self._names.take(clock)
        try:
            return await resolve.resolve(self._client, text, self.joined)
        except CALL_ERRORS as error:
            failure = failures.failure_of(error)
            if failure.kind == "flood":
                await self._close_names(max(1.0, failure.seconds))
            raise

    async def _close_names(self, seconds: float) -> None:
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        async with self._database.transaction() as tx:
            await lookups.refuse_until(tx, until, self._me)
        self.refused_until = until
        log.warning("look-ups are refused", until=until.isoformat(timespec="seconds"))

    async def _follow_invite(self, text: str, link: str, channel: Channel) -> FoundChannel | None:
        """The channel behind an invite link, which is joined if need be; None if that has to
        wait."""
        try:
            return await resolve.resolve(self._client, text, self.joined)
        except resolve.NotJoinedError:
            now = datetime.now(UTC)
            if not await self._may_join(link, now, channel):
                return None
        try:
            found = await resolve.join(self._client, text, link)
        except UnresolvedError:
            self._refused[link] = datetime.now(UTC)
            raise
        except CALL_ERRORS:
            # Nobody was joined, as far as we know: that needs no pause.
            async with self._database.transaction() as tx:
                await self._take_join_back(tx, now)
            raise
        self.joined = {**self.joined, found.channel_id: found}
        log.info("joined", channel=found.channel_id, title=found.title)
        return found

    async def _may_join(self, link: str, now: datetime, channel: Channel) -> bool:
        """Whether a join is allowed now, by the rate and because this process reads the channel; if
        so, it is counted."""
        refused_at = self._refused.get(link)
        if refused_at is not None and refused_at <= now < refused_at + JOIN_AGAIN:
            return False
        async with self._database.transaction() as tx:
            if not await self._holds(tx, channel.id):
                return False
            # What has a number is known: another account was in it.
            next_at = await self._next_join(tx, now, is_move=channel.channel_id is not None)
            if next_at <= now:
                await self._count_join(tx, now)
        if next_at > now:
            self._try_at(next_at)
            log.info("joined a little later, at a pace that risks no ban", at=str(next_at))
        return next_at <= now

    async def _next_join(self, tx: Connection, now: datetime, *, is_move: bool) -> datetime:
        if self._access.account is None:
            last = await facts.find_value(tx, _JOINED)
            # A clock that was put back makes no longer pause.
            return min(datetime.fromisoformat(last), now) + JOIN_PAUSE if last else now
        joins = await accounts.list_joins(tx, self._access.account, now)
        if is_move and len(joins) >= accounts.MOVED_A_DAY:
            return joins[-accounts.MOVED_A_DAY] + accounts.DAY
        return joins[-1] + JOIN_PAUSE if joins else now

    async def _count_join(self, tx: Connection, now: datetime) -> None:
        if self._access.account is None:
            await facts.set_value(tx, _JOINED, now.isoformat())
        else:
            await accounts.note_join(tx, self._access.account, now)

    async def _take_join_back(self, tx: Connection, counted_at: datetime) -> None:
        if self._access.account is None:
            before = datetime.now(UTC) - JOIN_PAUSE
            await facts.set_value(tx, _JOINED, before.isoformat())
        else:
            await accounts.drop_join(tx, self._access.account, counted_at)

    async def _know_account(self) -> None:
        """Find out who the account is. Access hashes are valid for one account only: if no other
        process watches, those of a former account are deleted."""
        try:
            user = await signin.get_me(self._client)
            me, name = user.id, utils.get_display_name(user)
            self._me = me
        except NotLoggedInError as error:
            log.warning("the account does not say who it is", error=str(error))
            return
        async with self._database.transaction() as tx:
            if not isinstance(self._access, SoleAccess):
                await self._access.open(tx, me, name)
                return
            before = await accounts.find_first(tx)
            if before not in (None, me):
                for channel in await channels.list_channels(tx, watched=None):
                    await channels.update_channel(tx, channel.id, access_hash=None)
            await accounts.set_first(tx, me)
