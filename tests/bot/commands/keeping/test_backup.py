"""``dateline backup`` and ``verify`` as they are called."""

import json
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.backups import taking
from bot.demo.process import clean_environment
from bot.sandbox.disk import small_disk
from storage.sqlite import backup_notes

Run = Callable[..., Any]


@pytest.fixture
def filled(tmp_path: Path, run: Run, put_database: Callable[[Path], str]) -> Path:
    """The folder of a database with two posts."""
    (tmp_path / "page.txt").write_text(
        "Forwarded from Port of Lisvik\nThe winter ferry\nForwarded from Port of Lisvik\nThe ice"
    )
    put_database(tmp_path / "data" / "dateline.db")
    assert run("import", "page.txt").returncode == 0
    return tmp_path / "data"


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_backup_is_one_file_that_holds_what_the_database_does(
    tmp_path: Path, filled: Path, run: Run
) -> None:
    (tmp_path / "kept").mkdir()
    done = run("backup", tmp_path / "kept" / "a.db")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{tmp_path / 'kept' / 'a.db'}: 2 documents, ")
    assert done.stdout.endswith(", checked\n")
    assert names(tmp_path / "kept") == {"a.db"}
    assert stat.S_IMODE((tmp_path / "kept" / "a.db").stat().st_mode) == 0o600
    with closing(sqlite3.connect(tmp_path / "kept" / "a.db")) as db:
        assert db.execute("SELECT count(*) FROM document").fetchone() == (2,)
    notes = backup_notes.read(tmp_path / "kept" / "a.db")
    assert notes.made_at is not None
    assert notes.sessions == ()


def test_sessions_are_in_it_only_if_asked_for(tmp_path: Path, filled: Path, run: Run) -> None:
    secret = b"dc8a-auth-key"
    with closing(sqlite3.connect(filled / "user.session")) as db, db:
        db.execute("CREATE TABLE sessions (auth_key BLOB)")
        db.execute("INSERT INTO sessions VALUES (?)", (secret,))
    assert run("backup", "without.db").returncode == 0
    assert secret not in (tmp_path / "without.db").read_bytes()
    done = run("backup", "with.db", "--sessions")
    assert done.returncode == 0
    assert "sessions in it: user; whoever has the file has them" in done.stderr
    assert backup_notes.read(tmp_path / "with.db").sessions == ("user",)
    held = backup_notes.take_sessions(tmp_path / "with.db")
    (tmp_path / "again").write_bytes(held["user"])
    with closing(sqlite3.connect(tmp_path / "again")) as db:
        assert db.execute("SELECT auth_key FROM sessions").fetchone() == (secret,)
    assert secret not in (tmp_path / "with.db").read_bytes()


def is_one_line(done: Any, *words: str) -> bool:
    lines = done.stderr.splitlines()
    return len(lines) == 1 and all(word in lines[0] for word in ("dateline: error: ", *words))


@pytest.mark.parametrize("make", [Path.touch, Path.mkdir, lambda path: path.symlink_to("nowhere")])
def test_what_is_there_is_left_alone(
    tmp_path: Path, filled: Path, run: Run, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "a.db")
    before = names(tmp_path)
    done = run("backup", "a.db")
    assert done.returncode == 2
    assert is_one_line(done, "a.db: is there already; name a file that is not there")
    assert names(tmp_path) == before


def test_a_folder_or_a_database_that_is_not_there_is_one_line(
    tmp_path: Path, filled: Path, run: Run
) -> None:
    missing = tmp_path / "missing"
    done = run("backup", missing / "a.db")
    assert done.returncode == 1
    assert is_one_line(done, f"{missing}: there is no such folder; make it first")
    assert ".part" not in done.stderr
    for name in (filled / "dateline.db" / "a.db", tmp_path / ("a" * 252)):
        done = run("backup", name)
        assert (done.returncode, is_one_line(done, f"{name}: cannot be made: ")) == (1, True)
    (filled / "dateline.db").rename(filled / "elsewhere.db")
    done = run("backup", "a.db")
    assert (done.returncode, is_one_line(done, "dateline.db", "no such file")) == (1, True)
    done = run("verify")
    assert (done.returncode, is_one_line(done, "dateline.db", "no such file")) == (1, True)
    assert not (filled / "dateline.db").exists()


def test_what_a_crash_left_is_in_nobodys_way(tmp_path: Path, filled: Path, run: Run) -> None:
    part = taking.part_of(tmp_path / "a.db")
    for end in ("", "-wal", "-shm", "-journal"):
        part.with_name(part.name + end).write_text("half")
    assert run("backup", "a.db").returncode == 0
    assert not [name for name in names(tmp_path) if taking.PART in name]


def test_of_a_damaged_database_no_backup_is_made(tmp_path: Path, filled: Path, run: Run) -> None:
    with (filled / "dateline.db").open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 40)
    before = names(tmp_path)
    done = run("backup", "a.db")
    assert (done.returncode, is_one_line(done, "dateline.db", "damaged")) == (1, True), done.stderr
    assert names(tmp_path) == before


def test_what_is_not_in_order_is_kept_and_said(tmp_path: Path, filled: Path, run: Run) -> None:
    with closing(sqlite3.connect(filled / "dateline.db")) as db, db:
        db.execute("INSERT INTO told_post (id, name) VALUES (404, 'x')")
    done = run("backup", "a.db")
    assert (done.returncode, is_one_line(done, "it was made, but", "outbox: 1 post")) == (1, True)
    done = run("verify", "a.db")
    assert (done.returncode, done.stdout) == (1, "outbox: 1 post is told by no row: 404\n")
    done = run("verify", "a.db", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout) == {
        "ok": False,
        "documents": 2,
        "problems": ["outbox: 1 post is told by no row: 404"],
    }


def test_a_database_that_is_in_order_is_said_to_be(filled: Path, run: Run) -> None:
    done = run("verify")
    assert (done.returncode, done.stdout, done.stderr) == (0, "in order: 2 documents\n", "")
    done = run("verify", "--json")
    assert done.stdout == '{"ok":true,"documents":2,"problems":[]}\n'


@pytest.mark.end_to_end
def test_on_a_full_disk_it_is_one_line_and_nothing_is_left(tmp_path: Path, filled: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    with small_disk(folder, "2m") as disk:
        if disk.data == folder:
            disk.fill()
        else:
            (disk.data / "others").write_bytes(b"x" * 1_800_000)
        before = names(disk.data)
        done = subprocess.run(
            [sys.executable, *disk.command("backup", str(folder / "a.db"))],
            env=clean_environment({"DATA_DIR": str(filled)}),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert names(disk.data) == before
    assert (done.returncode, is_one_line(done, "a.db", "make room")) == (1, True), done.stderr
