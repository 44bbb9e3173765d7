"""The write-ahead log is moved into the file beside the commits, and never gets long for ever."""

import asyncio
import contextlib
import os
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from storage.connection import Database
from storage.errors import StorageError, UnavailableError
from storage.sqlite import engine, log
from storage.sqlite.engine import SqliteDatabase

PAGES = 40
PAGE = 4096
ROW = "x" * 4000  # one page
INSERT = "INSERT INTO ballast VALUES (?)"


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Logs are long from forty pages on."""
    for name, times in (("PAGES", 1), ("FAR_PAGES", 2), ("MOST_PAGES", 8)):
        monkeypatch.setattr(log, name, times * PAGES)
    monkeypatch.setattr(log, "MOST_BYTES", 8 * PAGES * PAGE)


@pytest.fixture
async def db(database_path: Path) -> AsyncIterator[SqliteDatabase]:
    opened = await engine.open_file(database_path)
    async with opened.transaction() as tx:
        await tx.execute("CREATE TABLE ballast (words TEXT)")
    yield opened
    await opened.close()


async def write(db: Database, pages: int) -> None:
    async with db.transaction() as tx:
        await tx.execute_many(INSERT, [(ROW,)] * pages)


async def count(db: Database) -> int:
    async with db.reader() as conn:
        (row,) = await conn.fetch_all("SELECT count(*) AS n FROM ballast")
    return int(row["n"])


def pages_of(db: SqliteDatabase) -> tuple[int, int]:
    """The length of the log, and how much of it was moved."""
    return db.log._pages()


def size(path: Path) -> int:
    """How many pages the log's file has room for."""
    return path.with_name(path.name + "-wal").stat().st_size // PAGE


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not is_so():  # noqa: ASYNC110 - what another thread has done
            await asyncio.sleep(0.005)


async def until_moved(db: SqliteDatabase) -> None:
    await until(lambda: len(set(pages_of(db))) == 1)


async def write_until(db: SqliteDatabase, is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not is_so():
            await write(db, 10)
            await asyncio.sleep(0.001)


@contextlib.contextmanager
def reading(path: Path) -> Iterator[None]:
    """Somebody reads what there is now, in a transaction."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM ballast").fetchone()
        yield


async def test_no_commit_moves_the_log(db: SqliteDatabase) -> None:
    before, moved = pages_of(db)
    async with db.log._at_work:
        for _ in range(5):
            await write(db, PAGES)
        assert pages_of(db)[0] >= before + 5 * PAGES
        assert pages_of(db)[1] == moved
    await until_moved(db)
    assert await count(db) == 5 * PAGES


async def test_a_log_that_is_not_long_is_not_moved(db: SqliteDatabase) -> None:
    await write(db, PAGES // 2)
    assert db.log._task is None
    assert pages_of(db)[1] == 0


async def test_the_log_is_written_over_once_it_was_moved(
    db: SqliteDatabase, database_path: Path
) -> None:
    await db.is_written_beside()
    for _ in range(10):
        await write(db, PAGES + 5)
        await until_moved(db)
    assert size(database_path) < 2 * PAGES
    assert not await db.is_written_beside()


async def test_who_writes_without_a_pause_leaves_no_endless_log(
    db: SqliteDatabase, database_path: Path
) -> None:
    await db.is_written_beside()
    for _ in range(300):
        await write(db, 10)
    assert size(database_path) < 8 * PAGES + 2 * 10
    assert await count(db) == 3_000
    assert not await db.is_written_beside()


async def test_a_log_that_is_far_too_long_begins_anew_with_the_next_commit(
    db: SqliteDatabase,
) -> None:
    async with db.log._at_work:
        for _ in range(3):
            await write(db, PAGES)
    assert db.log._task is not None
    await asyncio.wait({db.log._task})
    await write(db, 1)
    assert 0 < pages_of(db)[0] < PAGES


async def test_who_reads_long_holds_up_the_log_and_nobody_else(
    db: SqliteDatabase, database_path: Path
) -> None:
    await write(db, 5)
    with reading(database_path):
        for place in range(20):
            await write(db, PAGES)
            assert await count(db) == 5 + (place + 1) * PAGES
        await until(lambda: db.log._task is not None and db.log._task.done())
        assert pages_of(db)[0] >= 20 * PAGES
        tried = pages_of(db)[0]
    assert size(database_path) >= tried
    await write_until(db, lambda: pages_of(db)[0] < PAGES)
    await write(db, 1)
    assert size(database_path) <= 8 * PAGES  # The file is cut off, too.


async def test_with_a_reader_in_the_way_not_each_commit_tries_anew(
    db: SqliteDatabase, database_path: Path
) -> None:
    tasks = set()
    with reading(database_path):
        for _ in range(2 * PAGES):
            await write(db, 1)
            tasks.add(db.log._task)
            if db.log._task is not None:
                await asyncio.wait({db.log._task})
    assert 1 < len(tasks - {None}) < PAGES // 2


async def test_a_reader_in_the_way_is_waited_for_once(
    db: SqliteDatabase, database_path: Path
) -> None:
    """Writing waits meanwhile; while pages are left, the guard itself keeps the log from beginning
    anew."""
    said: list[str] = []
    await db.log._mover._driver.set_trace_callback(said.append)
    with reading(database_path):
        async with db.log._at_work:
            await write(db, 3 * PAGES)
        assert db.log._task is not None
        await asyncio.wait({db.log._task})
        assert not await db.log.empty()
    assert [one for one in said if "PASSIVE" not in one] == ["PRAGMA wal_checkpoint(FULL)"] * 2
    assert await db.log.empty()


@pytest.mark.parametrize("is_moved", [False, True], ids=["in part", "all"])
@pytest.mark.parametrize("mode", ["PASSIVE", "FULL", "RESTART", "TRUNCATE"])
async def test_the_log_never_begins_anew_where_the_file_is_written(
    db: SqliteDatabase, database_path: Path, mode: str, *, is_moved: bool
) -> None:
    """Another process moves all of it and writes, just when it is moved here: SQLite before 3.51.3
    may then take the new log for moved, and forget pages."""
    seen: list[tuple[int, int]] = []

    def meddle(said: str) -> None:
        if mode in said:
            with contextlib.closing(sqlite3.connect(database_path, isolation_level=None)) as other:
                other.execute("PRAGMA wal_checkpoint(PASSIVE)")
                seen.append(pages_of(db))
                other.execute(INSERT, ("anew",))
            seen.append(pages_of(db))

    await write(db, PAGES // 2)
    if is_moved:
        with contextlib.closing(sqlite3.connect(database_path)) as other:
            other.execute("PRAGMA wal_checkpoint(PASSIVE)")
    await db.log._mover._driver.set_trace_callback(meddle)
    await db.log._checkpoint(mode)
    await db.log._mover._driver.set_trace_callback(lambda said: None)
    before, after = seen
    assert len(set(before)) == 1
    assert after[0] > before[0] or pages_of(db)[1] == 0
    assert await count(db) == PAGES // 2 + 1


async def test_who_gave_up_moving_leaves_nothing_in_the_way(db: SqliteDatabase) -> None:
    for hops in range(6):
        await write(db, PAGES // 2)
        moving = asyncio.create_task(db.log.empty())
        for _ in range(hops):
            await asyncio.sleep(0)
        moving.cancel()
        await asyncio.wait({moving})
        assert await db.log.empty()


async def test_closing_waits_for_what_is_under_way_and_leaves_no_log(
    db: SqliteDatabase, database_path: Path
) -> None:
    await db.log._at_work.acquire()
    await write(db, 3 * PAGES)
    assert db.log._task is not None
    closing = asyncio.create_task(db.close())
    await asyncio.sleep(0)
    assert not closing.done()
    db.log._at_work.release()
    await closing
    assert db.log._task.done()
    assert not database_path.with_name(database_path.name + "-wal").exists()
    with contextlib.closing(sqlite3.connect(database_path)) as other:
        assert other.execute("SELECT count(*) FROM ballast").fetchone() == (3 * PAGES,)


async def test_closing_while_somebody_writes_ends(db: SqliteDatabase) -> None:
    async with db.log._at_work:
        await write(db, 3 * PAGES)
    writing = [asyncio.create_task(write(db, 3 * PAGES)) for _ in range(3)]
    await asyncio.sleep(0)
    await asyncio.wait_for(db.close(), 60)
    await asyncio.gather(*writing, return_exceptions=True)


async def test_a_process_that_writes_beside_and_ends_leaves_the_log_to_the_other(
    db: SqliteDatabase, database_path: Path
) -> None:
    for _ in range(6):
        other = await engine.open_file(database_path)
        await write(other, PAGES)
        await other.close()
        assert await count(db) > 0
    await write_until(db, lambda: pages_of(db)[0] < 2 * PAGES)
    assert size(database_path) <= 8 * PAGES


async def test_who_only_reads_moves_nothing(db: SqliteDatabase, database_path: Path) -> None:
    await write(db, PAGES // 2)
    before = pages_of(db)
    for _ in range(3):
        async with engine.reading(database_path) as conn:
            assert len(await conn.fetch_all("SELECT 1 FROM ballast")) == PAGES // 2
    assert pages_of(db) == before


async def test_what_was_deleted_is_wiped_though_the_log_is_being_moved(
    db: SqliteDatabase,
) -> None:
    for _ in range(10):
        await write(db, PAGES + 1)
        assert await db.scrub()


async def test_a_file_that_cannot_grow_is_told_and_nothing_is_lost(
    db: SqliteDatabase, database_path: Path
) -> None:
    told: list[StorageError | None] = []
    db.listen(told.append)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    async with db.log._at_work:
        await write(db, 3 * PAGES)
        room = os.stat(database_path).st_size + PAGE  # noqa: PTH116
        # The log's own file is larger than what the database may become: it is written over.
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        await until(lambda: any(isinstance(one, UnavailableError) for one in told))
        assert pages_of(db)[1] < pages_of(db)[0]
        assert await count(db) == 3 * PAGES
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    await write(db, PAGES)
    await until_moved(db)
    assert await count(db) == 4 * PAGES
    assert told[-1] is None


async def test_where_the_length_cannot_be_seen_commits_move_the_log(
    database_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find(path: Path) -> int | None:
        raise FileNotFoundError(path)

    monkeypatch.setattr("storage.sqlite.file.find_index", find)
    db = await engine.open_file(database_path)
    try:
        async with db.transaction() as tx:
            (row,) = await tx.fetch_all("PRAGMA wal_autocheckpoint")
            await tx.execute("CREATE TABLE ballast (words TEXT)")
        assert row["wal_autocheckpoint"] == PAGES
        await write(db, 3 * PAGES)
        assert db.log._task is None
    finally:
        await db.close()


async def test_opening_moves_no_log_of_others_and_only_one_connection_writes(
    db: SqliteDatabase, database_path: Path
) -> None:
    async with db.log._at_work:
        with reading(database_path):
            await write(db, 1_500)
        before, moved = pages_of(db)
        other = await engine.open_file(database_path)
        after = pages_of(db)
        await other.close()
    assert after[0] <= before + 1
    assert after[1] == moved


WRITER = f"""
import asyncio, sys
from pathlib import Path
from storage.sqlite import engine, log

log.PAGES, log.FAR_PAGES, log.MOST_PAGES = {PAGES}, {2 * PAGES}, {8 * PAGES}

async def main():
    db = await engine.open_file(Path(sys.argv[1]))
    for number in range(100_000):
        async with db.transaction() as tx:
            await tx.execute_many("INSERT INTO ballast VALUES (?)", [({ROW!r},)] * 10)
        print(number, flush=True)

asyncio.run(main())
"""  # noqa: S608


@pytest.mark.end_to_end
@pytest.mark.parametrize("commits", [5, 23, 61, 140])
async def test_who_is_killed_while_the_log_is_moved_has_lost_nothing(
    db: SqliteDatabase, database_path: Path, commits: int
) -> None:
    await db.close()
    with subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-c", WRITER, str(database_path)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        for _ in range(commits):
            assert await asyncio.to_thread(process.stdout.readline)
        os.kill(process.pid, signal.SIGKILL)
        more = process.stdout.read().count(b"\n")
    again = await engine.open_file(database_path)
    try:
        assert await count(again) // 10 in (commits + more, commits + more + 1)
        async with again.reader() as conn:
            (row,) = await conn.fetch_all("PRAGMA integrity_check")
        assert row["integrity_check"] == "ok"
        await write(again, 3 * PAGES)
        await until_moved(again)
    finally:
        await again.close()
