import asyncio
import contextlib
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from storage.connection import Database
from storage.database import open_database
from storage.errors import (
    DamagedError,
    NotFoundError,
    StorageError,
    UnavailableError,
    UsageError,
)
from storage.sqlite import engine

ADD = "INSERT INTO fact (name, value) VALUES (?, ?)"
COUNT = "SELECT count(*) AS n FROM fact WHERE name NOT LIKE 'analysis%'"
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


async def add(database: Database, name: str) -> None:
    async with database.transaction() as tx:
        await tx.execute(ADD, (name, "1"))


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def count(database: Database) -> int:
    async with database.reader() as reader:
        row = await reader.fetch_one(COUNT)
    assert row is not None
    return int(row["n"])


@pytest.mark.parametrize(
    "url", ["postgresql://a:b", "mysql://x", "dateline.db", "", "sqlite:///", "sqlite://x"]
)
async def test_other_addresses_are_wrong_use(url: str) -> None:
    with pytest.raises(UsageError, match="DATABASE_URL"):
        await open_database(url)


async def test_file_is_private(database: Database, database_path: Path) -> None:
    async with database.transaction() as tx:
        await tx.execute(ADD, ("a", "1"))
    for path in database_path.parent.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


async def test_relative_and_absolute_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    await (await open_database("sqlite:///near.db")).close()
    await (await open_database(f"sqlite:///{tmp_path}/far.db")).close()
    assert names(tmp_path) == {"near.db", "far.db"}


async def test_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"cannot open .*; check that the folder exists"):
        await open_database(f"sqlite:///{tmp_path}/nowhere/dateline.db")


async def test_foreign_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear all, this is no database. " * 100)
    with pytest.raises(DamagedError, match="not a Dateline database"):
        await open_database(f"sqlite:///{path}")


async def test_transaction_commits(database: Database) -> None:
    async with database.transaction() as tx:
        assert await tx.execute(ADD, ("a", "1")) == 1
    assert await count(database) == 1


async def test_what_is_committed_is_on_the_disk(database: Database) -> None:
    async with database.transaction() as tx:
        row = await tx.fetch_one("PRAGMA synchronous")
    assert row is not None
    assert row["synchronous"] == 2  # FULL: every commit waits for the disk, the WAL included


async def test_transaction_rolls_back_on_error(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as tx:
            await tx.execute(ADD, ("a", "1"))
            raise ZeroDivisionError
    assert await count(database) == 0


@pytest.mark.parametrize("steps", range(8))
async def test_cancelled_transaction_rolls_back_wherever_it_stood(
    database: Database, steps: int
) -> None:
    async def work() -> None:
        async with database.transaction() as tx:
            await tx.execute(ADD, ("a", "1"))
            await tx.execute(ADD, ("b", "1"))
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await count(database) == 0
    async with database.transaction() as tx:
        await tx.execute(ADD, ("c", "1"))
    assert await count(database) == 1


async def test_writers_take_turns(database: Database) -> None:
    async def add_next() -> None:
        async with database.transaction() as tx:
            row = await tx.fetch_one(COUNT)
            assert row is not None
            await asyncio.sleep(0)
            await tx.execute(ADD, (str(row["n"]), "x"))

    await asyncio.gather(*(add_next() for _ in range(20)))
    assert await count(database) == 20


async def test_readers_do_not_wait_for_the_writer(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute(ADD, ("a", "1"))
        async with asyncio.timeout(60):
            assert await count(database) == 0
    assert await count(database) == 1


async def test_a_reader_cannot_write(database: Database) -> None:
    async with database.reader() as reader:
        with pytest.raises(StorageError, match="cannot be written"):
            await reader.execute(ADD, ("a", "1"))


async def test_a_given_up_read_is_interrupted_and_its_connection_serves_again(
    database: Database,
) -> None:
    for _ in range(4):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02), database.reader() as reader:
                await reader.fetch_all(ENDLESS)
    assert await count(database) == 0


async def test_a_read_that_is_given_up_before_it_begins_ends_all_the_same(
    database: Database,
) -> None:
    async with database.reader() as reader:
        for _ in range(4):
            asking = asyncio.create_task(reader.fetch_all(ENDLESS))
            await asyncio.sleep(0)  # SQLite's thread has it, and hardly more
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            assert [*map(tuple, await reader.fetch_all("SELECT 1"))] == [(1,)]


async def test_queries_that_are_asked_at_once_are_given_up_together(database: Database) -> None:
    async with asyncio.timeout(60), database.reader() as reader:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await reader.fetch_each((COUNT, ()), (ENDLESS, ()), (ENDLESS, ()))
        row = await reader.fetch_one("SELECT 1 AS n")
        assert row is not None
        assert row["n"] == 1


async def test_statements_that_are_run_at_once_are_given_up_together(database: Database) -> None:
    endless = ENDLESS.replace("SELECT max(i)", "INSERT INTO fact SELECT i, i")
    async with asyncio.timeout(60):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1), database.transaction() as tx:
                await tx.execute_later((ADD, [("a", "1")]), (endless, [()]), (endless, [()]))
                await tx.fetch_all("SELECT 1")
    assert await count(database) == 0
    await add(database, "kept")
    assert await count(database) == 1


async def test_a_refused_statement_says_what_the_engine_said(database: Database) -> None:
    async with database.reader() as reader:
        with pytest.raises(StorageError, match="no such table: story"):
            await reader.fetch_all("SELECT * FROM story")


async def test_a_lock_held_elsewhere_is_told(database: Database, database_path: Path) -> None:
    hasty = await engine.open_file(database_path, patience=0.2)
    with contextlib.closing(sqlite3.connect(database_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(UnavailableError, match="held by another process") as raised:
            async with hasty.transaction():
                pass
    assert raised.value.cause == "lock"
    await hasty.close()


async def test_a_lock_held_elsewhere_is_waited_for(database: Database, database_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(database_path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        writing = asyncio.create_task(add(database, "a"))
        done, _ = await asyncio.wait({writing}, timeout=0.3)
        assert not done
        other.execute("ROLLBACK")
    await writing
    assert await count(database) == 1


async def test_waiting_for_a_lock_can_be_ended(database: Database, database_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(database_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with asyncio.timeout(60):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await add(database, "a")
    await add(database, "b")
    assert await count(database) == 1


async def test_a_long_statement_of_the_writer_can_be_ended(database: Database) -> None:
    endless = ENDLESS.replace("SELECT max(i)", "INSERT INTO fact SELECT i, i")
    for _ in range(2):
        async with asyncio.timeout(60):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1), database.transaction() as tx:
                    await tx.execute(endless)
        await add(database, "kept")
        async with database.transaction() as tx:
            await tx.execute("DELETE FROM fact WHERE name = 'kept'")
    assert await count(database) == 0


async def test_a_full_database_is_told_and_takes_more_when_there_is_room(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        pages = await tx.fetch_one("PRAGMA page_count")
        assert pages is not None
        await tx.execute(f"PRAGMA max_page_count = {pages['page_count']}")
    told: list[StorageError | None] = []
    database.listen(told.append)
    with pytest.raises(UnavailableError, match="the disk is full") as raised:
        async with database.transaction() as tx:
            await tx.execute(ADD, ("a", "x" * 1_000_000))
    assert raised.value.cause == "disk"
    async with database.transaction():
        """Changes nothing, so it says nothing."""
    assert told == [raised.value]
    async with database.transaction() as tx:
        await tx.execute("PRAGMA max_page_count = 1000000")
        await tx.execute(ADD, ("a", "x" * 1_000_000))
    assert await count(database) == 1
    assert told == [raised.value, None]


@pytest.mark.parametrize(
    "text",
    ["'; DROP TABLE fact; --", '"', "?", "%", "\U0001f1f7\U0001f1fa", "\u202e"],
)
async def test_hostile_text_comes_back_as_it_went_in(database: Database, text: str) -> None:
    async with database.transaction() as tx:
        await tx.execute(ADD, ("text", text))
        row = await tx.fetch_one("SELECT value FROM fact WHERE name = ?", ("text",))
    assert row is not None
    assert row["value"] == text


@pytest.mark.parametrize("mark", ["\ud83d", "\udc00", "\x00"])
async def test_what_no_text_may_hold_becomes_a_replacement_character(
    database: Database, mark: str
) -> None:
    async with database.transaction() as tx:
        await tx.execute(ADD, ("one", mark))
        await tx.execute_many(ADD, [("two", f"a{mark}b")])
        rows = await tx.fetch_all(
            "SELECT value FROM fact WHERE name IN ('one', 'two') ORDER BY name"
        )
    assert [row["value"] for row in rows] == ["\ufffd", "a\ufffdb"]


WRITER = """
import asyncio, sys
from storage.database import open_database

async def main(url, name):
    database = await open_database(url)
    for number in range(40):
        async with database.transaction() as tx:
            row = await tx.fetch_one("SELECT count(*) - 1 AS n FROM fact")
            await tx.execute("INSERT INTO fact VALUES (?, ?)", (f"{name}{number}", str(row["n"])))
    await database.close()

asyncio.run(main(sys.argv[1], sys.argv[2]))
"""


ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.end_to_end
async def test_two_processes_create_and_write_one_database(database_path: Path) -> None:
    url = f"sqlite:///{database_path}"
    running = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", WRITER, url, name, cwd=ROOT, stderr=asyncio.subprocess.PIPE
        )
        for name in ("a", "b")
    ]
    for process in running:
        _, told = await process.communicate()
        assert process.returncode == 0, told.decode()
    database = await open_database(url)
    async with database.reader() as reader:
        rows = await reader.fetch_all("SELECT value FROM fact WHERE name NOT LIKE 'analysis%'")
    await database.close()
    assert sorted(int(row["value"]) for row in rows) == list(range(80))


async def test_what_belongs_to_nothing_any_more_is_not_found(database: Database) -> None:
    with pytest.raises(NotFoundError, match="not there any more"):
        async with database.transaction() as tx:
            await tx.execute(
                "INSERT INTO alert (chat_id, query, created_at) VALUES (?, ?, ?)", (1, "ferry", 0)
            )


WITHOUT = """
import asyncio, sys
sys.modules[sys.argv[1]] = None  # as where it is not installed
from storage.database import open_database
from storage.errors import UsageError
try:
    asyncio.run(open_database("postgresql://127.0.0.1:9/dateline"))
except UsageError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("lacking", "is_told"), [("asyncpg", True), ("storage.postgres.way", False)]
)
def test_a_driver_that_is_not_installed_is_told_with_its_setting(
    lacking: str, is_told: bool
) -> None:
    """In a process of its own, which finds no such module; what else is lacking is our fault."""
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT, lacking], cwd=ROOT, capture_output=True, text=True
    )
    told = "DATABASE_URL: PostgreSQL's driver is not installed; `pip install 'dateline[postgres]'`"
    assert ran.stdout.strip() == (told if is_told else "")
    assert (ran.returncode == 0) is is_told, ran.stderr
    assert is_told or f"import of {lacking} halted" in ran.stderr
