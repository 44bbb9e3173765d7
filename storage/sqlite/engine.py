"""The SQLite engine: one writer, a few readers, each on a thread of its own (aiosqlite).

A long statement is interrupted when its task is cancelled. A lock of another process is waited for
here, in small steps, because SQLite's own wait cannot be interrupted.
"""

import asyncio
import os
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeAlias

from storage.connection import Meter, Pages, Query, Reading, Statement, Timing
from storage.errors import DamagedError, StorageError, UnavailableError
from storage.sqlite import file as sqlite_file
from storage.sqlite import pages, upkeep
from storage.sqlite.ahead import Ahead, Asked, Beginning, answer, asked_of
from storage.sqlite.driver import CACHE_KIB, Driver, T, connect, pragmas
from storage.sqlite.index import Fts5Index
from storage.sqlite.log import Log
from storage.sqlite.meanings import not_written, translated
from storage.sqlite.parameters import clean, filled, made

READERS = 3
PATIENCE = 30.0
"""Seconds to wait for a lock of another process."""
BUSY_STEP = 0.1
"""Seconds that SQLite itself waits each time."""
BUSY_PAUSE = 0.05
GIVE_UP_STEPS = 500_000
"""Steps of SQLite's virtual machine between two checks for cancellation: tens of milliseconds."""

Work: TypeAlias = Callable[[sqlite3.Connection], T]
Listener: TypeAlias = Callable[[StorageError | None], None]


class SqliteConnection:
    """A ``storage.connection.Connection`` over aiosqlite. ``patience``: see ``open_file``."""

    def __init__(self, driver: Driver, path: Path, *, patience: float) -> None:
        self._driver = driver
        self._path = path
        self._patience = patience
        self._given_up = threading.Event()
        self._changing: asyncio.Task[None] | None = None
        self._later: list[Statement] = []
        self._failed: Exception | None = None
        self._ahead = Ahead()
        self.index = Fts5Index(self)

    async def open(self, pragmas: Iterable[str]) -> None:
        """Set it up in one hop: a script reads what some answer, else their statements go on."""
        with translated(self._path):
            await self._driver.set_progress_handler(self._given_up.is_set, GIVE_UP_STEPS)
        script = ";".join(f"PRAGMA {pragma}" for pragma in pragmas)
        await self._run(lambda driver: driver.executescript(script))

    @property
    def changes(self) -> int:
        """How many rows it has changed since it was opened."""
        return self._driver.total_changes

    async def execute(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """Run a statement; gives the number of rows it changed."""
        given = clean(parameters)
        return await self._run(lambda driver: driver.execute(sql, given).rowcount)

    async def execute_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement once for each row, in one hop; a generator runs on SQLite's thread."""
        if some := filled([(sql, rows)]):
            self._later += some
            await self._ask(lambda driver: None)

    async def execute_later(self, *statements: Statement) -> None:
        """Run statements in the hop of the next call."""
        self._ahead.clear()
        self._later += filled(statements)

    async def insert(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """Run an INSERT; gives the id of the new row."""
        given = clean(parameters)

        def work(driver: sqlite3.Connection) -> int:
            driver.execute(sql, given)
            return int(driver.execute("SELECT last_insert_rowid()").fetchone()[0])

        return await self._run(work)

    async def fetch_all(self, sql: str, parameters: Sequence[object] = ()) -> list[sqlite3.Row]:
        """All rows of a query. A task cancelled meanwhile ends the query itself."""
        return (await self.fetch_each((sql, parameters)))[0]

    async def fetch_one(self, sql: str, parameters: Sequence[object] = ()) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        return next(iter(await self.fetch_all(sql, parameters)), None)

    async def fetch_each(self, *queries: Query) -> list[list[sqlite3.Row]]:
        """The rows of several queries, in one hop."""
        asked = asked_of(queries)
        known = self._ahead.take(asked, lambda: self.changes)
        left = [one for one, rows in zip(asked, known, strict=True) if rows is None]
        found = iter(await self._read(left) if left else ())
        return [next(found) if rows is None else rows for rows in known]

    async def _read(self, asked: Sequence[Asked]) -> Sequence[list[sqlite3.Row]]:
        """The rows of each query. What is expected next is read in the same hop."""
        also = self._ahead.take_next()
        found = await self._run(lambda driver: answer(driver, (*asked, *also)))
        if also:
            self._ahead.keep(also, found[len(asked) :], changes=self.changes)
        return found[: len(asked)]

    def expect(self, *queries: Query) -> None:
        """Read these in the next hop of the transaction that reads."""
        if self._driver.in_transaction:
            self._ahead.next = asked_of(queries)

    async def fetch_first(self, sql: str, parameters: Sequence[object] = ()) -> list[sqlite3.Row]:
        """See ``storage.connection.Connection``: the engine follows the index by itself."""
        return await self.fetch_all(sql, parameters)

    async def skip_ids(self, table: str, count: int) -> None:
        """See ``storage.connection.Connection``; for a table that never reuses ids."""
        await upkeep.skip_ids(self, table, count)

    async def refresh_statistics(self) -> None:
        """See ``storage.connection.Connection``."""
        await self.execute("PRAGMA optimize")

    async def list_lost(self, version: int) -> list[int]:
        """Always empty: the index is in the same file."""
        return []

    async def read_version(self) -> int:
        """A number that changes when other processes have written. Others may ask for it during a
        transaction: nothing that this has put off is run with it."""
        with translated(self._path):
            return await self._driver.read_version()

    async def count_pages(self) -> Pages:
        """See ``storage.connection.Connection``."""
        return await upkeep.count_pages(self)

    async def give_back(self, pages: int) -> None:
        """See ``storage.connection.Connection``."""
        await upkeep.give_back(self, pages)

    async def begin(self, expected: Iterable[Query]) -> None:
        """Begin a transaction, and read in the same hop what it is expected to ask."""
        self._ahead.end()
        asked = asked_of(expected)
        self._ahead.keep(asked, await self._run(Beginning(asked)), changes=self.changes)

    async def commit(self) -> None:
        """Commit, unless something that was put off has failed, whoever heard of it."""
        if self._failed is not None:
            raise self._failed
        await self.execute("COMMIT")

    async def rollback(self) -> None:
        """Undo the open transaction, if there is one."""
        self._later.clear()
        self._ahead.end()
        self._failed = None
        with translated(self._path):
            await self._driver.rollback()

    async def close(self) -> None:
        """Close, after the running statement has ended."""
        with translated(self._path):
            await self._driver.close()

    async def _run(self, work: Work[T]) -> T:
        """Ask, and ask again while another process holds a lock that is in the way; but not where
        that stopped statements of ``execute_later``, whose rows may be made only once."""
        clock = asyncio.get_running_loop().time
        give_up_at: float | None = None
        while True:
            before = self._later
            try:
                return await self._ask(work)
            except UnavailableError as error:
                if error.cause != "lock" or before:
                    raise
                give_up_at = give_up_at or clock() + self._patience
                if clock() >= give_up_at:
                    raise
            await asyncio.sleep(BUSY_PAUSE)

    async def _ask(self, work: Work[T]) -> T:
        before, self._later = self._later, []

        def work_on(driver: sqlite3.Connection) -> T:
            for sql, rows in before:
                driver.executemany(sql, made(rows))
            before.clear()
            return work(driver)

        try:
            with translated(self._path):
                return await self._driver.run(work_on if before else work)
        except BaseException as error:
            if before:
                given_up = StorageError("what was put off was given up", where=str(self._path))
                self._failed = error if isinstance(error, Exception) else given_up
            if isinstance(error, asyncio.CancelledError):
                await self._give_up()
            raise

    async def _give_up(self) -> None:
        """End the running statement, even if SQLite has not begun it yet (which an interrupt would
        not reach). Later statements have a flag of their own."""
        self._given_up.set()
        self._given_up = threading.Event()
        change = self._driver.set_progress_handler(self._given_up.is_set, GIVE_UP_STEPS)
        self._changing = asyncio.create_task(change)
        self._changing.add_done_callback(lambda done: done.cancelled() or done.exception())
        await asyncio.sleep(0)  # it stands in line before anything else is asked


class SqliteDatabase:
    """A ``storage.connection.Database``: a writer, two connections that move the log, readers."""

    def __init__(self, path: Path, file: int, opened: Sequence[SqliteConnection]) -> None:
        self._path = path
        self._file = file
        self._opened = opened
        self._writer, mover, guard, *readers = opened
        self._lock = asyncio.Lock()
        self.log = Log(
            path, writer=opened[0], mover=mover, guard=guard, lock=self._lock, notify=self._notify
        )
        self._idle: asyncio.LifoQueue[SqliteConnection] = asyncio.LifoQueue()
        for reader in readers:
            self._idle.put_nowait(reader)
        self._listeners: list[Listener] = []
        self._timing = Timing()
        self._seen: int | None = None

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
    async def transaction(
        self, *, beside: bool = False, expected: Iterable[Query] = ()
    ) -> AsyncIterator[SqliteConnection]:
        """A transaction of the single writer; what is ``expected`` is read in its first hop."""
        async with self._lock:
            before = self._writer.changes
            try:
                await self._writer.begin(expected)
                yield self._writer
                await self._writer.commit()
            except BaseException as error:
                # The thread works in order: what was queued before, even a BEGIN whose task was
                # cancelled, ends before this; and the next BEGIN comes after it in any case.
                await asyncio.shield(self._writer.rollback())
                if isinstance(error, UnavailableError | DamagedError):
                    self._notify(error)
                raise
        if self._writer.changes != before:
            self._notify(None)
            self.log.grown()

    @asynccontextmanager
    async def rebuilding(self) -> AsyncIterator[SqliteConnection]:
        """A transaction without foreign keys, before anything else writes: a table can be rebuilt
        while rows refer to it (sqlite.org/lang_altertable.html)."""
        await self._writer.execute("PRAGMA foreign_keys = 0")
        try:
            async with self.transaction() as tx:
                yield tx
        finally:
            await asyncio.shield(self._writer.execute("PRAGMA foreign_keys = 1"))

    @asynccontextmanager
    async def reader(self, what: Reading | None = None) -> AsyncIterator[SqliteConnection]:
        """A read-only connection of the pool."""
        with self._timing.of(what):
            connection = await self._idle.get()
            try:
                yield connection
            except (UnavailableError, DamagedError) as error:
                self._notify(error)
                raise
            finally:
                self._idle.put_nowait(connection)

    async def is_written_beside(self) -> bool:
        """See ``storage.connection.Database``."""
        # The writer's own commits change nothing of that, and no other connection here writes.
        before, self._seen = self._seen, await asyncio.shield(self._writer.read_version())
        return before != self._seen

    async def close(self) -> None:
        """Close every connection, after running statements have ended."""
        await self.log.close()
        async with self._lock:
            for connection in reversed(self._opened):
                await connection.close()
            file, self._file = self._file, -1
            if file >= 0:
                os.close(file)

    async def scrub(self) -> bool:
        """See ``storage.connection.Database``; in parts, so that others can write in between."""
        start: int | None = 0
        while start is not None:
            async with self._lock:
                if not await self.log.empty():
                    return False
                await self._writer.execute("BEGIN IMMEDIATE")
                try:
                    if not await asyncio.to_thread(sqlite_file.is_log_empty, self._path):
                        return False  # Another process has written meanwhile.
                    # Pages in memory would bring back what is wiped out in the file.
                    await self._writer.execute("PRAGMA shrink_memory")
                    start = await self._wipe(start)
                finally:
                    await asyncio.shield(self._writer.rollback())
        return True

    async def _wipe(self, start: int) -> int | None:
        """Nobody else writes before this has ended, even where its task is cancelled."""
        work = asyncio.ensure_future(asyncio.to_thread(pages.wipe, self._file, start))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            await asyncio.wait({work})
            raise
        except OSError as error:
            raise not_written(error, self._path) from error

    async def vacuum(self) -> None:
        """See ``storage.connection.Database``."""
        async with self._lock:
            await self._writer.execute("VACUUM")
            await self.log.empty()


async def open_file(path: Path, *, patience: float = PATIENCE) -> SqliteDatabase:
    """Open the database file at ``path``, made with mode 0600 if it is not there. ``patience``:
    seconds for which a lock of another process is waited for each time."""
    file = sqlite_file.create_private(path)
    opened: list[SqliteConnection] = []
    try:
        while len(opened) < READERS + 3:
            opened.append(await _connect(path, reads_only=bool(opened), patience=patience))
        database = SqliteDatabase(path, file, opened)
        await database.log.open()
    except BaseException:
        for connection in opened:
            await connection.close()
        os.close(file)
        raise
    return database


@asynccontextmanager
async def reading(path: Path, *, patience: float = PATIENCE) -> AsyncIterator[SqliteConnection]:
    """A connection to an existing file with its present content, while others may write: nothing is
    changed. Raises StorageError."""
    address = sqlite_file.address_of(path)
    with translated(path):
        driver = await connect(address, uri=True, timeout=BUSY_STEP)
    connection = SqliteConnection(driver, path, patience=patience)
    try:
        await connection.open(("query_only = 1", f"cache_size = -{CACHE_KIB}"))
        await connection.execute("BEGIN")
        await connection.fetch_all("SELECT 1 FROM sqlite_schema LIMIT 1")
        yield connection
    finally:
        await asyncio.shield(connection.close())


async def _connect(path: Path, *, reads_only: bool, patience: float) -> SqliteConnection:
    with translated(path):
        try:
            driver = await connect(path, timeout=BUSY_STEP)
        except RuntimeError as error:  # no thread can be started
            raise MemoryError from error
    connection = SqliteConnection(driver, path, patience=patience)
    try:
        await connection.open(pragmas(reads_only=reads_only))
    except BaseException:
        await connection.close()
        raise
    return connection
