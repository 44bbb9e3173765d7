"""Leases that many processes hold, by the server's clock."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from storage.database import open_database
from storage.postgres import holding

LONG = 60.0


@pytest.fixture
async def db(postgres_url: str) -> AsyncIterator[Any]:
    database = await open_database(postgres_url)
    try:
        yield database
    finally:
        await database.close()


async def take(db: Any, owner: str, *names: str, lasts: float = LONG, most: int = 9) -> Any:
    async with db.transaction(beside=True) as tx:
        return await holding.take(tx, names, owner, most=most, lasts=lasts)


async def test_what_one_has_no_other_gets_until_it_ends(db: Any) -> None:
    assert await take(db, "ann", "pier") == {"pier": 1}
    assert await take(db, "bob", "pier", "quay") == {"quay": 1}
    async with db.transaction(beside=True) as tx:
        assert await holding.renew(tx, ["pier"], "ann", lasts=-1.0) == {"pier": 1}
    assert await take(db, "bob", "pier") == {"pier": 2}
    async with db.transaction(beside=True) as tx:
        assert await holding.renew(tx, ["pier"], "ann", lasts=LONG) == {}


async def test_who_comes_again_has_at_once_what_was_theirs(db: Any) -> None:
    await take(db, "ann", "pier")
    assert await take(db, "ann", "pier") == {"pier": 2}


async def test_one_that_ended_and_that_nobody_took_is_renewed(db: Any) -> None:
    await take(db, "ann", "pier", lasts=-1.0)
    async with db.transaction(beside=True) as tx:
        assert await holding.renew(tx, ["pier"], "ann", lasts=LONG) == {"pier": 1}
    assert await take(db, "bob", "pier") == {}


async def test_no_more_are_taken_than_are_wanted(db: Any) -> None:
    assert len(await take(db, "ann", "a", "b", "c", most=2)) == 2
    assert len(await take(db, "bob", "a", "b", "c", most=2)) == 1


async def test_what_is_given_back_is_free_at_once(db: Any) -> None:
    await take(db, "ann", "pier")
    async with db.transaction(beside=True) as tx:
        await holding.give_back(tx, ["pier"], "bob")
    assert await take(db, "bob", "pier") == {}
    async with db.transaction(beside=True) as tx:
        await holding.give_back(tx, ["pier"], "ann")
    assert await take(db, "bob", "pier") == {"pier": 2}


async def test_nobody_takes_over_what_a_transaction_stands_on_and_renewing_does_not_wait(
    db: Any,
) -> None:
    held = await take(db, "ann", "pier", lasts=-1.0)
    async with db.transaction() as tx:
        assert await holding.stand(tx, held, "ann")
        async with asyncio.timeout(120):
            assert await take(db, "bob", "pier") == {}
            async with db.transaction(beside=True) as other:
                assert await holding.renew(other, ["pier"], "ann", lasts=-1.0)
    assert await take(db, "bob", "pier") == {"pier": 2}
    async with db.transaction() as tx:
        assert not await holding.stand(tx, held, "ann")


@pytest.mark.parametrize(
    ("held", "stands"),
    [
        ({}, True),
        ({"pier": 1}, True),
        ({"pier": 1, "quay": 1}, True),
        ({"pier": 2}, False),
        ({"dock": 1}, False),
        ({"pier": 1, "dock": 1}, False),
        ({"pier": 1, "slip": 1}, False),
    ],
)
@pytest.mark.parametrize("on_line", [False, True])
async def test_what_stands_is_asked_of_these_names_and_this_owner_alone(
    db: Any, held: dict[str, int], stands: bool, on_line: bool
) -> None:
    await take(db, "ann", "pier", "quay")
    await take(db, "bob", "dock")
    async with db.reader() as conn:
        line = await holding.find_line(conn) if on_line else None
    async with db.transaction() as tx:
        assert await holding.stand(tx, held, "ann", line=line) is stands


async def test_the_living_are_counted_and_the_dead_forgotten(db: Any) -> None:
    await take(db, "ann", "sender:ann", "role:watch")
    await take(db, "bob", "sender:bob", lasts=-100.0)
    async with db.reader() as conn:
        assert await holding.count_living(conn, "sender:") == 1
        assert await holding.count_living(conn) == 2
    async with db.transaction(beside=True) as tx:
        await holding.forget(tx, "sender:", after=50.0)
        rows = await tx.fetch_all("SELECT name FROM lease ORDER BY name")
    assert [row["name"] for row in rows] == ["role:watch", "sender:ann"]


async def test_one_whose_time_is_over_is_ended_for_good(db: Any) -> None:
    await take(db, "ann", "pier:ann", lasts=-1.0)
    await take(db, "bob", "pier:bob")
    async with db.transaction() as tx:
        assert await holding.list_living(tx, "pier:") == {"bob"}
        assert await holding.end(tx, ["pier:ann", "pier:bob"]) == {"pier:ann"}
        assert await holding.end(tx, []) == frozenset()
        assert await holding.renew(tx, ["pier:ann"], "ann", lasts=LONG) == {}
        assert not await holding.stand(tx, {"pier:ann": 1}, "ann")
    # Who had it may take it anew: then it begins anew.
    assert await take(db, "ann", "pier:ann") == {"pier:ann": 3}
