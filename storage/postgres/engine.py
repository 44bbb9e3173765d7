"""PostgreSQL behind the seam: one writer and a few readers, each a connection (asyncpg).

A transaction stands as if it were alone (SERIALIZABLE): where that cannot be, one of two that meet
ends as UnavailableError and is asked again. Connections that were lost are made anew when they are
asked for next.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence, Sized
from contextlib import asynccontextmanager
from typing import Any, TypeAlias, TypeVar

import asyncpg

from storage.connection import Meter, Reading, Row, Timing
from storage.document_json import storable
from storage.errors import DamagedError, StorageError, UnavailableError
from storage.postgres import codecs
from storage.postgres.index import TermsIndex
from storage.postgres.meanings import translated
from storage.postgres.placeholders import numbered

READERS = 3
PATIENCE = 30.0
"""Seconds for which a server is waited for."""

T = TypeVar("T")
Parameters: TypeAlias = Sequence[object]
Listener: TypeAlias = Callable[[StorageError | None], None]


class PostgresConnection:
    """A ``storage.connection.Connection`` over asyncpg. ``where`` names the database."""

    def __init__(self, driver: Any, where: str) -> None:
        self._driver = driver
        self._where = where
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
        """Run a statement once for each row; a generator runs on a thread before that."""
        if not isinstance(rows, Sized):
            rows = await asyncio.to_thread(list, rows)
        cleaned = list(map(_clean, rows))
        if cleaned:
            await self._ask(lambda: self._driver.executemany(numbered(sql), cleaned))
            self.changes += len(cleaned)

    async def insert(self, sql: str, parameters: Parameters = ()) -> int:
        """Run an INSERT; gives the id of the new row."""
        rows = await self.fetch_all(f"{sql} RETURNING id", parameters)
        if not rows:
            raise StorageError("an INSERT gave no row id", where=self._where)
        return int(rows[0]["id"])

    async def fetch_all(self, sql: str, parameters: Parameters = ()) -> Sequence[Row]:
        """All rows of a query. A task cancelled meanwhile ends the query itself."""
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

    async def skip_ids(self, table: str, count: int) -> None:
        """See ``storage.connection.Connection``."""
        sql = "SELECT setval(s, nextval(s) + ?) FROM pg_get_serial_sequence(?, 'id') AS s"
        await self.fetch_all(sql, (count, table))

    async def _ask(self, make: Callable[[], Awaitable[T]]) -> T:
        async with self._turn:
            with translated(self._where):
                return await make()

    def _count(self, done: str) -> int:
        """The rows that the server's word for what it has done tells of."""
        kind, _, rest = done.partition(" ")
        changed = int(rest.split()[-1]) if kind in ("INSERT", "UPDATE", "DELETE") else 0
        self.changes += changed
        return changed


class PostgresDatabase:
    """A ``storage.connection.Database``: one writer connection, a pool of readers."""

    def __init__(self, where: str, writer: asyncpg.Pool, readers: asyncpg.Pool) -> None:
        self._where = where
        self._writer = writer
        self._readers = readers
        self._listeners: list[Listener] = []
        self._timing = Timing()

    def listen(self, listener: Listener) -> None:
        """Tell ``listener`` what becomes of the writing: see ``storage.connection.Database``."""
        self._listeners.append(listener)

    def measure(self, meter: Meter) -> None:
        """See ``storage.connection.Database``."""
        self._timing.meter = meter

    def _notify(self, error: StorageError | None) -> None:
        for listener in self._listeners:
            listener(error)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[PostgresConnection]:
        """The single writer of this process, in a transaction of its own."""
        async with self._connected(self._writer) as connection:
            await connection.execute("BEGIN ISOLATION LEVEL SERIALIZABLE")
            try:
                yield connection
                await connection.execute("COMMIT")
            except BaseException:
                await asyncio.shield(_roll_back(connection))
                raise
        if connection.changes:
            self._notify(None)

    @asynccontextmanager
    async def reader(self, what: Reading | None = None) -> AsyncIterator[PostgresConnection]:
        """A read-only connection of the pool."""
        with self._timing.of(what):
            async with self._connected(self._readers) as connection:
                yield connection

    @asynccontextmanager
    async def _connected(self, pool: asyncpg.Pool) -> AsyncIterator[PostgresConnection]:
        try:
            with translated(self._where):
                driver = await pool.acquire(timeout=PATIENCE)
            try:
                yield PostgresConnection(driver, self._where)
            except UnavailableError as error:
                if error.cause == "server":
                    _end(driver)
                raise
            finally:
                await asyncio.shield(pool.release(driver))
        except (UnavailableError, DamagedError) as error:
            self._notify(error)
            raise

    async def is_written_beside(self) -> bool:
        """See ``storage.connection.Database``: it may always be so."""
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
        """Close every connection, after what is under way has ended."""
        with translated(self._where):
            await asyncio.gather(self._writer.close(), self._readers.close())


async def open_address(url: str) -> PostgresDatabase:
    """Connect to the database at ``postgresql://…``. Raises StorageError."""
    where = _without_password(url)
    opened: list[asyncpg.Pool] = []
    try:
        with translated(where):
            opened.append(await _pool(url, size=1, reads_only=False))
            opened.append(await _pool(url, size=READERS, reads_only=True))
    except BaseException:
        for pool in opened:
            await pool.close()
        raise
    return PostgresDatabase(where, opened[0], opened[1])


async def _pool(url: str, *, size: int, reads_only: bool) -> asyncpg.Pool:
    settings = {"jit": "off", "default_transaction_read_only": "on" if reads_only else "off"}
    return await asyncpg.create_pool(
        url,
        min_size=0 if reads_only else 1,
        max_size=size,
        init=codecs.set_up,
        reset=_reset_nothing,
        server_settings=settings,
        timeout=PATIENCE,
    )


async def _reset_nothing(_driver: object) -> None:
    """Nothing that outlives a transaction is set on a connection: there is nothing to undo."""


async def _roll_back(connection: PostgresConnection) -> None:
    try:
        await connection.execute("ROLLBACK")
    except UnavailableError:
        return  # with the connection the transaction is gone


def _end(driver: Any) -> None:
    """End a connection, whatever state it is in: another one comes in its place."""
    with contextlib.suppress(asyncpg.InterfaceError):  # its end has been seen already
        driver.terminate()


def _without_password(url: str) -> str:
    """The address as it may be shown."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"


def _put(sql: str, parameters: Parameters) -> str:
    """Without parameters it may be several statements, and is left as it is."""
    return numbered(sql) if parameters else sql


def _clean(parameters: Parameters) -> list[object]:
    """Lone surrogates are no text that UTF-8 can hold: U+FFFD stands for them."""
    return [storable(value) if type(value) is str else value for value in parameters]
