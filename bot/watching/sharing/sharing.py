"""Which channels this process reads, if several watch. Each process computes the division by itself
(``bot.watching.sharing.portions``); the channels of one that died go to others when its lease ends.

A process that watches holds one lease, and a database row says which watcher reads a channel
(``storage.channels.watchers``). Only that watcher gives a channel up, or another that has first
ended its lease; and a watcher writes nothing of a channel in a transaction in which the channel is
another's. So a channel has one reader at a time, and the next one continues from the stored cursor.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Set
from datetime import UTC, datetime, timedelta

import structlog
from msgspec import Struct

from bot.process.holder import Holder
from bot.watching.resolve import FoundChannel
from bot.watching.sharing.access import Access
from bot.watching.sharing.portions import Wanted, share_out
from bot.watching.watchlist import Watchlist
from storage.channels import accounts, channels, watchers
from storage.channels.watchers import Watcher
from storage.connection import Connection, Database
from storage.errors import StorageError, UnavailableError
from storage.postgres import holding
from storage.records import Channel

LOOK = 0.5
ANEW = 5.0
"""Seconds after which the division is computed again, even if nothing is known to have changed."""
SETTLES = 5.0
"""Seconds that the start waits for others to release channels that are to be ours."""
MEMBER = "watcher:"
FORGOTTEN = 86_400.0
GRACE = 3.0
"""Seconds that a watcher whose lease has ended is given to renew it: the database may have been
away from all. One that has returned its lease gets none."""
MOVE_AFTER = 600.0
"""Seconds until another account joins a private channel whose account's process is away: it may be
restarted. For an account that cannot be used any more there is no wait."""

log = structlog.get_logger("sharing")

TICK = timedelta(seconds=2)

Inside = Callable[[], Mapping[int, FoundChannel] | None]


class State(Struct, frozen=True):
    """How the account stands: why it cannot be used (``trouble``, empty if it can), and for how
    many seconds Telegram told it to make no request (``waits``)."""

    trouble: str = ""
    waits: float = 0.0


class _Seen(Struct, frozen=True):
    """Who reads which channel now, and who is to read it."""

    readers: Mapping[int, str]
    wanted: Mapping[int, str]


class Sharing:
    """Takes channels over and gives them up. ``database`` is guarded by ``holder`` (writes fail
    without its lease); ``plain`` is not. ``access``: what this process's account may open."""

    def __init__(self, database: Database, plain: Database, holder: Holder) -> None:
        self.access = Access()
        self._database = database
        self._plain = plain
        self._holder = holder
        self._owner = holder.owner
        self._rows: frozenset[int] = frozenset()
        self._watchlist = Watchlist()
        self._state: Callable[[], State] = State
        self._on_change: Callable[[], None] = lambda: None
        self._inside: Inside = lambda: None
        self._signed: Watcher | None = None
        self._known: object = None
        self._anew_at = float("-inf")
        self._away: dict[int, float] = {}
        self._dead_since: dict[str, float] = {}

    def follow(
        self, watchlist: Watchlist, state: Callable[[], State], on_change: Callable[[], None]
    ) -> None:
        """Keep ``watchlist`` to the channels of this process. ``state``: how the account stands;
        ``on_change`` is called when the channels have changed."""
        self._watchlist, self._state, self._on_change = watchlist, state, on_change
        watchlist.is_ours, watchlist.others = self.has, self.list_others

    def has(self, row: int) -> bool:
        """Whether this process reads a channel (row id)."""
        return row in self._rows

    def may_join(self, row: int) -> bool:
        """Whether this account may join a channel that another account is in: that one is not away,
        or has been for ``MOVE_AFTER`` seconds."""
        away_since = self._away.get(row)
        now = asyncio.get_running_loop().time()
        return away_since is None or now - away_since >= MOVE_AFTER

    async def list_others(self, tx: Connection, rows: Collection[int]) -> frozenset[int]:
        """Those of these channels (row ids) that this process does not read; valid until the
        transaction ends."""
        return await watchers.list_others(tx, rows, self._owner)

    async def list_others_serving(self, conn: Connection) -> frozenset[int]:
        """The usable accounts of the other watchers."""
        living = await holding.list_living(conn, MEMBER)
        present = await watchers.list_watchers(conn, living - {self._owner})
        return frozenset(one.account for one in present if one.serves and one.account is not None)

    async def shut_out(self, channel: Channel) -> None:
        """Note that the account is no longer let into a channel, so that another one may read
        it."""
        account = self.access.account
        if account is not None and channel.channel_id is not None:
            async with self._database.transaction() as tx:
                await accounts.leave(tx, account, [channel.channel_id])

    async def open(self, inside: Inside) -> None:
        """Take the first channels. ``inside``: returns the channels that the account is in, None
        while not known."""
        self._inside = inside
        for _ in range(int(SETTLES / LOOK)):
            if await self._look_patiently():
                return
            await asyncio.sleep(LOOK)

    async def run(self) -> None:
        """Keep the division up to date until cancelled."""
        while True:
            await asyncio.sleep(LOOK)
            await self._look_patiently()

    async def _look_patiently(self) -> bool:
        try:
            return await self._look()
        except StorageError as error:
            level = logging.DEBUG if isinstance(error, UnavailableError) else logging.WARNING
            log.log(level, "the channels were not shared out", error=str(error))
            self._dead_since.clear()
            self._anew_at = float("-inf")
            return False

    async def _look(self) -> bool:
        """Take and give up channels as needed; returns whether the division is as it should be."""
        await self._sign()
        now = asyncio.get_running_loop().time()
        async with self._plain.reader() as conn:
            living = await holding.list_living(conn, MEMBER)
            present = await watchers.list_watchers(conn, living)
            changes = await channels.count_changes(conn)
            known = (present, changes, await accounts.count_memberships(conn))
            if known == self._known and now < self._anew_at:
                return True
            listed = await channels.list_channels(conn, watched=True)
            members = await accounts.list_members(conn)
        members |= await self._note_inside(listed, members)
        async with self._plain.reader() as conn:
            seen = await self._see(conn, present, listed, members)
        mine = frozenset(row for row, owner in seen.wanted.items() if owner == self._owner)
        held = frozenset(row for row, owner in seen.readers.items() if owner == self._owner)
        await self._let_go((self._rows | held) - mine, {one.id for one in listed})
        await self._take(mine - self._rows)
        is_settled = mine == self._rows
        self._known, self._anew_at = (known, now + ANEW) if is_settled else (None, now)
        return is_settled

    async def _sign(self) -> None:
        """Register this process as a watcher, with its lease and the state of its account."""
        name = MEMBER + self._owner
        if name not in self._holder.names:
            await self._holder.take([name], 1)
            async with self._plain.transaction(beside=True) as tx:
                await holding.forget(tx, MEMBER, after=FORGOTTEN)
        account, state = self.access.account, self._state()
        own = Watcher(
            owner=self._owner,
            account=account,
            serves=not state.trouble,
            waits_until=self._waits_until(state.waits),
            trouble=state.trouble,
        )
        if own != self._signed:
            async with self._database.transaction() as tx:
                for former in await watchers.list_watchers(tx, [self._owner]):
                    if former.account is not None and account is None:
                        await accounts.leave_all(tx, former.account)
                await watchers.forget_gone(tx)
                await watchers.sign(tx, own)
            self._signed = own

    def _waits_until(self, seconds: float) -> datetime | None:
        """When a wait ends; nearly equal times become the same, so that nothing seems to change."""
        if seconds <= 0:
            return None
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        said = self._signed.waits_until if self._signed is not None else None
        return said if said is not None and abs(until - said) < TICK else until

    async def _see(
        self,
        conn: Connection,
        present: Collection[Watcher],
        listed: Collection[Channel],
        members: Mapping[int, frozenset[int]],
    ) -> _Seen:
        readers = await watchers.list_readers(conn)
        joining = await _list_joining(conn, present)
        self._note_away(present, listed, members)
        wanted = [
            Wanted(
                row=one.id,
                members=members.get(one.channel_id or 0, frozenset()),
                reader=readers.get(one.id),
                is_private=one.username is None,
            )
            for one in listed
        ]
        return _Seen(readers, share_out(wanted, present, may_join=joining))

    def _note_away(
        self,
        present: Collection[Watcher],
        listed: Collection[Channel],
        members: Mapping[int, frozenset[int]],
    ) -> None:
        """Note since when private channels wait for an account whose process is away."""
        now = asyncio.get_running_loop().time()
        here = {one.account for one in present}
        inside = ((one, members.get(one.channel_id or 0)) for one in listed if not one.username)
        away = {one.id for one, accounts in inside if accounts and here.isdisjoint(accounts)}
        if not self._away.keys() <= away:
            self._on_change()
        self._away = {row: self._away.get(row, now) for row in away}

    async def _note_inside(
        self, listed: Collection[Channel], members: Mapping[int, frozenset[int]]
    ) -> dict[int, frozenset[int]]:
        """Store which of the watched channels the account is in; returns the new members of those
        for which that changed."""
        inside, account = self._inside(), self.access.account
        if inside is None or account is None:
            return {}
        numbers = {one.channel_id for one in listed if one.channel_id is not None}
        noted = {number for number in numbers if account in members.get(number, ())}
        fresh, left = (numbers & inside.keys()) - noted, noted - inside.keys()
        if fresh or left:
            async with self._database.transaction() as tx:
                for number in fresh:
                    await self.access.keep(tx, inside[number])
                await accounts.leave(tx, account, left)
        nobody = frozenset[int]()
        joined = {number: members.get(number, nobody) | {account} for number in fresh}
        return joined | {number: members[number] - {account} for number in left}

    async def _take(self, rows: Collection[int]) -> None:
        if not rows:
            return
        async with self._database.transaction() as tx:
            living = await holding.list_living(tx, MEMBER)
            readers = await watchers.list_readers(tx)
            silent = {readers[row] for row in rows if row in readers} - living
            gone = self._without_grace(silent, await holding.list_given_back(tx, MEMBER))
            ended = await holding.end(tx, sorted(MEMBER + owner for owner in gone))
            watched = {one.id for one in await channels.list_channels(tx, watched=True)}
            free = frozenset(
                row for row in watched & {*rows} if self._is_free(readers.get(row), ended)
            )
            await watchers.give(tx, free, self._owner)
        if free:
            self._rows |= free
            log.info("took over", channels=len(free), of=len(watched))
            self._on_change()

    def _without_grace(
        self, silent: Collection[str], given_back: Collection[str]
    ) -> frozenset[str]:
        """Those of the silent watchers whose grace period is over."""
        now = asyncio.get_running_loop().time()
        self._dead_since = {owner: self._dead_since.get(owner, now) for owner in silent}
        return frozenset(
            owner
            for owner, since in self._dead_since.items()
            if owner in given_back or now - since >= GRACE
        )

    def _is_free(self, reader: str | None, ended: Collection[str]) -> bool:
        return reader in (None, self._owner) or f"{MEMBER}{reader}" in ended

    async def _let_go(self, rows: frozenset[int], listed: Set[int]) -> None:
        """Give channels up; posts of them that are not stored yet are no longer stored by this
        process. Those in ``listed`` go to other watchers, the rest are no longer watched at all."""
        if not rows:
            return
        self._rows -= rows
        for row in rows & listed:
            self._watchlist.drop(row)
        async with self._database.transaction() as tx:
            await watchers.let_go(tx, rows, self._owner)
        if rows & listed:
            log.info("let go", channels=len(rows & listed))
        self._on_change()


async def _list_joining(conn: Connection, present: Collection[Watcher]) -> frozenset[int]:
    """The accounts that may join another account's channel now."""
    now, found = datetime.now(UTC), set()
    for account in {one.account for one in present if one.account is not None}:
        if len(await accounts.list_joins(conn, account, now)) < accounts.MOVED_A_DAY:
            found.add(account)
    return frozenset(found)
