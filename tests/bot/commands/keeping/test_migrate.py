"""``dateline migrate`` as it is called: by a process that is killed, and with what goes wrong."""

import asyncio
import json
import os
import secrets
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg
import former_rows
import pytest
import transferred

from bot.commands.keeping import migrate
from bot.demo.process import clean_environment
from bot.health import instance
from bot.process import locks
from bot.settings import Settings
from storage.errors import UsageError
from storage.instance import Identity
from storage.location import Location, location_of
from storage.transfer.comparing import Compared
from storage.transfer.transfer import Outcome

Run = Callable[..., Any]

PATIENCE = 120.0
DOCUMENTS = 1_500
MOVES = 25
"""About so often the copy moves on: each time it is killed it is somewhere else."""
INTERRUPTED = "migrate: interrupted; the same command goes on from here"


@pytest.fixture
def old(tmp_path: Path, run: Run) -> Path:
    """The database of the settings, with rows of every state."""
    (tmp_path / "data").mkdir(mode=0o700)
    path = tmp_path / "data" / "dateline.db"
    asyncio.run(transferred.make(path))
    return path


def test_it_says_what_to_do_and_the_old_one_is_refused_from_then_on(
    old: Path, tmp_path: Path, run: Run, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(old)) as db, db:
        db.execute("INSERT INTO fact VALUES ('instance_counter', '7')")
    instance.write_identity_file(old.parent, Identity(name="0a1b", counter=7))
    secret = postgres_url.replace("postgres:@", "postgres:open-sesame@")
    done = run("migrate", "--to", secret)
    assert (done.returncode, done.stderr) == (0, "")
    assert "document: 6 rows, sha256 " in done.stdout
    assert "alike in both by count and hash" in done.stdout
    assert "set DATABASE_URL to the address that you gave (postgresql://" in done.stdout
    assert "open-sesame" not in done.stdout
    assert instance.read_identity_file(old.parent) == Identity(name="0a1b", counter=8)
    refused = run("search", "grain")
    assert refused.returncode == 1
    assert "this database was migrated to postgresql://" in refused.stderr
    assert "open-sesame" not in (old.parent / "moved.json").read_text()
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    assert "Grain exports resumed" in run("search", "resumed").stdout
    back = run("migrate", "--to", f"sqlite:///{tmp_path / 'data' / 'back.db'}")
    assert (back.returncode, back.stderr) == (0, "")
    assert run("search", "resumed").returncode == 1
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'data' / 'back.db'}")
    assert "Grain exports resumed" in run("search", "resumed").stdout
    assert run("verify").stdout == "in order: 6 documents\n"


@pytest.mark.parametrize(
    ("old", "new", "way"),
    [
        ("postgresql://b@d/e", "postgresql://b@f/e", "copy it by pg_dump and pg_restore"),
        ("sqlite:///a.db", "sqlite:///b.db", "see `dateline backup`"),
    ],
)
def test_within_one_engine_another_way_is_named(old: str, new: str, way: str) -> None:
    with pytest.raises(UsageError, match="of that kind already") as refused:
        migrate._refuse_one_engine(location_of(old), location_of(new))
    assert refused.value.hint.endswith(way)
    migrate._refuse_one_engine(location_of("sqlite:///a.db"), location_of("postgresql://b@d/e"))


@pytest.mark.parametrize(
    ("was_whole", "replaced", "said"),
    [
        (False, 0, ["migrated: 6 rows in 3 tables, alike in both by count and hash"]),
        (
            True,
            2,
            [
                "was migrated before: 6 rows in 3 tables, alike in both by count and hash",
                "U+FFFD stands for NUL in 2 rows",
            ],
        ),
    ],
)
def test_what_was_carried_over_is_said_and_what_is_left_to_do(
    was_whole: bool, replaced: int, said: list[str]
) -> None:
    rows = {"alert": 1, "fact": 0, "document": 5}
    tables = tuple(
        Compared(table=table, rows=count, digest=f"{count}" * 64) for table, count in rows.items()
    )
    outcome = Outcome(tables=tables, identity=None, replaced=replaced, was_whole=was_whole)
    old = Location(url="sqlite:///a.db", shown="a.db")
    new = Location(url="postgresql://b:c@d/e", shown="d/e")
    lines = list(migrate._list_said(Settings(), outcome, old, new))
    assert lines[:2] == [
        "alert: 1 rows, sha256 1111111111111111",
        "document: 5 rows, sha256 5555555555555555",
    ]
    assert lines[2:-2] == said
    assert "the old database is as it was (a.db)" in lines[-2]
    assert lines[-1] == "set DATABASE_URL to the address that you gave (d/e), and start"


@pytest.mark.parametrize(
    ("to", "status", "said"),
    [
        ("sqlite:///other.db", 2, "--to: the database is of that kind already"),
        ("mysql://host/x", 2, "--to: "),
        ("postgresql://user:open-sesame@127.0.0.1:1/x", 1, "PostgreSQL cannot be reached"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    old: Path, run: Run, to: str, status: int, said: str
) -> None:
    done = run("migrate", "--to", to)
    assert (done.returncode, done.stdout) == (status, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert "open-sesame" not in done.stderr


def test_without_the_driver_nothing_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise UsageError("PostgreSQL's driver is not installed", where="DATABASE_URL")

    monkeypatch.setattr(migrate, "load_postgres", missing)
    data = tmp_path / "data"
    settings = Settings(data_dir=data, database_url=f"sqlite:///{data / 'dateline.db'}")
    with pytest.raises(UsageError, match="driver is not installed"):
        migrate.run(settings, "postgresql://ann@db.example.org/dateline", replaces_nul=False)
    assert not data.exists()


def test_while_a_service_runs_nothing_is_done(old: Path, run: Run, postgres_url: str) -> None:
    with locks.held(locks.of_database(old), what="the database", where="here"):
        done = run("migrate", "--to", postgres_url)
    assert done.returncode == 1
    assert "the database is in use" in done.stderr


def add_documents(path: Path, count: int) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.executemany(
            "INSERT INTO document (id, doc_id, channel_id, message_id, stored_at, changed_at,"
            " live, analysis, ranks, json) VALUES (?, ?, 88, ?, 1, 1, 1, 0, '{}', ?)",
            [_document(number) for number in range(1, count + 1)],
        )


def _document(number: int) -> tuple[int, str, int, str]:
    channel = {"id": 88, "username": "ferry", "title": "Ferry"}
    title = f"The ferry number {number} is late"
    post = {**former_rows.POSTS[former_rows.DATED], "channel": channel, "title": title}
    post |= {"doc_id": f"tg:88/{number}", "message_id": number}
    return former_rows.AT + number * 512, f"tg:88/{number}", number, json.dumps(post)


def start(folder: Path, to: str) -> subprocess.Popen[str]:
    environment = clean_environment({**os.environ, "DATA_DIR": str(folder / "data")})
    environment.pop("DATABASE_URL", None)
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "migrate", "--to", to],
        cwd=folder, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


async def wait_moves(url: str, count: int, process: subprocess.Popen[str]) -> None:
    """Wait until the copy has moved on so often, or the process has ended."""
    conn = await asyncpg.connect(url)
    sql = "SELECT value FROM fact WHERE name = 'copy_at'"
    seen: set[str | None] = set()
    try:
        async with asyncio.timeout(PATIENCE):
            while len(seen) <= count and process.poll() is None:
                seen.add(await conn.fetchval(sql))
                await asyncio.sleep(0.002)
    finally:
        await conn.close()


@pytest.mark.end_to_end
def test_killed_at_any_moment_it_goes_on(
    old: Path, tmp_path: Path, run: Run, postgres_url: str
) -> None:
    add_documents(old, DOCUMENTS)
    held = transferred.read_file(old)
    for number in (signal.SIGKILL, signal.SIGINT, signal.SIGKILL):
        process = start(tmp_path, postgres_url)
        asyncio.run(wait_moves(postgres_url, 1 + secrets.randbelow(MOVES), process))
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE)
        if number == signal.SIGINT and process.returncode != 0:
            assert (process.returncode, out) == (1, "")
            assert err == f"dateline: error: {INTERRUPTED}\n"
    done = run("migrate", "--to", postgres_url)
    assert (done.returncode, done.stderr) == (0, "")
    assert asyncio.run(transferred.read_server(postgres_url, old)) == held
    assert f"document: {DOCUMENTS + 6} rows" in done.stdout
