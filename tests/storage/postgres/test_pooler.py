"""Behind a pooler of transactions (PgBouncer), which gives each transaction another connection, all
is kept that the seam promises."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pooler
import pytest

from storage import facts
from storage.connection import Database
from storage.errors import UnavailableError
from storage.location import location_of
from storage.postgres import holding, opening
from storage.postgres.engine import PostgresDatabase, open_address

pytestmark = pytest.mark.skipif(pooler.PROGRAM is None, reason="pgbouncer is not installed")

FEW = 2
"""Connections to the server: fewer than one process has to the pooler."""


@pytest.fixture
def pooled(postgres_url: str) -> Iterator[str]:
    with pooler.serve(postgres_url, size=FEW) as url:
        yield url


@pytest.fixture
async def database(pooled: str) -> AsyncIterator[PostgresDatabase]:
    opened = await open_address(location_of(pooled))
    yield opened
    await opened.close()


async def count_up(database: Database, *, beside: str = "") -> None:
    async with database.transaction(beside=bool(beside)) as tx:
        value = int(await facts.find_value(tx, beside or "count") or 0)
        await facts.set_value(tx, beside or "count", str(value + 1))


async def count(database: Database, name: str = "count") -> int:
    async with database.reader() as conn:
        first = await facts.find_value(conn, name)
        assert first == await facts.find_value(conn, name)  # one moment
        return int(first or 0)


async def test_it_is_told_and_the_server_itself_is_not_taken_for_one(
    pooled: str, postgres_url: str
) -> None:
    assert (await opening.look(location_of(pooled))).is_pooled
    assert not (await opening.look(location_of(postgres_url))).is_pooled


async def test_processes_that_share_few_connections_write_and_read_as_they_should(
    database: PostgresDatabase, pooled: str
) -> None:
    both = (database, await open_address(location_of(pooled)))
    await asyncio.gather(
        *(count_up(one) for one in both for _ in range(20)),
        *(count_up(one, beside=f"own {n}") for n, one in enumerate(both)),
        *(count(one) for one in both for _ in range(20)),
    )
    assert await count(database) == 40
    # Statements that this connection asked before, and another one was asked.
    assert [await count(one, f"own {n}") for n, one in enumerate(both)] == [1, 1]
    await both[1].close()


async def test_what_is_set_for_one_transaction_is_set_for_no_other(
    database: PostgresDatabase, postgres_url: str
) -> None:
    await asyncio.gather(*(count_up(database) for _ in range(5)), count(database))
    conn = await asyncpg.connect(postgres_url)
    plain = await conn.fetchval("SHOW lock_timeout"), await conn.fetchval("SHOW jit")
    await conn.close()
    async with database.reader() as reading:
        rows = await reading.fetch_all(
            "SELECT current_setting('lock_timeout') AS line, current_setting('jit') AS jit"
        )
    assert [(row["line"], row["jit"]) for row in rows] == [(plain[0], "off")]


async def test_leases_hold_whichever_connection_asks(
    database: PostgresDatabase, pooled: str
) -> None:
    other = await open_address(location_of(pooled))
    names = ["serve", "deliver"]
    async with database.transaction(beside=True) as tx:
        taken = await holding.take(tx, names, "one", most=2, lasts=60)
    async with other.transaction(beside=True) as tx:
        assert await holding.take(tx, names, "two", most=2, lasts=60) == {}
    async with database.transaction() as tx:
        await count_up(other, beside="meanwhile")
        assert await holding.stand(tx, taken, "one")
    async with database.transaction(beside=True) as tx:
        await holding.give_back(tx, names, "one")
    async with other.transaction(beside=True) as tx:
        anew = await holding.take(tx, names, "two", most=2, lasts=60)
    assert {name: fence - taken[name] for name, fence in anew.items()} == dict.fromkeys(names, 1)
    async with database.transaction() as tx:
        assert not await holding.stand(tx, taken, "one")
    await other.close()


async def test_connections_to_the_server_that_end_are_made_anew(
    database: PostgresDatabase, postgres_url: str
) -> None:
    await count_up(database)
    conn = await asyncpg.connect(postgres_url)
    await conn.fetch(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        " AND datname = current_database()"
    )
    await conn.close()
    for _ in range(2 * FEW):
        try:
            await count_up(database)
        except UnavailableError as error:
            assert error.cause == "server"
    await count_up(database)
    assert await count(database) >= 2


async def test_a_task_that_is_cancelled_leaves_nothing_open(
    database: PostgresDatabase,
) -> None:
    began = asyncio.Event()

    async def wait() -> None:
        async with database.transaction() as tx:
            await facts.set_value(tx, "count", "1000")
            began.set()
            await tx.fetch_all("SELECT pg_sleep(600)")

    task = asyncio.create_task(wait())
    await began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await count_up(database)
    assert await count(database) == 1


async def test_what_it_refuses_by_itself_is_said_as_it_says_it(pooled: str) -> None:
    with pytest.raises(
        UnavailableError, match=r"a pooler before PostgreSQL refused: .*; see its log"
    ):
        await open_address(location_of(pooled.replace("postgres@", "nobody@")))
