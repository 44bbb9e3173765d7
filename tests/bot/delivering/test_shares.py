"""Chats are shared among deliverers: each chat is one's alone, and all together keep the pace."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.delivering.deliverer import Deliverer
from bot.delivering.portion import Portion
from bot.delivering.shares import LEAST, PARTS, SERVING, Shares
from bot.process.holder import Holder
from bot.telegram.pace import Pace
from storage.connection import Database
from storage.database import open_database
from storage.outbox import outbox, queueing
from storage.outbox.gate import Outbox
from storage.payloads import AlertPayload
from storage.postgres import holding
from storage.records import NewDelivery

RATE = float(PARTS)
"""Messages a second of all together: one for each part."""
ALL = frozenset(range(outbox.SHARES))
FAR = datetime.now(UTC) + timedelta(hours=1)


@pytest.fixture
async def db(postgres_url: str) -> AsyncIterator[Database]:
    database = await open_database(postgres_url)
    yield database
    await database.close()


class Sharer:
    """A process that delivers, as far as it takes shares."""

    def __init__(self, db: Database, name: str, *, own: int = 0, lasts: float = 60.0) -> None:
        self.holder = Holder(db, name, lasts=lasts)
        self.pace = Pace(overall=RATE, per_chat=1.0, per_group=20.0)
        self.portion = Portion(frozenset(), self.holder.stands)
        nobody: Any = None
        self.deliverer = Deliverer(db, nobody, self.pace, nobody, Outbox(), portion=self.portion)
        self.shares = Shares(db, db, self.holder, self.pace, self.deliverer, rate=RATE, own=own)

    async def look(self) -> frozenset[int]:
        """Look once; gives the shares that are claimed for."""
        await self.shares._look()
        assert self.portion.shares is not None
        return self.portion.shares


async def queue(db: Database, *chat_ids: int) -> None:
    now = datetime.now(UTC)
    given: dict[str, Any] = {"kind": "alert", "priority": 1, "due_at": now, "created_at": now}
    told = AlertPayload(doc_id="tg:1/1")
    rows = [NewDelivery(chat_id=id, key=f"{id}", payload=told, **given) for id in chat_ids]
    async with db.transaction() as tx:
        await queueing.add_deliveries(tx, rows)


async def claim(db: Database, shares: frozenset[int] | None = None) -> list[Any]:
    now = datetime.now(UTC)
    async with db.transaction() as tx:
        return await outbox.claim_due(tx, now=now, limit=99, lease_until=FAR, shares=shares)


async def test_who_is_alone_has_all_and_who_comes_gets_half(db: Database) -> None:
    ann, bob = Sharer(db, "ann"), Sharer(db, "bob")
    assert await ann.look() == ALL
    assert ann.pace.overall == RATE * 16 / PARTS
    assert await bob.look() == frozenset()
    assert bob.pace.overall == RATE
    kept = await ann.look()
    assert kept == frozenset(range(8))
    assert ann.pace.overall == RATE * 16 / PARTS, "what goes is Ann's until nothing is under way"
    assert await bob.look() == frozenset()
    assert await ann.look() == kept
    assert ann.pace.overall == RATE * 8 / PARTS
    assert await bob.look() == ALL - kept
    assert bob.pace.overall == RATE * 8 / PARTS
    for _ in range(2):
        assert (await ann.look(), await bob.look()) == (kept, ALL - kept)


async def test_a_share_is_let_go_only_when_nothing_of_it_is_held(db: Database) -> None:
    ann, bob = Sharer(db, "ann"), Sharer(db, "bob")
    await ann.look()
    await queue(db, 15, 7)
    rows = await claim(db)
    ann.deliverer._lanes.put(rows)
    await bob.look()
    await ann.look()  # it decides to go back to eight of them
    await ann.look()
    assert await bob.look() == ALL - frozenset(range(8)) - {15}
    assert ann.pace.overall == RATE * 9 / PARTS
    assert ann.deliverer.holds(15) and not ann.deliverer.holds(14)
    ann.deliverer._lanes.forget([row.id for row in rows])
    await ann.look()
    assert await bob.look() == ALL - frozenset(range(8))


async def test_what_one_that_died_had_under_way_is_released_where_it_is_taken_over(
    db: Database,
) -> None:
    ann, bob = Sharer(db, "ann", lasts=-1.0), Sharer(db, "bob")
    await ann.look()
    await queue(db, *range(1, 20))
    assert len(await claim(db)) == 19
    assert await bob.look() == ALL
    found = await claim(db, bob.portion.shares)
    assert sorted(row.chat_id for row in found) == [*range(1, 20)]
    assert {row.attempts for row in found} == {1}


async def test_only_what_is_of_new_shares_is_released(db: Database) -> None:
    ann, bob = Sharer(db, "ann"), Sharer(db, "bob")
    await ann.look()
    await bob.look()
    await ann.look()
    await ann.look()
    await queue(db, 3, 12)
    assert len(await claim(db)) == 2
    assert 12 in await bob.look()
    assert [row.chat_id for row in await claim(db)] == [12]


async def test_who_serves_has_parts_of_its_own_and_nobody_has_no_pace_at_all(db: Database) -> None:
    alone, late = Sharer(db, "ann", own=SERVING), Sharer(db, "bob")
    await alone.look()
    assert alone.pace.overall == RATE
    begun = asyncio.create_task(late.shares.run())
    await asyncio.sleep(0)  # It waits for the database now.
    assert late.pace.overall == LEAST
    begun.cancel()
    await asyncio.wait([begun])


async def test_a_share_without_end_is_nobodys_after_a_failure(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = Sharer(db, "ann")
    with monkeypatch.context() as broken:
        broken.setattr(outbox, "release_all", None)
        with pytest.raises(TypeError):
            await ann.look()
    assert ann.portion.shares == frozenset()
    assert await ann.look() == ALL


async def test_whoever_was_a_deliverer_long_ago_is_forgotten(db: Database) -> None:
    async with db.transaction() as tx:
        await holding.take(tx, ["deliverer:old"], "old", most=1, lasts=-90_000.0)
        await holding.take(tx, ["deliverer:new"], "new", most=1, lasts=-80_000.0)
    await Sharer(db, "ann").look()
    async with db.reader() as conn:
        rows = await conn.fetch_all("SELECT name FROM lease WHERE name LIKE 'deliverer:%'")
    assert {row["name"] for row in rows} == {"deliverer:ann", "deliverer:new"}


async def test_it_goes_on_by_itself(db: Database) -> None:
    ann = Sharer(db, "ann")
    running = asyncio.create_task(ann.shares.run())
    async with asyncio.timeout(20):
        while ann.portion.shares != ALL:  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(0.01)
    running.cancel()
