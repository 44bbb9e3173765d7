"""Copies of a database that is written meanwhile."""

import contextlib
import itertools
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.errors import DamagedError, StorageError, UnavailableError
from storage.sqlite import copying

ROWS = 3000


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A database of several steps' size, in use, with all of it still in the log."""
    with contextlib.closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE word (text TEXT)")
        db.execute("BEGIN")
        db.executemany("INSERT INTO word VALUES (?)", [("wharf" * 200,)] * ROWS)
        db.execute("COMMIT")
        yield db


def count(path: Path) -> int:
    with contextlib.closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        (found,) = db.execute("SELECT count(*) FROM word").fetchone()
    return int(found)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_copy_is_what_was_there_when_it_began_and_holds_nobody_up(
    tmp_path: Path, writer: sqlite3.Connection
) -> None:
    steps: list[tuple[int, int]] = []

    def write(left: int, pages: int) -> None:
        steps.append((left, pages))
        writer.execute("INSERT INTO word VALUES ('later')")

    copying.copy(tmp_path / "a.db", tmp_path / "b.db", watch=write)
    assert len(steps) > 2
    assert steps[-1] == (0, steps[0][1])
    assert {before[0] - after[0] for before, after in itertools.pairwise(steps[:-1])} == {
        copying.STEP_PAGES
    }
    assert count(tmp_path / "b.db") == ROWS
    assert writer.execute("SELECT count(*) FROM word").fetchone() == (ROWS + len(steps),)


def test_it_is_one_file_for_its_owner_alone(tmp_path: Path, writer: sqlite3.Connection) -> None:
    (tmp_path / "there").mkdir()
    copying.copy(tmp_path / "a.db", tmp_path / "there" / "b.db")
    assert stat.S_IMODE((tmp_path / "there" / "b.db").stat().st_mode) == 0o600
    assert count(tmp_path / "there" / "b.db") == ROWS
    assert names(tmp_path / "there") == {"b.db"}


def test_what_is_there_is_left_alone(tmp_path: Path, writer: sqlite3.Connection) -> None:
    (tmp_path / "b.db").write_text("mine")
    with pytest.raises(UnavailableError, match="File exists"):
        copying.copy(tmp_path / "a.db", tmp_path / "b.db")
    assert (tmp_path / "b.db").read_text() == "mine"


def test_what_ends_it_leaves_no_file(tmp_path: Path, writer: sqlite3.Connection) -> None:
    def stop(left: int, _pages: int) -> None:
        if left:
            raise KeyboardInterrupt

    before = names(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        copying.copy(tmp_path / "a.db", tmp_path / "b.db", watch=stop)
    assert names(tmp_path) == before


def test_no_file_stays_open(tmp_path: Path, writer: sqlite3.Connection) -> None:
    def stop(_left: int, _pages: int) -> None:
        raise KeyboardInterrupt

    copying.copy(tmp_path / "a.db", tmp_path / "b.db")
    copying.sync(tmp_path / "b.db")
    with pytest.raises(KeyboardInterrupt):
        copying.copy(tmp_path / "a.db", tmp_path / "c.db", watch=stop)
    opened = [path.readlink() for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    left = [path.name for path in opened if path.parent == tmp_path]
    assert {"a.db"} <= set(left) <= {"a.db", "a.db-wal", "a.db-shm"}  # The writer's.


@pytest.mark.parametrize(
    ("content", "error", "word"),
    [
        (b"no database" * 500, DamagedError, "not a Dateline database"),
        (None, StorageError, "no such"),
    ],
)
def test_what_is_no_database_is_said(
    tmp_path: Path, content: bytes | None, error: type[StorageError], word: str
) -> None:
    if content is not None:
        (tmp_path / "a.db").write_bytes(content)
    before = names(tmp_path)
    with pytest.raises(error, match=word) as raised:
        copying.copy(tmp_path / "a.db", tmp_path / "b.db")
    assert raised.value.where.endswith("a.db")
    assert names(tmp_path) == before


def test_a_folder_that_is_not_there_is_said(tmp_path: Path, writer: sqlite3.Connection) -> None:
    with pytest.raises(
        UnavailableError, match="No such file or directory; name a file in a folder"
    ):
        copying.copy(tmp_path / "a.db", tmp_path / "missing" / "b.db")
