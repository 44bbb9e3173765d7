"""A database file that is written over while it is in use, with real files and processes."""

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from storage.connection import Database
from storage.database import open_database
from storage.instance import ensure_identity, raise_counter
from storage.sqlite.content import Overwriting


async def write(database: Database, rows: int = 1) -> None:
    async with database.transaction() as tx:
        await ensure_identity(tx)
        await tx.execute_many(
            "INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)",
            [(f"word {number}", "x" * 2000) for number in range(rows)],
        )


def back_up(path: Path) -> Path:
    target = path.with_name("backup.db")
    with sqlite3.connect(path) as db, sqlite3.connect(target) as copy:
        db.backup(copy)
    db.close()
    copy.close()
    return target


def checkpoint(path: Path, kind: str) -> None:
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA wal_checkpoint({kind})")
    db.close()


@pytest.mark.slow
async def test_what_sqlite_writes_itself_is_no_overwriting(
    database: Database, database_path: Path
) -> None:
    overwriting = Overwriting(database_path)
    for number in range(60):
        # Beyond a thousand pages a commit moves them into the file by itself.
        await write(database, rows=number * 30)
        assert not overwriting.is_seen()
        if number % 7 == 0:
            checkpoint(database_path, ("PASSIVE", "FULL", "RESTART", "TRUNCATE")[number % 4])
            assert not overwriting.is_seen()
        if number % 20 == 0:
            other = await open_database(f"sqlite:///{database_path}")
            async with other.transaction() as tx:
                await raise_counter(tx)
            await other.close()
            assert not overwriting.is_seen()


async def test_a_vacuum_is_no_overwriting(database: Database, database_path: Path) -> None:
    overwriting = Overwriting(database_path)
    await write(database, rows=3000)
    assert not overwriting.is_seen()
    with sqlite3.connect(database_path) as db:
        db.execute("DELETE FROM fact WHERE name LIKE 'word%'")
        db.commit()
        db.execute("VACUUM")
        assert not overwriting.is_seen()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    assert not overwriting.is_seen()
    assert not overwriting.is_seen()


async def test_a_copy_written_over_the_file_is_seen_whatever_the_log_holds(
    database: Database, database_path: Path
) -> None:
    overwriting = Overwriting(database_path)
    await write(database)
    backup = back_up(database_path)
    await write(database)
    assert not overwriting.is_seen()
    shutil.copyfile(backup, database_path)
    await write(database)
    assert overwriting.is_seen()
    assert overwriting.is_seen()


async def test_an_emptied_file_is_seen(database: Database, database_path: Path) -> None:
    overwriting = Overwriting(database_path)
    await write(database)
    checkpoint(database_path, "TRUNCATE")
    assert not overwriting.is_seen()
    os.truncate(database_path, 0)
    assert overwriting.is_seen()


async def test_what_can_not_be_read_is_damage_and_no_other_content(
    database: Database, database_path: Path
) -> None:
    overwriting = Overwriting(database_path)
    await write(database)
    checkpoint(database_path, "TRUNCATE")
    assert not overwriting.is_seen()
    with database_path.open("r+b") as file:
        file.write(b"no database at all" * 100)
    assert not overwriting.is_seen()


async def test_a_file_that_was_only_touched_is_the_same(
    database: Database, database_path: Path
) -> None:
    overwriting = Overwriting(database_path)
    await write(database)
    assert not overwriting.is_seen()
    os.utime(database_path, (1, 1))
    assert not overwriting.is_seen()


async def test_of_a_file_that_this_process_does_not_hold_nothing_is_seen(
    database: Database, database_path: Path, tmp_path: Path
) -> None:
    await write(database)
    other = tmp_path / "other.db"
    for end in ("", "-wal", "-shm"):
        shutil.copyfile(f"{database_path}{end}", f"{other}{end}")
    overwriting = Overwriting(other)
    assert not overwriting.is_seen()
    os.truncate(other, 0)
    assert not overwriting.is_seen()
