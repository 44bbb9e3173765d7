"""Files of an open database that are deleted or replaced beneath it, with real files."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.connection import Database
from storage.database import open_database
from storage.errors import DamagedError, StorageError, UnavailableError
from storage.instance import Identity, ensure_identity, raise_counter
from storage.sqlite import file as sqlite_file
from storage.sqlite.file import find_identity, is_wal_anothers, where_files_are

Meddle = Callable[[Path], None]


def beside(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)


def replace(path: Path) -> None:
    """Put a copy in the place of a file, as a backup is put back."""
    copy = path.with_name("copy")
    shutil.copyfile(path, copy)
    copy.replace(path)


def rename(path: Path) -> None:
    path.rename(path.with_name("away"))


async def test_files_that_nobody_touched_are_held(database: Database, database_path: Path) -> None:
    assert where_files_are(database_path) == "held"
    assert not is_wal_anothers(database_path)


@pytest.mark.parametrize(
    ("end", "meddle", "place"),
    [
        ("", Path.unlink, "missing"),
        ("", rename, "missing"),
        ("", replace, "another's"),
        ("-wal", Path.unlink, "missing"),
        ("-wal", replace, "another's"),
        ("-shm", Path.unlink, "missing"),
        ("-shm", replace, "another's"),
    ],
)
async def test_each_file_that_is_taken_away_is_noticed(
    database: Database, database_path: Path, end: str, meddle: Meddle, place: str
) -> None:
    meddle(beside(database_path, end))
    assert where_files_are(database_path) == place
    assert is_wal_anothers(database_path) == (end != "" and place == "another's")


async def test_other_processes_that_come_and_go_take_nothing_away(
    database: Database, database_path: Path
) -> None:
    for _ in range(3):
        other = await open_database(f"sqlite:///{database_path}")
        async with other.transaction() as tx:
            await tx.execute("PRAGMA user_version")
        await other.close()
        assert find_identity(database_path) is None
        assert where_files_are(database_path) == "held"


async def test_vacuum_and_checkpoints_take_nothing_away(
    database: Database, database_path: Path
) -> None:
    with sqlite3.connect(database_path) as db:
        db.execute("VACUUM")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    assert where_files_are(database_path) == "held"


async def test_a_link_is_followed_and_noticed_when_it_leads_elsewhere(tmp_path: Path) -> None:
    disk, other = tmp_path / "disk.db", tmp_path / "other.db"
    link = tmp_path / "dateline.db"
    link.symlink_to(disk)
    database = await open_database(f"sqlite:///{link}")
    try:
        assert where_files_are(link) == "held"
        other.touch()
        link.unlink()
        link.symlink_to(other)
        assert where_files_are(link) == "another's"
    finally:
        await database.close()


async def test_whose_a_database_is_stands_in_it(database: Database, database_path: Path) -> None:
    assert find_identity(database_path) is None
    async with database.transaction() as tx:
        first = await ensure_identity(tx)
    async with database.transaction() as tx:
        raised = await raise_counter(tx, above=first.counter + 5)
    assert find_identity(database_path) == raised
    assert raised == Identity(name=first.name, counter=first.counter + 6)


def test_a_file_that_was_never_a_dateline_database_is_nobodys(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    assert find_identity(path) is None


@pytest.mark.parametrize(("content", "error"), [(b"no database" * 99, DamagedError)])
def test_a_file_that_is_no_database_is_told(
    tmp_path: Path, content: bytes, error: type[Exception]
) -> None:
    path = tmp_path / "some.db"
    path.write_bytes(content)
    with pytest.raises(error):
        find_identity(path)
    for whole in (False, True):
        with pytest.raises(error):
            sqlite_file.check(path, whole=whole)


def test_looking_for_a_database_makes_none(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    with pytest.raises(UnavailableError):
        sqlite_file.find_identity(path)
    assert not path.exists()


@pytest.mark.slow
async def test_a_damaged_page_in_the_midst_is_found_by_whoever_looks_at_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "sound.db"
    made = await open_database(f"sqlite:///{path}")
    async with made.transaction() as tx:
        rows = [(number, "x" * 500) for number in range(5000)]
        await tx.execute_many(
            "INSERT INTO subscriber (chat_id, name, created_at) VALUES (?, ?, 1)", rows
        )
    await made.close()
    damaged = tmp_path / "damaged.db"
    shutil.copyfile(path, damaged)
    with damaged.open("r+b") as file:
        file.seek(damaged.stat().st_size // 2 // 4096 * 4096)
        file.write(b"\xa5" * 4096 * 3)

    sqlite_file.check(path, whole=True)
    sqlite_file.check(damaged, whole=False)
    with pytest.raises(DamagedError, match="damaged; restore it from a backup"):
        sqlite_file.check(damaged, whole=True)
    told: list[StorageError | None] = []
    met = await open_database(f"sqlite:///{damaged}")
    met.listen(told.append)
    with pytest.raises(DamagedError, match="damaged"):
        async with met.reader() as conn:
            await conn.fetch_all("SELECT name FROM subscriber")
    assert [type(error) for error in told] == [DamagedError]
    await met.close()


async def test_a_look_waits_a_second_for_whoever_has_the_database(
    database: Database, database_path: Path
) -> None:
    with sqlite_file.looked_at(database_path) as looking:
        assert looking.execute("PRAGMA busy_timeout").fetchone() == (1000,)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            looking.execute("DELETE FROM fact")


def test_a_small_file_is_one_that_is_soon_checked(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    for size, is_small in ((0, True), (32 << 20, True), ((32 << 20) + 1, False)):
        path.touch()
        os.truncate(path, size)
        assert sqlite_file.is_small(path) == is_small
