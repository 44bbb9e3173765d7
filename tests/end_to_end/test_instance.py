"""The database taken away from the real service, and put back as it was before."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.health import instance

ERROR = "dateline: error: "


def database_of(stage: Any) -> Path:
    path: Path = stage.folder / "data" / "dateline.db"
    return path


def wal_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def copy(source: Path, target: Path) -> None:
    """A copy of all that is committed, as a backup makes it."""
    with sqlite3.connect(source) as db, sqlite3.connect(target) as other:
        db.backup(other)
    db.close()
    other.close()


def put_back(path: Path) -> None:
    """Put a copy in the place of the database that is served, its log gone with it."""
    fresh = path.with_name("fresh.db")
    copy(path, fresh)
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink()
    fresh.replace(path)
    # Somebody reads it at once, and leaves its own log behind.
    reading = sqlite3.connect(path)
    reading.execute("PRAGMA journal_mode = WAL")
    reading.execute("CREATE TABLE later (word TEXT)")
    reading.execute("INSERT INTO later VALUES ('kept')")
    reading.commit()
    shutil.copyfile(wal_of(path), path.with_name("kept"))
    reading.close()
    path.with_name("kept").replace(wal_of(path))


def write_over(path: Path) -> None:
    """Copy a backup into the file itself, as ``cp`` does."""
    shutil.copyfile(path.with_name("backup.db"), path)


def delete(path: Path) -> None:
    path.unlink()


def delete_log(path: Path) -> None:
    wal_of(path).unlink()


async def end_of(service: Any) -> tuple[int, list[str]]:
    """The exit status of a service, and what it said went wrong."""
    async with asyncio.timeout(120):
        status = await service.wait()
    return status, [line for line in service.lines if line.startswith(ERROR)]


@pytest.mark.parametrize(
    ("meddle", "word"),
    [
        (delete, "deleted"),
        (delete_log, "deleted"),
        (put_back, "replaced"),
        (write_over, "replaced"),
    ],
)
async def test_a_database_that_is_taken_away_ends_the_service_with_one_line(
    ready_stage: Any, meddle: Callable[[Path], None], word: str
) -> None:
    stage = ready_stage
    service = await stage.run()
    post = await stage.news.post("The ferry sails")
    await stage.wait_stored(post)
    path = database_of(stage)
    copy(path, path.with_name("backup.db"))
    later = await stage.news.post("The ferry returns")
    await stage.wait_stored(later)
    meddle(path)
    status, said = await end_of(service)
    assert status == 1
    assert len(said) == 1, said
    assert f"the database was {word} while the service ran" in said[0]
    assert str(path) in said[0]
    if meddle is delete:
        again = stage.process()
        await again.start()
        status, said = await end_of(again)
        assert (status, len(said)) == (1, 1)
        assert "--new-database" in said[0]
        assert not path.exists()
        await again.start("run", "--new-database")
        await again.wait_ready()
        return
    posts = 1 if meddle is write_over else 2
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("SELECT count(*) FROM document").fetchone() == (posts,)
        if meddle is put_back:
            assert db.execute("SELECT word FROM later").fetchone() == ("kept",)
    db.close()


async def test_an_older_copy_in_its_place_is_told_and_what_was_posted_is_read_again(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    service = await stage.run(ADMINS=str(stage.ann.id))
    await stage.chat.ask("/start")
    path = database_of(stage)
    copy(path, stage.folder / "backup.db")
    post = await stage.news.post("The ferry sails")
    await stage.wait_stored(post)
    before = instance.read_identity_file(path.parent)

    async def is_marked(_: Any) -> bool:
        return instance.read_identity_file(path.parent) != before

    await stage.wait_database(is_marked)
    await service.kill()
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    shutil.copyfile(stage.folder / "backup.db", path)
    service = await stage.run(ADMINS=str(stage.ann.id))
    assert await service.wait_line("the database is an older copy")
    await stage.chat.wait_for("an older copy")
    await stage.wait_stored(post)


async def test_a_second_service_with_sessions_of_its_own_is_refused_and_commands_are_not(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    await stage.run()
    url = f"sqlite:///{database_of(stage)}"
    other = stage.process(DATA_DIR=str(stage.folder / "other"), DATABASE_URL=url)
    await other.start("run", "--without-account")
    status, said = await end_of(other)
    assert (status, len(said)) == (1, 1)
    assert "the database is in use by process" in said[0]
    for arguments in (("search", "ferry"), ("outbox",), ("channels", "list")):
        await other.start(*arguments)
        assert await other.wait() == 0
