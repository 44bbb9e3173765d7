"""``dateline upgrade-check`` as called, and what every command says of a newer schema."""

import contextlib
import fcntl
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import former_schemas
import pytest

from bot import cli
from bot.commands.checking import upgrade
from bot.process import locks
from storage.sqlite import migrate
from storage.version import __version__

ROOT = Path(__file__).parents[4]
SETTINGS = {
    "API_ID": "1",
    "API_HASH": "0123456789abcdef0123456789abcdef",
    "BOT_TOKEN": "1:" + "A" * 35,
    "TELEGRAM_SERVER": "2@127.0.0.1:9",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def former(folder: Path) -> Path:
    """A database from before the outbox was written anew."""
    path = folder / "dateline.db"
    former_schemas.made_at("c3523bc").write(path)
    return path


@contextlib.contextmanager
def served(path: Path) -> Iterator[None]:
    """A service has the database: another process as far as the lock can tell."""
    descriptor = os.open(locks.of_database(path), os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    yield
    os.close(descriptor)


def make_newer(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO schema_migration VALUES (9999, 'later', 0)")


def content(path: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(path)) as db:
        return list(db.iterdump())


def test_it_says_what_will_be_done_and_does_nothing(
    former: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = content(former)
    newest = migrate.list_migrations()[-1].version
    with served(former):
        assert cli.main(["upgrade-check"]) == 0
    told = capsys.readouterr().out
    assert f"{former}: schema 56, " in told
    assert f"Dateline {__version__}: schema {newest}\n" in told
    assert "0060 small_rows: writes delivery anew: 18 rows, about 0 MB; a second or less\n" in told
    assert "the index of 6 documents is made anew beside the service" in told
    assert re.search(r"\nroom on the disk: up to \d MB needed, [\d.]+ [MG]B free\n", told)
    assert "`dateline backup PATH`" in told
    assert "a service runs on this database: stop it" in told
    assert content(former) == before


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        ((0.0, 1.0), "a second or less"),
        ((0.5, 1.5), "up to 2 s"),
        ((1.0, 119.0), "1 s to 119 s"),
        ((100.0, 121.0), "100 s to 2 min"),
        ((120.0, 7_199.0), "2 min to 120 min"),
        ((600.0, 7_200.0), "10 min to 2 h"),
    ],
)
def test_how_long_it_takes_is_said_from_the_least_to_the_most(
    seconds: tuple[float, float], said: str
) -> None:
    assert upgrade._span(seconds) == said


def test_as_json(former: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["upgrade-check", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (step,) = [step for step in told["steps"] if step["version"] == 60]
    assert (step["rebuilds"], step["rows"]) == (["delivery"], 18)
    assert step["bytes"] > 1000
    assert (told["schema"], told["documents"], told["served"]) == (56, 6, False)
    assert told["seconds"][0] <= told["seconds"][1] < 60
    assert told["needed"] > step["bytes"]


def test_after_the_upgrade_only_the_file_is_written_anew(
    former: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["outbox"]) == 0
    capsys.readouterr()
    assert cli.main(["upgrade-check", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["steps"], told["documents"], told["vacuumed"]) == ([], 0, True)


def test_in_a_database_of_this_version_nothing_is_to_be_done(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["outbox"]) == 0
    capsys.readouterr()
    assert cli.main(["upgrade-check"]) == 0
    assert capsys.readouterr().out.endswith("nothing is to be done: the database is up to date\n")


def test_no_database_is_told_and_none_is_made(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["upgrade-check"]) == 1
    assert "dateline.db: there is no database; see DATA_DIR" in capsys.readouterr().err
    assert list(folder.iterdir()) == []


def test_no_command_upgrades_a_database_that_is_served(
    former: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = content(former)
    with served(former):
        assert cli.main(["search", "resumed"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line == (
        f"dateline: error: {former}: the database, to be upgraded, is in use;"
        " stop the other process first"
    )
    assert content(former) == before
    assert cli.main(["search", "resumed"]) == 0


COMMANDS = (
    "upgrade-check", "search word", "digest", "export --format jsonl -o -", "outbox",
    "outbox retry all", "problems", "problems drop 1", "channels list", "channels status",
    "channels add @quay", "channels official @quay", "backfill @quay", "import .",
    "redact tg:77/1", "check",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_a_newer_schema_is_refused_in_one_line(
    former: Path,
    command: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    make_newer(former)
    before = content(former)
    assert cli.main(command.split()) == 1
    said = capsys.readouterr()
    assert_refused(said.err)
    assert said.out == ""
    assert content(former) == before


def assert_refused(said: str) -> None:
    """One line names both schemas and what to do."""
    (line,) = [line for line in said.splitlines() if line.startswith("dateline: error: ")]
    newest = migrate.list_migrations()[-1].version
    assert f"has schema 9999, this version knows {newest}; install the newer version" in line


@pytest.mark.end_to_end
def test_the_service_refuses_it_before_it_connects(former: Path) -> None:
    make_newer(former)
    before = content(former)
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run", "--without-account"],
        env={**os.environ, **SETTINGS, "DATA_DIR": str(former.parent), "PYTHONPATH": str(ROOT)},
        cwd=former.parent, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert_refused(done.stderr)
    assert content(former) == before
