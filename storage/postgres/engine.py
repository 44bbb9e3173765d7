"""PostgreSQL behind the seam: one writer and a pool of readers, each an asyncpg connection.

The writers of all processes are serialized by a lock on one table: each sees everything that was
committed before it, and a write means what it means in SQLite. A reader has a snapshot (REPEATABLE
READ). No state outlives a transaction on a connection, so a pooler may stand between. Lost
connections are opened again when one is next needed.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence, Sized
from contextlib import asynccontextmanager
from typing import Any, TypeAlias, TypeVar

import asyncpg
from msgspec import Struct

from storage.connection import Meter, Pages, Query, Reading, Row, Statement, Timing
from storage.document_json import storable
from storage.errors import DamagedError, StorageError, UnavailableError
from storage.location import Location
from storage.postgres import lost, way
from storage.postgres.index import TermsIndex
from storage.postgres.meanings import translated, was_cut_off
from storage.postgres.placeholders import numbered
from storage.postgres.way import Way

READERS = 3
WRITERS_BESIDE = 2
PATIENCE = 30.0
"""Seconds for which a server is waited for, and for the writers of other processes."""
MOST_IDLE = 20.0
"""Seconds that a transaction may wait for its process: one that is gone without a word, with its
machine or its network, holds up the others for no longer."""
OLDEST = 15
"""The oldest PostgreSQL that is served from."""
ENCODING = "UTF8"
"""Of a database: others take not all texts, and tell the signs of words (``words.sign``) apart
wrongly."""

IN_LINE = "LOCK TABLE schema_migration IN EXCLUSIVE MODE"
"""Waits until nobody else writes, and keeps others from writing; they may read."""

_BOUNDS = f"""
    SET LOCAL jit = off; SET LOCAL lock_timeout = {PATIENCE * 1000:.0f};
    SET LOCAL idle_in_transaction_session_timeout = {MOST_IDLE * 1000:.0f}
"""
_BEGIN_BESIDE = f"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; {_BOUNDS}"
_BEGIN = f"{_BEGIN_BESIDE}; {IN_LINE}"
_BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL jit = off"

_ASK = "SELECT pg_backend_pid(), current_setting('server_encoding')"
_ENCODED_ANEW = f"restore a dump of it into one made with TEMPLATE template0 ENCODING '{ENCODING}'"

_LISTS = (list, tuple)
_AGAIN = "try again"
_BUSY = "every connection to PostgreSQL is in use"

T = TypeVar("T")
Parameters: TypeAlias = Sequence[object]
Listener: TypeAlias = Callable[[StorageError | None], None]


class PostgresConnection:
    """A ``storage.connection.Connection`` over asyncpg. ``where`` names the database."""

    def __init__(self, driver: Any, where: str, way: Way) -> None:
        self._driver = driver
        self._where = where
        self._way = way
        self._turn = asyncio.Lock()
        self.changes = 0
        self.index = TermsIndex(self)

    async def execute(self, sql: str, parameters: Parameters = ()) -> int:
        """Run a statement; gives the number of rows it changed."""
        done = await self._ask(
            lambda: self._driver.execute(_put(sql, parameters), *_clean(parameters))
        )
        return self._count(done)

    async def execute_many(self, sql: str, rows: Iterable[Parameters]) -> None:
        """Run a statement once for each row. A generator of rows is consumed on a thread
        beforehand."""
        if not isinstance(rows, Sized):
            rows = await asyncio.to_thread(list, rows)
        cleaned = list(map(_clean, rows))
        if cleaned:
            await self._ask(lambda: self._driver.executemany(numbered(sql), cleaned))
            self.changes += len(cleaned)

    async def execute_later(self, *statements: Statement) -> None:
        """Run statements, at once. Generators are consumed on a thread before the first statement
        is run."""
        if not all(isinstance(rows, Sized) for _, rows in statements):
            statements = await asyncio.to_thread(_made, statements)
        for sql, rows in statements:
            await self.execute_many(sql, rows)

    async def insert(self, sql: str, parameters: Parameters = ()) -> int:
        """Run an INSERT; gives the id of the new row."""
        rows = await self.fetch_all(f"{sql} RETURNING id", parameters)
        if not rows:
            raise StorageError("an INSERT gave no row id", where=self._where)
        return int(rows[0]["id"])

    async def fetch_all(self, sql: str, parameters: Parameters = ()) -> Sequence[Row]:
        """All rows of a query. Cancelling the task cancels the query on the server as well."""
        rows: Sequence[Row] = await self._ask(
            lambda: self._driver.fetch(numbered(sql), *_clean(parameters))
        )
        if not sql.lstrip().startswith(("SELECT", "WITH")):
            self.changes += len(rows)
        return rows

    async def fetch_one(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """The first row of a query, or None."""
        rows = await self.fetch_all(sql, parameters)
        return rows[0] if rows else None

    async def fetch_each(self, *queries: Query) -> list[Sequence[Row]]:
        """The rows of several queries."""
        return [await self.fetch_all(sql, parameters) for sql, parameters in queries]

    def expect(self, *queries: Query) -> None:
        """Nothing is read ahead: a question takes a round trip, wherever it is asked."""

    async def fetch_first(self, sql: str, parameters: Parameters = ()) -> Sequence[Row]:
        """See ``storage.connection.Connection``. The planner is kept from sorting, so that it reads
        in the order of an index.

        Its statistics for short-lived rows (queued ones, say) are as old as the last ANALYZE; where
        they say that there are few such rows, it would read and sort them all each time.
        """
        await self.execute("SET LOCAL enable_sort = off")
        rows = await self.fetch_all(sql, parameters)
        await self.execute("SET LOCAL enable_sort TO DEFAULT")
        return rows

    async def skip_ids(self, table: str, count: int) -> None:
        """See ``storage.connection.Connection``."""
        sql = "SELECT setval(s, nextval(s) + ?) FROM pg_get_serial_sequence(?, 'id') AS s"
        await self.fetch_all(sql, (count, table))

    async def refresh_statistics(self) -> None:
        """Nothing to do: autovacuum does it."""

    async def list_lost(self, version: int) -> list[int]:
        """See ``storage.connection.Connection``."""
        return await lost.list_lost(self, version)

    async def count_pages(self) -> Pages:
        """All zero, since the server manages its pages."""
        return Pages(all=0, unused=0, can_shrink=True)

    async def give_back(self, pages: int) -> None:
        """Nothing to do."""

    async def _ask(self, make: Callable[[], Awaitable[T]]) -> T:
        async with self._turn:
            with translated(self._where), self._way.watched(self._driver):
                return await make()

    def _count(self, done: str) -> int:
        """The number of rows in a command tag such as ``UPDATE 3``."""
        kind, _, rest = done.partition(" ")
        changed = int(rest.split()[-1]) if kind in ("INSERT", "UPDATE", "DELETE") else 0
        self.changes += changed
        return changed


class PostgresDatabase:
    """A ``storage.connection.Database``: one writer connection, some for writes beside it, and a
    pool of readers."""

    def __init__(
        self,
        where: str,
        server: "Server",
        way: Way,
        writer: asyncpg.Pool,
        beside: asyncpg.Pool,
        readers: asyncpg.Pool,
    ) -> None:
        self.server = server
        self._where = where
        self._way = way
        self._writer = writer
        self._beside = beside
        self._readers = readers
        self._listeners: list[Listener] = []
        self._timing = Timing()

    def listen(self, listener: Listener) -> None:
        """Report each write to ``listener``: see ``storage.connection.Database``."""
        self._listeners.append(listener)

    def measure(self, meter: Meter) -> None:
        """See ``storage.connection.Database``."""
        self._timing.meter = meter

    def _notify(self, error: StorageError | None) -> None:
        for listener in self._listeners:
            listener(error)

    @asynccontextmanager
    async def transaction(
        self, *, beside: bool = False, expected: Iterable[Query] = ()
    ) -> AsyncIterator[PostgresConnection]:
        """The single writer: see ``storage.connection.Database``; nothing is read ahead."""
        pool, begin = (self._beside, _BEGIN_BESIDE) if beside else (self._writer, _BEGIN)
        async with self._connected(pool) as connection, _within(connection, begin):
            yield connection
        if connection.changes:
            self._notify(None)

    @asynccontextmanager
    async def reader(self, what: Reading | None = None) -> AsyncIterator[PostgresConnection]:
        """A pooled connection in a read-only transaction whose snapshot is taken by its first
        statement."""
        with self._timing.of(what):
            async with (
                self._connected(self._readers) as connection,
                _within(connection, _BEGIN_READING),
            ):
                yield connection

    @asynccontextmanager
    async def _connected(self, pool: asyncpg.Pool) -> AsyncIterator[PostgresConnection]:
        try:
            driver = await self._acquire(pool)
            try:
                yield PostgresConnection(driver, self._where, self._way)
                self._way.serves(driver)
            except UnavailableError as error:
                if error.cause == "server":
                    way.end(driver)
                raise
            finally:
                await asyncio.shield(way.give_back(pool, driver))
        except (UnavailableError, DamagedError) as error:
            if isinstance(error, UnavailableError) and error.cause == "server":
                self._way.lose(all_of_them=was_cut_off(error))
            self._notify(error)
            raise

    async def _acquire(self, pool: asyncpg.Pool) -> Any:
        waiting = asyncio.timeout(PATIENCE)
        try:
            with translated(self._where):
                async with waiting:
                    while self._way.is_doubtful(driver := await pool.acquire()):
                        way.end(driver)
                    return driver
        except UnavailableError as error:
            if not waiting.expired() or self._way.is_lost:
                raise
            raise UnavailableError(_BUSY, cause="lock", where=self._where, hint=_AGAIN) from error

    async def is_written_beside(self) -> bool:
        """See ``storage.connection.Database``: always possible here."""
        return True

    async def scrub(self) -> bool:
        """See ``storage.connection.Database``."""
        await self._maintain("VACUUM")
        return True

    async def vacuum(self) -> None:
        """See ``storage.connection.Database``."""
        await self._maintain("VACUUM FULL")

    async def _maintain(self, sql: str) -> None:
        async with self._connected(self._writer) as connection:
            await connection.execute(sql)

    async def close(self) -> None:
        """Close every connection once what is running has ended; one that is lost is closed."""
        with contextlib.suppress(UnavailableError), translated(self._where):
            async with asyncio.timeout(PATIENCE):
                await asyncio.gather(*(pool.close() for pool in self._list_pools()))

    def _list_pools(self) -> tuple[asyncpg.Pool, ...]:
        return self._writer, self._beside, self._readers


async def open_address(location: Location) -> PostgresDatabase:
    """Connect to the database. Raises StorageError, UsageError."""
    with translated(location.shown):
        server = await ask_server(location.url)
        _refuse_unfit(server, location.shown)
        way_there = Way(location.url, is_pooled=server.is_pooled)
        # Connections are opened on demand.
        pools = [await way_there.make_pool(most) for most in (1, WRITERS_BESIDE, READERS)]
    return PostgresDatabase(location.shown, server, way_there, *pools)


class Server(Struct, frozen=True, kw_only=True):
    """What answers at an address: the server's major ``version``, the database's ``encoding``, and
    ``is_pooled``: a pooler such as PgBouncer stands in front of the server."""

    version: int
    encoding: str
    is_pooled: bool


async def ask_server(url: str) -> Server:
    """What answers at an address. Raises the driver's errors."""
    driver = await Way(url).connect()
    try:
        version = driver.get_server_version().major
        async with asyncio.timeout(way.REACH), driver.transaction(readonly=True):
            process, encoding = await driver.fetchrow(_ASK)
        # A pooler gives its clients process ids of its own (used to cancel).
        is_pooled = process != driver.get_server_pid()
        return Server(version=version, encoding=encoding, is_pooled=is_pooled)
    finally:
        way.end(driver)


def _refuse_unfit(server: Server, where: str) -> None:
    if server.version < OLDEST:
        raise StorageError(
            f"PostgreSQL {server.version} is too old", where=where, hint=f"use {OLDEST} or newer"
        )
    if server.encoding != ENCODING:
        raise StorageError(
            f"the database's encoding is {server.encoding}", where=where, hint=_ENCODED_ANEW
        )


@asynccontextmanager
async def _within(connection: PostgresConnection, begin: str) -> AsyncIterator[None]:
    try:
        await connection.execute(begin)
        yield
        await connection.execute("COMMIT")
    except BaseException:
        await asyncio.shield(_roll_back(connection))
        raise


async def _roll_back(connection: PostgresConnection) -> None:
    try:
        await connection.execute("ROLLBACK")
    except UnavailableError:
        return  # the server rolls back when the connection closes


def _put(sql: str, parameters: Parameters) -> str:
    """Put a statement to asyncpg. Without parameters it may be several statements, and is passed
    unchanged."""
    return numbered(sql) if parameters else sql


def _made(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    return tuple((sql, list(rows)) for sql, rows in statements)


def _clean(parameters: Parameters) -> list[object]:
    """Parameters with U+FFFD for lone surrogates and NUL, which PostgreSQL's text cannot hold; in
    lists too."""
    return [
        storable(value)
        if isinstance(value, str)
        else (_clean(value) if isinstance(value, _LISTS) else value)
        for value in parameters
    ]
