"""The command line over a database on a server: all that there is to read and to write."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot import settings as settings_of
from bot.app import presence
from bot.commands import archive
from bot.process.holder import Holder

Run = Callable[..., Any]


@pytest.fixture
def on_server(new_postgres_url: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DATABASE_URL", new_postgres_url)
    return run


def test_every_command_reads_and_writes_it(on_server: Run, two_posts: Path, tmp_path: Path) -> None:
    run = on_server
    for count in ("2 new", "0 new"):
        imported = run("import", two_posts)
        assert (imported.returncode, imported.stderr) == (0, "")
        assert count in imported.stdout
    assert "Grain was sold" in run("search", "grain").stdout
    assert "Zyxtitle" in run("search", "quorvbody", "--sort", "relevance").stdout
    assert run("digest").returncode == 0
    exported = run("export", "--format", "jsonl", "-o", "-")
    assert sorted(json.loads(line)["doc_id"] for line in exported.stdout.splitlines()) == [
        "tg:77/7",
        "tg:77/8",
    ]
    redacted = run("redact", "tg:77/7", "--reason", "asked for")
    assert (redacted.stderr, redacted.stdout) == (
        "",
        "tg:77/7: redacted; 1 version taken out\n",
    )
    assert (tmp_path / "data" / "forgotten").exists()
    assert run("search", "quorvbody").stdout == ""
    for command in (("outbox",), ("problems",), ("channels", "list")):
        done = run(*command)
        assert done.returncode == 0, (command, done.stderr)
    assert not (tmp_path / "data" / "dateline.db").exists()


async def test_a_service_is_seen_there_while_it_lives(
    new_postgres_url: str, tmp_path: Path
) -> None:
    (tmp_path / "no.env").touch()
    given = {"DATABASE_URL": new_postgres_url, "DATA_DIR": str(tmp_path / "data")}
    known = settings_of.load(given, tmp_path / "no.env")
    async with archive.opened(known) as database:
        assert not await archive.is_served(known, database)
        living = Holder(database, "one", lasts=3_600)
        await presence.sign(database, living, ("watch",))
        assert await archive.is_served(known, database)
        await living.give_back(living.names)
        assert not await archive.is_served(known, database)


@pytest.mark.parametrize(
    ("command", "instead"),
    [
        (("backup", "copy.db"), "use pg_dump"),
        (("restore", "copy.db"), "use pg_restore"),
        (("upgrade-check",), "see `dateline check`"),
    ],
)
def test_what_is_for_a_file_says_what_to_use_instead(
    run: Run, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], instead: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ann:geheim@10.0.0.1/dateline?sslmode=disable")
    done = run(*command)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(
        "dateline: error: postgresql://10.0.0.1/dateline: this is for a database in a file"
    )
    assert instead in done.stderr
    assert "geheim" not in done.stderr + done.stdout


def test_a_server_that_is_not_there_is_said_in_a_line(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ann:geheim@127.0.0.1:1/dateline")
    done = run("search", "grain")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "dateline: error: postgresql://127.0.0.1:1/dateline: PostgreSQL cannot be reached;"
        " see whether it runs; nothing was lost\n"
    )
