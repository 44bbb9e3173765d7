"""What becomes of the file, and what the engine's errors mean."""

import asyncio
import contextlib
import errno
import os
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import facts
from storage.connection import Database
from storage.errors import DamagedError, NotFoundError, StorageError, UnavailableError
from storage.sqlite import engine, meanings, parameters
from storage.sqlite.driver import Driver


def size(path: Path, end: str = "") -> int:
    return path.with_name(path.name + end).stat().st_size


def driver_error(code: int, said: str = "said") -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(said)
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "kind", "cause", "says"),
    [
        (driver_error(sqlite3.SQLITE_FULL), UnavailableError, "disk", "the disk is full"),
        (driver_error(sqlite3.SQLITE_IOERR_FSYNC), UnavailableError, "disk", "read or written"),
        (driver_error(sqlite3.SQLITE_READONLY_DBMOVED), UnavailableError, "disk", "be written"),
        (driver_error(sqlite3.SQLITE_BUSY_SNAPSHOT), UnavailableError, "lock", "another process"),
        (driver_error(sqlite3.SQLITE_LOCKED), UnavailableError, "lock", "another process"),
        (driver_error(sqlite3.SQLITE_PROTOCOL), UnavailableError, "lock", "another process"),
        (driver_error(sqlite3.SQLITE_CANTOPEN), UnavailableError, "files", "cannot be opened"),
        (driver_error(sqlite3.SQLITE_NOMEM), UnavailableError, "memory", "not enough memory"),
        (MemoryError(), UnavailableError, "memory", "not enough memory"),
        (driver_error(sqlite3.SQLITE_NOTADB), DamagedError, None, "not a Dateline database"),
        (driver_error(sqlite3.SQLITE_CORRUPT_INDEX), DamagedError, None, "damaged"),
        (driver_error(sqlite3.SQLITE_INTERRUPT), StorageError, None, "given up"),
        (driver_error(sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY), NotFoundError, None, "not there"),
        (driver_error(sqlite3.SQLITE_CONSTRAINT_UNIQUE), StorageError, None, "refused: said"),
        (sqlite3.ProgrammingError("said"), StorageError, None, "refused: said"),
        (OverflowError("said"), StorageError, None, "refused: said"),
        (
            driver_error(sqlite3.SQLITE_ERROR, 'fts5: syntax error near "a secret"'),
            StorageError,
            None,
            "refused: the query cannot be run",
        ),
    ],
)
def test_what_an_error_means(
    error: Exception, kind: type[StorageError], cause: str | None, says: str
) -> None:
    found = meanings.meaning_of(error, "dateline.db")
    assert type(found) is kind
    assert getattr(found, "cause", None) == cause
    assert says in str(found)
    assert "dateline.db" in str(found)
    assert "secret" not in str(found)


async def test_vacuum_gives_room_back_and_leaves_no_log(
    database: Database, database_path: Path
) -> None:
    async with database.transaction() as tx:
        await tx.execute("CREATE TABLE ballast (words TEXT)")
        await tx.execute_many("INSERT INTO ballast VALUES (?)", [("x" * 4000,)] * 500)
    async with database.transaction() as tx:
        await tx.execute("DELETE FROM ballast")
    assert await database.scrub()
    before = size(database_path)
    await database.vacuum()
    assert size(database_path) < before - 1_000_000
    assert size(database_path, "-wal") == 0


async def test_vacuum_is_the_first_thing_that_a_database_does(
    database: Database, database_path: Path
) -> None:
    await database.close()
    again = await engine.open_file(database_path)
    try:
        await again.vacuum()
    finally:
        await again.close()


async def test_the_log_is_not_emptied_under_who_reads(
    database: Database, database_path: Path
) -> None:
    held = sqlite3.connect(database_path, isolation_level=None)
    held.execute("BEGIN")
    held.execute("SELECT count(*) FROM document").fetchone()
    async with database.transaction() as tx:
        await tx.execute("CREATE TABLE ballast (words TEXT)")
    assert not await database.scrub()
    held.close()
    assert await database.scrub()
    assert size(database_path, "-wal") == 0


@pytest.mark.slow
async def test_the_log_is_moved_into_the_file_some_thousand_pages_at_a_time(
    database: Database, database_path: Path
) -> None:
    async with database.transaction() as tx:
        await tx.execute("CREATE TABLE ballast (words TEXT)")
    sizes = []
    for _ in range(30):
        async with database.transaction() as tx:
            await tx.execute_many("INSERT INTO ballast VALUES (?)", [("x" * 4000,)] * 200)
        sizes.append(size(database_path, "-wal") // 4096)
    assert sizes[9] > 1_900
    assert 4_000 <= max(sizes) < 16_500


async def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="No such file") as refused:
        await engine.open_file(tmp_path / "nowhere" / "dateline.db")
    assert isinstance(refused.value.__cause__, OSError)
    assert refused.value.__cause__.errno == errno.ENOENT


def held_open(path: Path) -> int:
    """How many descriptors of this process are of a file."""
    wanted, found = path.stat(), 0
    for entry in Path("/dev/fd").iterdir():
        with contextlib.suppress(OSError):
            found += os.path.samestat(os.fstat(int(entry.name)), wanted)
    return found


async def test_a_file_is_let_go_when_it_is_closed_and_when_it_is_no_database(
    database: Database, database_path: Path, tmp_path: Path
) -> None:
    assert held_open(database_path) > 1
    await database.close()
    assert held_open(database_path) == 0
    wrong = tmp_path / "wrong.db"
    wrong.write_bytes(b"no database at all, whatever its name says" * 50)
    with pytest.raises(DamagedError):
        await engine.open_file(wrong)
    assert held_open(wrong) == 0


async def test_nobody_writes_while_the_file_is_wiped(
    database: Database, database_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def wipe(file: int, start: int) -> int | None:
        with contextlib.closing(sqlite3.connect(database_path, timeout=0)) as other:
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("UPDATE fact SET value = 'snow'")
            tried.append(start)
        return None

    async with database.transaction() as tx:
        await facts.set_value(tx, "weather", "rain")
    monkeypatch.setattr("storage.sqlite.pages.wipe", wipe)
    assert await database.scrub()
    assert tried == [0]
    async with database.transaction() as tx:
        assert await facts.find_value(tx, "weather") == "rain"


async def test_wiping_that_is_cancelled_ends_before_anything_else_is_written(
    database: Database, database_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end, ended = threading.Event(), threading.Event(), []

    def wipe(file: int, start: int) -> int | None:
        begun.set()
        may_end.wait(60)
        ended.append(start)
        return None

    monkeypatch.setattr("storage.sqlite.pages.wipe", wipe)
    scrubbing = asyncio.create_task(database.scrub())
    await asyncio.to_thread(begun.wait, 60)
    scrubbing.cancel()
    writing = asyncio.create_task(_set_weather(database))
    for _ in range(10):
        await asyncio.sleep(0)
    assert not (scrubbing.done() or writing.done())
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await scrubbing
    assert ended == [0]
    await writing


async def _set_weather(database: Database) -> None:
    async with database.transaction() as tx:
        await facts.set_value(tx, "weather", "fine")


async def test_a_disk_that_is_full_keeps_nothing_from_being_wiped_later(
    database: Database, database_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wipe(file: int, start: int) -> int | None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr("storage.sqlite.pages.wipe", wipe)
        with pytest.raises(UnavailableError, match="No space left on device") as caught:
            await database.scrub()
    assert (caught.value.cause, caught.value.where) == ("disk", str(database_path))
    await _set_weather(database)
    assert await database.scrub()


async def test_what_another_process_writes_is_noticed_and_nothing_else(
    database: Database, database_path: Path
) -> None:
    other = await engine.open_file(database_path)
    await database.is_written_beside()
    assert not await database.is_written_beside()
    await _set_weather(database)
    assert not await database.is_written_beside()
    async with other.transaction() as tx:
        await facts.set_value(tx, "weather", "foul")
    await other.close()
    assert await database.is_written_beside()
    assert not await database.is_written_beside()


async def test_rows_of_a_generator_are_all_written_in_their_order(database: Database) -> None:
    number = 2 * parameters.MADE_AT_ONCE + 1
    async with database.transaction() as tx:
        await tx.execute("CREATE TABLE line (id INTEGER PRIMARY KEY, text TEXT)")
        await tx.execute_many("INSERT INTO line (text) VALUES (?)", iter(()))
        await tx.execute_many(
            "INSERT INTO line (text) VALUES (?)", ((f"{place}",) for place in range(number))
        )
        rows = await tx.fetch_all("SELECT text FROM line ORDER BY id")
    assert [row["text"] for row in rows] == [f"{place}" for place in range(number)]


NOTE = "INSERT INTO fact (name, value) VALUES (?, ?)"
NOTED = "SELECT name FROM fact WHERE name LIKE 'dock%'"
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


async def _list_docks(database: Database) -> list[str]:
    async with database.reader() as conn:
        return [row["name"] for row in await conn.fetch_all(NOTED)]


async def test_who_asks_beside_a_transaction_runs_nothing_that_it_put_off(
    database: Database,
) -> None:
    with pytest.raises(StorageError, match="nowhere"):
        async with database.transaction() as tx:
            await tx.execute_later((NOTE, [("dock 1", "1")]), ("DELETE FROM nowhere", [()]))
            before = tx.changes
            await asyncio.create_task(database.is_written_beside())
            assert tx.changes == before
    assert await _list_docks(database) == []


async def test_what_was_put_off_and_failed_is_not_committed_whoever_heard_of_it(
    database: Database,
) -> None:
    with pytest.raises(StorageError, match="nowhere"):
        async with database.transaction() as tx:
            await tx.execute_later((NOTE, [("dock 1", "1")]), ("DELETE FROM nowhere", [()]))
            with contextlib.suppress(StorageError):
                await tx.fetch_all(NOTED)
    assert await _list_docks(database) == []
    await _set_weather(database)


@pytest.mark.parametrize("is_last", [True, False])
async def test_what_was_put_off_and_given_up_is_not_committed(
    database: Database, is_last: bool
) -> None:
    endless = ENDLESS.replace("SELECT max(i)", "INSERT INTO fact SELECT i, i")
    late = [(endless, [()]), (NOTE, [("dock 1", "1")])]
    with pytest.raises(StorageError, match="given up"):
        async with asyncio.timeout(60), database.transaction() as tx:
            await tx.execute_later(*(late[::-1] if is_last else late))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.05):
                    await tx.fetch_all(NOTED)
    assert await _list_docks(database) == []
    await _set_weather(database)


async def test_what_was_put_off_stays_where_only_what_followed_it_was_given_up(
    database: Database,
) -> None:
    async with asyncio.timeout(60), database.transaction() as tx:
        await tx.execute_later((NOTE, [("dock 1", "1")]))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.05):
                await tx.fetch_all(ENDLESS)
    assert await _list_docks(database) == ["dock 1"]


async def test_a_lock_is_waited_for_behind_what_was_put_off_too(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, tries = Driver.run, iter([True, True, False])

    async def run(self: Driver, work: Callable[[sqlite3.Connection], object]) -> object:
        def held(conn: sqlite3.Connection) -> object:
            result = work(conn)
            if next(tries):
                raise driver_error(sqlite3.SQLITE_BUSY)
            return result

        return await plain(self, held)

    async with database.transaction() as tx:
        await tx.execute_later((NOTE, [("dock 1", "1")]))
        with monkeypatch.context() as busy:
            busy.setattr(Driver, "run", run)
            assert len(await tx.fetch_all(NOTED)) == 1
    assert next(tries, None) is None
    assert await _list_docks(database) == ["dock 1"]
