"""A server that says nothing any more is given up soon, and what it still works at is not."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest
from relays import Relay

from storage import facts
from storage.errors import StorageError, UnavailableError
from storage.location import location_of
from storage.postgres import engine, way
from storage.postgres.engine import PostgresDatabase, open_address

SOON = 30.0
"""Seconds of a busy machine's: what hangs would hang for hours."""


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(way, "SILENCE", 0.2)
    monkeypatch.setattr(way, "REACH", 3.0)
    yield


@pytest.fixture
async def relay(postgres_url: str) -> AsyncIterator[Relay]:
    folder = Path(parse_qs(urlsplit(postgres_url).query)["host"][0])
    async with Relay(folder).serve() as relay:
        yield relay


@pytest.fixture
async def database(relay: Relay) -> AsyncIterator[PostgresDatabase]:
    opened = await open_address(location_of(relay.url))
    yield opened
    await opened.close()


async def write(database: PostgresDatabase, value: str, *, beside: bool = False) -> None:
    async with database.transaction(beside=beside) as tx:
        await facts.set_value(tx, value if beside else "a", value)


async def read(database: PostgresDatabase, name: str = "a") -> str | None:
    async with database.reader() as conn:
        return await facts.find_value(conn, name)


async def gone(work: Any) -> UnavailableError:
    """What is said of the server's being away, soon."""
    async with asyncio.timeout(SOON):
        with pytest.raises(UnavailableError) as raised:
            await work
    assert raised.value.cause == "server"
    return raised.value


@pytest.mark.parametrize("cut_off", [True, False])
async def test_whoever_waits_is_told_soon_and_nothing_else_fails_when_it_is_over(
    database: PostgresDatabase, relay: Relay, cut_off: bool
) -> None:
    told: list[StorageError | None] = []
    # Every connection stands, and is idle.
    async with database.reader() as one, database.reader() as two, database.reader() as three:
        for conn in (one, two, three):
            await facts.find_value(conn, "a")
    await asyncio.gather(write(database, "b", beside=True), write(database, "c", beside=True))
    await write(database, "before")
    database.listen(told.append)
    relay.swallow()
    waiting = [write(database, "lost"), read(database), write(database, "d", beside=True)]
    await asyncio.gather(*map(gone, waiting))
    assert told and None not in told
    relay.pass_on(cut_off=cut_off)
    told.clear()
    async with asyncio.timeout(SOON):
        await write(database, "after")
        assert await asyncio.gather(*(read(database) for _ in range(4))) == ["after"] * 4
        await asyncio.gather(*(write(database, f"e{n}", beside=True) for n in range(3)))
    assert {*told} == {None}


async def test_who_waits_for_a_connection_waits_no_longer(
    database: PostgresDatabase, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "PATIENCE", 10.0)
    await write(database, "before")
    relay.swallow()
    await asyncio.gather(*(gone(write(database, f"{n}")) for n in range(40)))
    relay.pass_on(cut_off=True)
    await write(database, "after")


async def test_who_finds_all_connections_in_use_is_to_try_again(
    database: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.transaction() as tx:
        with monkeypatch.context() as hasty:
            hasty.setattr(engine, "PATIENCE", 0.2)
            with pytest.raises(UnavailableError, match="in use; try again") as raised:
                await write(database, "beside")
        assert raised.value.cause == "lock"
        await facts.set_value(tx, "a", "whole")
    assert await read(database) == "whole"


async def test_what_the_server_works_at_takes_its_time(database: PostgresDatabase) -> None:
    async with database.transaction() as tx:
        rows = await tx.fetch_all("SELECT 5 AS five FROM pg_sleep(?)", (way.SILENCE * 8,))
    assert [row["five"] for row in rows] == [5]


async def test_what_one_server_works_at_is_not_given_up_for_another_that_is_mute(
    relay: Relay,
) -> None:
    async with Relay(Path("/nowhere")).serve() as mute:
        mute.swallow()
        both = f"{mute.address},{relay.address}"
        url = f"{relay.url.replace(relay.address, both)}?target_session_attrs=read-write"
        database = await open_address(location_of(url))
        async with database.transaction() as tx:
            rows = await tx.fetch_all("SELECT 5 AS five FROM pg_sleep(?)", (way.REACH * 1.5,))
        assert [row["five"] for row in rows] == [5]
        mute.pass_on(cut_off=True)
        await database.close()


@pytest.mark.parametrize(
    ("answer", "is_ended"),
    [
        (asyncpg.ProtocolViolationError("no such database"), False),
        (asyncpg.TooManyConnectionsError("too many clients"), False),
        (asyncpg.TargetServerAttributeNotMatched("none is one"), True),
        (asyncpg.ConnectionDoesNotExistError("closed"), True),
        (ConnectionRefusedError(), True),
    ],
)
async def test_a_connection_ends_where_nothing_answers(
    relay: Relay, monkeypatch: pytest.MonkeyPatch, answer: Exception, is_ended: bool
) -> None:
    looked: asyncio.Queue[Exception] = asyncio.Queue()
    over = way.Way(relay.url)
    link = await over.connect()

    async def refuse(*_: object) -> bool:
        looked.put_nowait(answer)
        raise answer

    monkeypatch.setattr(over, "_is_at_work", refuse)
    looking = asyncio.create_task(over._look(link))
    async with asyncio.timeout(SOON):
        for _ in range(1 if is_ended else way.LOOKS + 1):
            await looked.get()
        if is_ended:
            await looking
    assert link.is_closed() is is_ended
    looking.cancel()
    way.end(link)


async def test_nobody_asks_about_a_connection_that_was_given_back(relay: Relay) -> None:
    over = way.Way(relay.url)
    pool = await over.make_pool(1)
    async with pool.acquire() as driver:
        pass
    async with asyncio.timeout(SOON):
        await over._look(driver)
    await pool.close()


@pytest.mark.parametrize(
    ("address", "place"),
    [
        (("db", 5433), ("db", 5433)),
        (("::1", 7), ("::1", 7)),
        ("/tmp/a/.s.PGSQL.5432", ("/tmp/a", 5432)),
    ],
)
async def test_where_a_connection_leads_to(
    postgres_url: str, address: object, place: tuple[str, int]
) -> None:
    link = await way.Way(postgres_url).connect()
    link._addr = address
    assert way._place_of(link) == place
    way.end(link)


async def test_a_task_that_is_cancelled_meanwhile_ends_soon(
    database: PostgresDatabase, relay: Relay
) -> None:
    await write(database, "before")
    began = asyncio.Event()

    async def wait() -> None:
        async with database.transaction() as tx:
            # Who is cut off in the middle holds the line for as long as the server lets it.
            await tx.execute("SET LOCAL idle_in_transaction_session_timeout = 500")
            began.set()
            await tx.fetch_all("SELECT pg_sleep(600)")

    task = asyncio.create_task(wait())
    await began.wait()
    relay.swallow()
    task.cancel()
    async with asyncio.timeout(SOON):
        with pytest.raises((asyncio.CancelledError, UnavailableError)):
            await task
    relay.pass_on(cut_off=True)
    async with asyncio.timeout(SOON):
        await write(database, "after")


async def test_a_server_that_does_not_answer_takes_the_time_of_no_other(
    postgres_url: str, relay: Relay
) -> None:
    async with Relay(Path("/nowhere")).serve() as mute:
        mute.swallow()
        url = relay.url.replace(relay.address, f"{mute.address},{relay.address}")
        async with asyncio.timeout(SOON):
            database = await open_address(location_of(url))
            await write(database, "there")
            assert await read(database) == "there"
        mute.pass_on(cut_off=True)
        await database.close()


async def test_the_machine_is_asked_to_find_out_too(relay: Relay, postgres_url: str) -> None:
    link = await way.Way(relay.url).connect()
    line = link._transport.get_extra_info("socket")
    assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
    assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 20_000
    assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 10
    assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL) == 3
    assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT) == 3
    way.end(link)
    way.end(link)
    pool = await way.Way(postgres_url).make_pool(1)
    async with pool.acquire() as driver:
        assert await driver.fetchval("SHOW tcp_user_timeout") in ("20s", "0")  # none of a socket's
    await pool.close()


async def test_where_no_server_answers_the_last_failure_is_told(tmp_path: Path) -> None:
    nobody = way.Way(f"postgresql:///postgres?host={tmp_path}")
    with pytest.raises(FileNotFoundError):
        await nobody.connect()


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("postgresql://ann:p%40@db:5/x?a=b", ["ann:p%40@db:5"]),
        ("postgresql://ann@one,two:7/x", ["ann@one", "ann@two:7"]),
        ("postgresql://one,[::1]:7/x", ["one", "[::1]:7"]),
        ("postgresql://postgres:@/postgres?host=/tmp/a", ["postgres:@"]),
    ],
)
def test_servers_are_tried_one_by_one(url: str, hosts: list[str]) -> None:
    tried = way.one_by_one(url)
    assert [urlsplit(one).netloc for one in tried] == hosts
    assert {(urlsplit(one).path, urlsplit(one).query) for one in tried} == {
        (urlsplit(url).path, urlsplit(url).query)
    }


async def test_a_connection_that_ends_while_it_is_given_back_ends_nothing_else(
    database: PostgresDatabase,
) -> None:
    pool = database._writer
    for _ in range(3):
        driver = await pool.acquire()
        driver._transport.abort()
        await way.give_back(pool, driver)
    await write(database, "after")
    assert await read(database) == "after"
