"""Channels go from one watcher to another, over a real server."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.process.holder import Holder
from bot.watching.resolve import FoundChannel
from bot.watching.sharing import sharing as module
from bot.watching.sharing.sharing import Sharing, State
from bot.watching.watchlist import Watchlist
from storage.channels import accounts, channels, watchers
from storage.connection import Database
from storage.database import open_database
from storage.errors import UnavailableError
from storage.guarded import GuardedDatabase
from storage.postgres import holding

NOW = datetime.now(UTC)
PIER = 7_000_000_001


class Watching:
    """A process that watches with the account of this number; it ``serves`` or does not."""

    def __init__(self, db: Database, owner: str, account: int | None) -> None:
        self.holder = Holder(db, owner)
        self.guarded = GuardedDatabase(db, self.holder.guard)
        self.sharing = Sharing(self.guarded, db, self.holder)
        self.sharing.access.account = account
        self.serves = account is not None
        self.inside: dict[int, FoundChannel] = {}
        self.changes = 0
        self.sharing._inside = lambda: self.inside
        self.waits = 0.0
        self.sharing.follow(Watchlist(), self._state, self._note)

    def _state(self) -> State:
        return State(waits=self.waits) if self.serves else State("FROZEN")

    def _note(self) -> None:
        self.changes += 1

    async def open(self) -> None:
        await self.sharing.open(lambda: self.inside)

    async def look(self) -> None:
        await self.sharing._look()


@pytest.fixture
async def db(postgres_url: str) -> AsyncIterator[Database]:
    database = await open_database(postgres_url)
    async with database.transaction() as tx:
        await channels.add_channel(tx, channel_id=PIER, title="Pier", now=NOW)
        for number in range(4):
            await channels.add_channel(tx, username=f"dock{number}", now=NOW)
    try:
        yield database
    finally:
        await database.close()


def inside_pier() -> dict[int, FoundChannel]:
    found = FoundChannel(channel_id=PIER, access_hash=3, username=None, title="Pier", joined=True)
    return {PIER: found}


async def readers(db: Database) -> dict[int, str]:
    async with db.reader() as conn:
        return await watchers.list_readers(conn)


async def settle(db: Database, *present: Watching) -> dict[int, str]:
    """Have each look until nothing changes any more; gives who reads what."""
    async with asyncio.timeout(120):
        while True:
            before = await readers(db)
            for one in present:
                await one.look()
            if await readers(db) == before:
                return before


@pytest.fixture(autouse=True)
def no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GRACE", 0.0)


async def end(db: Database, one: Watching) -> None:
    """Its process is not heard of for too long."""
    async with db.transaction(beside=True) as tx:
        await holding.renew(tx, list(one.holder.names), one.holder.owner, lasts=-1.0)


async def test_each_reads_its_part_and_who_dies_is_replaced_and_writes_nothing_more(
    db: Database,
) -> None:
    ann, bob = Watching(db, "ann", 1), Watching(db, "bob", 2)
    await ann.open()
    assert set((await readers(db)).values()) == {"ann"}
    bob.inside = inside_pier()
    await bob.look()
    found = await settle(db, ann, bob)
    assert Counter(found.values()) == {"ann": 2, "bob": 3}
    async with db.reader() as conn:
        pier = await channels.find_channel(conn, channel_id=PIER)
    assert pier is not None and found[pier.id] == "bob"
    assert [one.sharing.has(pier.id) for one in (ann, bob)] == [False, True]
    assert bob.sharing.access.own(pier).access_hash == 3
    async with db.transaction() as tx:
        assert await ann.sharing.list_others(tx, found) == {
            row for row, owner in found.items() if owner == "bob"
        }

    await end(db, bob)
    found = await settle(db, ann)
    assert set(found.values()) == {"ann"}
    with pytest.raises(UnavailableError, match="another process has taken over"):
        async with bob.guarded.transaction():
            pass
    # One that ended and that nobody has replaced goes on.
    await end(db, ann)
    async with ann.guarded.transaction():
        pass


@pytest.mark.parametrize("how", ["frozen", "lost"])
async def test_an_account_that_cannot_be_used_has_nothing_while_others_can(
    db: Database, how: str
) -> None:
    ann, bob = Watching(db, "ann", 1), Watching(db, "bob", 2)
    ann.inside = inside_pier()
    await ann.open()
    await bob.look()
    await settle(db, ann, bob)
    ann.serves = False
    if how == "lost":
        ann.sharing.access.account, ann.inside = None, {}
    assert set((await settle(db, ann, bob)).values()) == {"bob"}
    async with db.reader() as conn:
        members = await accounts.list_members(conn)
        assert await ann.sharing.list_others_serving(conn) == {2}
        assert await bob.sharing.list_others_serving(conn) == frozenset()
    # What is lost is in nothing any more; a frozen account may be let again.
    assert members.get(PIER, frozenset()) == (frozenset({1}) if how == "frozen" else frozenset())
    bob.serves = False
    await bob.look()
    assert "ann" in (await settle(db, ann, bob)).values()


async def test_one_that_is_silent_has_a_little_time_and_one_that_has_stopped_has_none(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "GRACE", 1000.0)
    ann, bob = Watching(db, "ann", 1), Watching(db, "bob", 2)
    await ann.open()
    await end(db, ann)
    await bob.look()
    assert set((await settle(db, bob)).values()) == {"ann"}
    await ann.holder.give_back(ann.holder.names)
    assert set((await settle(db, bob)).values()) == {"bob"}


async def test_who_may_be_back_soon_is_waited_for_before_another_joins(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = Watching(db, "ann", 1), Watching(db, "bob", 2)
    ann.inside = inside_pier()
    await ann.open()
    await bob.look()
    found = await settle(db, ann, bob)
    async with db.reader() as conn:
        row = await channels.find_channel(conn, channel_id=PIER)
    assert row is not None and found[row.id] == "ann"
    pier = row.id
    assert bob.sharing.may_join(pier)
    await end(db, ann)
    await settle(db, bob)
    assert not bob.sharing.may_join(pier)
    monkeypatch.setattr(module, "MOVE_AFTER", 0.0)
    assert bob.sharing.may_join(pier)
    monkeypatch.undo()
    # Once its account is known to be of no use, nobody waits for it.
    before = bob.changes
    again = Watching(db, "ann", None)
    await again.look()
    await settle(db, bob)
    assert bob.sharing.may_join(pier) and bob.changes > before


async def test_where_a_channel_shuts_an_account_out_another_that_is_in_it_reads_it(
    db: Database,
) -> None:
    ann, bob = Watching(db, "ann", 1), Watching(db, "bob", 2)
    ann.inside = bob.inside = inside_pier()
    await ann.open()
    async with db.reader() as conn:
        pier = await channels.find_channel(conn, channel_id=PIER)
    assert pier is not None and ann.sharing.has(pier.id)
    await bob.look()
    ann.inside = {}
    await ann.sharing.shut_out(pier)
    assert (await settle(db, ann, bob))[pier.id] == "bob"


async def test_one_that_is_told_to_wait_keeps_its_channels_and_says_until_when(
    db: Database,
) -> None:
    ann, bob = Watching(db, "ann", 1), Watching(db, "bob", 2)
    await ann.open()
    await bob.look()
    before = await settle(db, ann, bob)
    assert Counter(before.values()) == {"ann": 3, "bob": 2}
    ann.waits, hour = 3600.0, timedelta(hours=1)
    asked = datetime.now(UTC)
    assert await settle(db, ann, bob) == before
    (said,) = await signed(db, "ann")
    assert said.serves and said.waits_until is not None
    assert asked + hour <= said.waits_until <= datetime.now(UTC) + hour
    # It says so once, not at each look.
    ann.waits = 3599.5
    await ann.look()
    assert await signed(db, "ann") == [said]
    ann.waits = 0.0
    await ann.look()
    assert [one.waits_until for one in await signed(db, "ann")] == [None]
    ann.serves = False
    await ann.look()
    (said,) = await signed(db, "ann")
    assert (said.serves, said.trouble, said.waits_until) == (False, "FROZEN", None)


async def signed(db: Database, owner: str) -> list[watchers.Watcher]:
    async with db.reader() as conn:
        return await watchers.list_watchers(conn, [owner])


@pytest.mark.parametrize(("seconds", "often"), [(3600.0, 0), (0.0, 3)])
async def test_it_looks_again_only_after_a_while(
    monkeypatch: pytest.MonkeyPatch, seconds: float, often: int
) -> None:
    """With nothing to look at, no server is asked."""
    nothing: Any = None
    sharing = Sharing(nothing, nothing, Holder(nothing, "ann"))
    looks = 0

    async def look() -> bool:
        nonlocal looks
        looks += 1
        await asyncio.sleep(0)
        return True

    monkeypatch.setattr(sharing, "_look_patiently", look)
    monkeypatch.setattr(module, "LOOK", seconds)
    running = asyncio.create_task(sharing.run())
    for _ in range(20):
        await asyncio.sleep(0)
    assert looks >= often if often else looks == 0
    running.cancel()
