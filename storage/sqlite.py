"""SQLite behind the seam: one writer, a few readers, each on a thread of its own (aiosqlite)."""

import asyncio
import os
import sqlite3
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
    Sized,
)
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from storage.document_json import storable
from storage.errors import Cause, DamagedError, StorageError, UnavailableError

READERS = 3
BUSY_SECONDS = 30.0
CACHE_KIB = 16_384
ANALYSED_ROWS = 1_000  # of each index, for the planner: enough, and never all of a big table

T = TypeVar("T")


class SqliteConnection:
    """A ``storage.database.Connection`` over aiosqlite."""

    def __init__(self, driver: aiosqlite.Connection, path: Path, *, reads_only: bool) -> None:
        self._driver = driver
        self._path = path
        self._reads_only = reads_only

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Run a statement; gives the number of rows it changed."""
        cursor = await self._run(self._driver.execute(sql, _clean(parameters)))
        return cursor.rowcount

    async def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each row, in one hop; a generator runs on SQLite's thread."""
        if not isinstance(rows, Sized) or len(rows):
            await self._run(self._driver.executemany(sql, map(_clean, rows)))

    async def insert(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Run an INSERT; gives the id of the new row."""
        row = await self._run(self._driver.execute_insert(sql, _clean(parameters)))
        if row is None:
            raise StorageError("an INSERT gave no row id", where=str(self._path))
        return int(row[0])

    async def fetch_all(self, sql: str, parameters: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """All rows of a query. A task cancelled meanwhile interrupts the query itself."""
        return list(await self._run(self._driver.execute_fetchall(sql, _clean(parameters))))

    async def fetch_one(self, sql: str, parameters: Sequence[Any] = ()) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        rows = await self.fetch_all(sql, parameters)
        return rows[0] if rows else None

    async def rollback(self) -> None:
        """Undo the open transaction, if there is one."""
        with _translated(self._path):
            await self._driver.rollback()

    async def close(self) -> None:
        """Close, after what is under way has ended."""
        with _translated(self._path):
            await self._driver.close()

    async def _run(self, call: Awaitable[T]) -> T:
        try:
            with _translated(self._path):
                return await call
        except asyncio.CancelledError:
            if self._reads_only:  # the writer's thread may be at another task's rollback
                await self._driver.interrupt()
            raise


class SqliteDatabase:
    """A ``storage.database.Database``: one writer connection, a pool of readers."""

    def __init__(self, writer: SqliteConnection, readers: list[SqliteConnection]) -> None:
        self._writer = writer
        self._lock = asyncio.Lock()
        self._readers = readers
        self._idle: asyncio.LifoQueue[SqliteConnection] = asyncio.LifoQueue()
        for reader in readers:
            self._idle.put_nowait(reader)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[SqliteConnection]:
        """The single writer, in a transaction of its own."""
        async with self._lock:
            try:
                await self._writer.execute("BEGIN IMMEDIATE")
                yield self._writer
                await self._writer.execute("COMMIT")
            except BaseException:
                # The thread works in order: what was queued before, even a BEGIN whose task was
                # cancelled, ends before this; and the next BEGIN comes after it in any case.
                await asyncio.shield(self._writer.rollback())
                raise

    @asynccontextmanager
    async def reader(self) -> AsyncIterator[SqliteConnection]:
        """A read-only connection of the pool."""
        connection = await self._idle.get()
        try:
            yield connection
        finally:
            self._idle.put_nowait(connection)

    async def close(self) -> None:
        """Close every connection, after what is under way has ended."""
        async with self._lock:
            for connection in (*self._readers, self._writer):
                await connection.close()


async def open_file(path: Path) -> SqliteDatabase:
    """Open the database file at ``path``, made with mode 0600 if it is not there."""
    _create_private(path)
    opened: list[SqliteConnection] = []
    try:
        while len(opened) <= READERS:
            opened.append(await _connect(path, reads_only=bool(opened)))
    except BaseException:
        for connection in opened:
            await connection.close()
        raise
    return SqliteDatabase(opened[0], opened[1:])


def _create_private(path: Path) -> None:
    # The -wal and -shm files beside it get the same mode: SQLite copies it.
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StorageError(
            f"cannot open the database: {error.strerror}",
            where=str(path),
            hint="check that the folder exists and is writable",
        ) from error


async def _connect(path: Path, *, reads_only: bool = False) -> SqliteConnection:
    with _translated(path):
        driver = await aiosqlite.connect(path, isolation_level=None, timeout=BUSY_SECONDS)
    driver.row_factory = sqlite3.Row
    connection = SqliteConnection(driver, path, reads_only=reads_only)
    try:
        for pragma in (
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "foreign_keys = 1",
            f"cache_size = -{CACHE_KIB}",
            "temp_store = MEMORY",
            f"analysis_limit = {ANALYSED_ROWS}",
            f"query_only = {int(reads_only)}",
        ):
            await connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        await connection.close()
        raise
    return connection


def _clean(parameters: Sequence[Any]) -> list[Any]:
    """Lone surrogates are no text that UTF-8 can hold: U+FFFD stands for them."""
    return [storable(value) if type(value) is str else value for value in parameters]


_HELD = "the database is held by another process"
_WAIT = "end the other process, or try again"
_PASSING: Mapping[int, tuple[Cause, str, str]] = {
    sqlite3.SQLITE_FULL: ("disk", "the disk is full", "make room; nothing was lost"),
    sqlite3.SQLITE_IOERR: ("disk", "the disk cannot be read or written", "check the disk"),
    sqlite3.SQLITE_READONLY: (
        "disk",
        "the database cannot be written",
        "check who owns the file and its folder",
    ),
    sqlite3.SQLITE_BUSY: ("lock", _HELD, _WAIT),
    sqlite3.SQLITE_LOCKED: ("lock", _HELD, _WAIT),
    sqlite3.SQLITE_PROTOCOL: ("lock", _HELD, _WAIT),
    sqlite3.SQLITE_CANTOPEN: (
        "files",
        "the database cannot be opened",
        "check the folder and its permissions, and how many files may be open",
    ),
    sqlite3.SQLITE_NOMEM: ("memory", "there is not enough memory", "give it more"),
}
_LASTING: Mapping[int, tuple[type[StorageError], str, str]] = {
    sqlite3.SQLITE_NOTADB: (
        DamagedError,
        "the file is not a Dateline database",
        "give another file",
    ),
    sqlite3.SQLITE_CORRUPT: (
        DamagedError,
        "the database is damaged",
        "restore it from a backup",
    ),
    sqlite3.SQLITE_INTERRUPT: (StorageError, "the query was given up", ""),
}


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Driver errors leave as StorageError, in words that a person can act on."""
    try:
        yield
    except MemoryError as error:
        raise _meaning(sqlite3.SQLITE_NOMEM, "", path) from error
    except (sqlite3.Error, OverflowError, ValueError) as error:
        # The low byte is the kind; the rest says more closely where it happened.
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        raise _meaning(code, str(error), path) from error


def _meaning(code: int, text: str, path: Path) -> StorageError:
    if code in _PASSING:
        cause, what, hint = _PASSING[code]
        return UnavailableError(what, cause=cause, where=str(path), hint=hint)
    if code in _LASTING:
        kind, what, hint = _LASTING[code]
        return kind(what, where=str(path), hint=hint)
    return StorageError(f"the database refused: {text}", where=str(path))
