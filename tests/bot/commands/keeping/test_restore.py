"""``dateline restore`` as it is called: what it refuses, and what it must not bring back."""

import asyncio
import json
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from database_steps import mark_sent

from bot.backups import forgotten
from bot.backups.putting_back import Prepared
from bot.commands.keeping import restore
from bot.demo.process import clean_environment
from bot.health import instance
from bot.process import locks
from bot.sandbox.disk import small_disk
from storage import database as databases
from storage.connection import Connection
from storage.instance import ensure_identity
from storage.outbox import new_rows, outbox, queueing
from storage.payloads import AlertPayload
from storage.sqlite import engine, migrate
from storage.sqlite import file as sqlite_file
from storage.sqlite.backup_notes import Notes
from storage.structs import replace
from storage.subscribers import alerts, subscribers

Run = Callable[..., Any]
PAGE = "Forwarded from Port of Lisvik\nThe winter {}\nForwarded from Port of Lisvik\nThe ice {}"
ANN, BOB = 700_100, 700_200


def url_of(folder: Path) -> str:
    return f"sqlite:///{folder / 'dateline.db'}"


def write(folder: Path, work: Callable[[Connection], Awaitable[Any]]) -> Any:
    """Do something in a transaction on a database."""

    async def do() -> Any:
        db = await databases.open_database(url_of(folder))
        try:
            async with db.transaction() as tx:
                return await work(tx)
        finally:
            await db.close()

    return asyncio.run(do())


@pytest.fixture
def filled(tmp_path: Path, run: Run, put_database: Callable[[Path], str]) -> Path:
    """The folder of an instance's database with two posts and two readers."""
    (tmp_path / "page.txt").write_text(PAGE.format("ferry", "sheet"))
    put_database(tmp_path / "data" / "dateline.db")
    assert run("import", "page.txt").returncode == 0
    now = datetime.now(UTC) - timedelta(days=40)

    async def begin(tx: Connection) -> Any:
        for chat_id in (ANN, BOB):
            await subscribers.add_subscriber(tx, chat_id=chat_id, name="Zyxwina", now=now)
            await alerts.add_alert(tx, chat_id=chat_id, query=f"ferry {chat_id}", now=now)
        return await ensure_identity(tx)

    instance.write_identity_file(tmp_path / "data", write(tmp_path / "data", begin))
    return tmp_path / "data"


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def count(folder: Path, table: str = "document") -> int:
    with closing(sqlite3.connect(folder / "dateline.db")) as db:
        (found,) = db.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
    return int(found)


def back_up(run: Run, tmp_path: Path) -> Path:
    (tmp_path / "kept").mkdir(exist_ok=True)
    assert run("backup", tmp_path / "kept" / "a.db").returncode == 0
    return tmp_path / "kept" / "a.db"


def import_more(tmp_path: Path, run: Run) -> None:
    (tmp_path / "more.txt").write_text(PAGE.format("lighthouse", "breaker"))
    assert run("import", "more.txt").returncode == 0


def is_one_line(done: Any, *words: str) -> bool:
    lines = done.stderr.splitlines()
    return len(lines) == 1 and all(word in lines[0] for word in ("dateline: error: ", *words))


def test_it_takes_the_place_of_the_database_which_is_kept_aside(
    tmp_path: Path, filled: Path, run: Run
) -> None:
    backup = back_up(run, tmp_path)
    import_more(tmp_path, run)
    assert count(filled) == 4
    done = run("restore", backup)
    assert (done.returncode, done.stderr) == (0, "")
    assert count(filled) == 2
    (aside,) = [name for name in names(filled) if ".before-" in name]
    with closing(sqlite3.connect(filled / aside)) as db:
        assert db.execute("SELECT count(*) FROM document").fetchone() == (4,)
    assert stat.S_IMODE((filled / "dateline.db").stat().st_mode) == 0o600
    said = done.stdout.splitlines()
    assert said[0].startswith(
        f"restored: {filled / 'dateline.db'} from {backup}: 2 documents, as of 2"
    )
    assert any(line.startswith("posts from ") and "are read again" in line for line in said)
    assert "sent since, and not sent again: 0 messages" in said
    assert any(aside in line and "remove it" in line for line in said)
    assert run("verify").returncode == 0


@pytest.mark.parametrize(
    ("read_to", "since"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "2026-01-02 03:04:05 UTC"),
        (None, "each channel's beginning of the watch"),
    ],
)
def test_since_when_posts_are_read_again_and_what_was_forgotten_is_said(
    read_to: datetime | None, since: str
) -> None:
    now = datetime(2026, 1, 3, tzinfo=UTC)
    prepared = Prepared(
        documents=1,
        channels=2,
        read_to=read_to,
        forgotten=0 if read_to else 1,
        redacted=0,
        carried=None,
        unknown="it is damaged",
    )
    told = list(
        restore._list_said(
            Path("a.db"),
            Path("b.db"),
            Notes(made_at=None, read_at=None, identity=None, sessions=()),
            prepared,
            None,
            {"bot": True, "user": False},
            now,
        )
    )
    assert told[0].startswith("restored: b.db from a.db: 1 document, made at an unknown time")
    assert told[1].startswith(f"posts from {since} until now (2026-01-03 00:00:00 UTC) are read")
    assert ", in 2 channels, " in told[1]
    assert told[2].startswith("what was sent since is not known (it is damaged): ")
    forgotten = [line for line in told if line.startswith("forgotten in it")]
    assert forgotten == (
        [] if read_to else ["forgotten in it, as they were since: 1 chat; redacted: no posts"]
    )
    assert told[-2:] == ["session bot: put back", "session user: the one that was there is kept"]


def test_the_next_start_sees_an_older_copy_whether_there_was_a_mark_or_not(
    tmp_path: Path, filled: Path, run: Run
) -> None:
    backup = back_up(run, tmp_path)
    for is_there in (True, False):
        if not is_there:
            (filled / instance.MARK).unlink()
        assert run("restore", backup).returncode == 0
        expected = instance.read_identity_file(filled)
        present = sqlite_file.find_identity(filled / "dateline.db")
        assert instance.judge(expected, present, is_there=True) == "older"


def test_while_the_service_runs_nothing_is_done(tmp_path: Path, filled: Path, run: Run) -> None:
    backup = back_up(run, tmp_path)
    with locks.held(filled / "dateline.db.lock", what="the database", where="here"):
        before = names(filled)
        done = run("restore", backup)
    assert (done.returncode, is_one_line(done, "the database is in use by process")) == (1, True)
    assert names(filled) == before


def test_while_another_command_has_the_database_open_nothing_is_done(
    tmp_path: Path, filled: Path, run: Run
) -> None:
    backup = back_up(run, tmp_path)
    with closing(sqlite3.connect(filled / "dateline.db")) as db:
        db.execute("SELECT count(*) FROM document").fetchone()
        db.execute("BEGIN IMMEDIATE")
        done = run("restore", backup)
    assert (done.returncode, is_one_line(done, "another process has the database open")) == (
        1,
        True,
    )
    assert not [name for name in names(filled) if "before" in name or "restoring" in name]
    assert count(filled) == 2


def damage(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096 * 4)
        file.write(b"\xff" * 4096 * 30)


def make_newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO schema_migration VALUES (9999, 'later', 1)")


def make_anothers(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE fact SET value = 'another' WHERE name = 'instance'")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (damage, ("damaged",)),
        (make_newer, ("schema 9999", "install the newer version")),
        (make_anothers, ("of another instance", "move it away")),
        (Path.unlink, ("no such file",)),
        (lambda path: path.write_text("words " * 1000), ("not a Dateline database",)),
    ],
)
def test_a_backup_that_is_of_no_use_changes_nothing(
    tmp_path: Path, filled: Path, run: Run, spoil: Callable[[Path], None], words: tuple[str, ...]
) -> None:
    backup = back_up(run, tmp_path)
    spoil(backup)
    before = names(filled) | {"dateline.db.lock"}
    done = run("restore", backup)
    assert (done.returncode, is_one_line(done, *words)) == (1, True), done.stderr
    assert names(filled) == before
    assert count(filled) == 2


def test_the_database_itself_is_no_backup(filled: Path, run: Run) -> None:
    done = run("restore", filled / "dateline.db")
    assert (done.returncode, is_one_line(done, "is the database itself")) == (2, True)


def test_where_nothing_is_there_any_more_it_begins_anew_with_it(
    tmp_path: Path, filled: Path, run: Run
) -> None:
    backup = back_up(run, tmp_path)
    for path in filled.iterdir():
        path.unlink()
    filled.rmdir()
    done = run("restore", backup)
    assert done.returncode == 0
    assert count(filled) == 2
    assert "not known (there is no database of before)" in done.stdout
    assert "before is kept" not in done.stdout


def test_a_database_that_is_damaged_is_kept_aside_too(
    tmp_path: Path, filled: Path, run: Run
) -> None:
    backup = back_up(run, tmp_path)
    (filled / "dateline.db").write_bytes(b"\xff" * 40_000)
    done = run("restore", backup)
    assert done.returncode == 0
    assert count(filled) == 2
    assert "what was sent since is not known (the file is not a Dateline database)" in done.stdout
    (aside,) = [name for name in names(filled) if ".before-" in name]
    assert (filled / aside).stat().st_size == 40_000


@pytest.mark.slow
def test_an_older_schema_is_brought_to_this_one(tmp_path: Path, run: Run) -> None:
    (tmp_path / "old").mkdir()

    async def make() -> None:
        db = await engine.open_file(tmp_path / "old" / "dateline.db")
        await migrate.migrate(db, migrate.list_migrations()[:-6])
        await db.close()

    asyncio.run(make())
    done = run("restore", tmp_path / "old" / "dateline.db")
    assert done.returncode == 0, done.stderr
    assert "made at an unknown time" in done.stdout
    assert run("verify", "--json").stdout == '{"ok":true,"documents":0,"problems":[]}\n'


def test_sessions_are_put_back_where_there_are_none(tmp_path: Path, filled: Path, run: Run) -> None:
    for name in ("user", "bot"):
        with closing(sqlite3.connect(filled / f"{name}.session")) as db, db:
            db.execute(f"CREATE TABLE {name} (x)")
    (tmp_path / "kept").mkdir()
    backup = tmp_path / "kept" / "a.db"
    assert run("backup", backup, "--sessions").returncode == 0
    (filled / "user.session").unlink()
    before = (filled / "bot.session").read_bytes()
    done = run("restore", backup)
    assert "session user: put back" in done.stdout
    assert "session bot: the one that was there is kept" in done.stdout
    assert (filled / "bot.session").read_bytes() == before
    assert stat.S_IMODE((filled / "user.session").stat().st_mode) == 0o600
    with closing(sqlite3.connect(filled / "user.session")) as db:
        assert db.execute("SELECT count(*) FROM user").fetchone() == (0,)
    assert count(filled, "sqlite_schema WHERE name = 'backup_session'") == 0


def test_a_session_is_put_nowhere_else_by_a_link(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "user.session").symlink_to(elsewhere)
    with pytest.raises(FileExistsError):
        restore._put_sessions(tmp_path, {"user": b"a key"})
    assert not elsewhere.exists()
    assert restore._put_sessions(tmp_path, {"bot": b"a key"}) == {"bot": True}
    assert restore._put_sessions(tmp_path, {"bot": b"another"}) == {"bot": False}
    made = tmp_path / "bot.session"
    assert (made.read_bytes(), stat.S_IMODE(made.stat().st_mode)) == (b"a key", 0o600)


@pytest.mark.parametrize("where", ["data", "kept"])
def test_who_was_forgotten_since_is_forgotten_in_it(
    tmp_path: Path, filled: Path, run: Run, where: str
) -> None:
    """By the file beside the database, and where that is gone by the one beside the backup."""
    backup = back_up(run, tmp_path)
    forgotten.note(tmp_path / where / "forgotten", ANN, now=datetime.now(UTC))
    if where == "kept":
        for path in filled.iterdir():
            path.unlink()
    done = run("restore", backup)
    assert "forgotten in it, as they were since: 1 chat" in done.stdout
    assert count(filled, f"subscriber WHERE chat_id = {ANN}") == 0
    assert count(filled, f"alert WHERE chat_id = {BOB}") == 1
    assert str(ANN).encode() not in (filled / "dateline.db").read_bytes()
    assert forgotten.read([filled / "forgotten"]).when(ANN) is not None


def test_who_came_back_before_the_backup_is_kept(tmp_path: Path, filled: Path, run: Run) -> None:
    forgotten.note(filled / "forgotten", ANN, now=datetime.now(UTC) - timedelta(days=41))
    forgotten.note(filled / "forgotten", BOB, now=datetime.now(UTC) - timedelta(days=2))
    backup = back_up(run, tmp_path)
    done = run("restore", backup)
    assert done.returncode == 0
    assert count(filled, "subscriber") == 2


@pytest.mark.slow
@pytest.mark.parametrize("is_known_by", ["file", "database"])
def test_what_was_redacted_since_is_redacted_in_it(
    tmp_path: Path, filled: Path, run: Run, is_known_by: str
) -> None:
    backup = back_up(run, tmp_path)
    with closing(sqlite3.connect(filled / "dateline.db")) as db:
        (name,) = db.execute(
            "SELECT doc_id FROM document WHERE json LIKE '%winter ferry%'"
        ).fetchone()
    assert run("redact", name, "--reason", "a court").returncode == 0
    assert list(forgotten.read([filled / "forgotten"]).redacted) == [name]
    (filled / ("dateline.db" if is_known_by == "file" else "forgotten")).unlink()
    done = run("restore", backup)
    assert "redacted: 1 post" in done.stdout
    with closing(sqlite3.connect(filled / "dateline.db")) as db:
        assert db.execute("SELECT doc_id, reason FROM redaction").fetchall() == [(name, "a court")]
    assert b"winter ferry" not in (filled / "dateline.db").read_bytes()
    assert json.loads(run("verify", "--json").stdout)["ok"]


def alert(key: str, chat_id: int = ANN) -> Any:
    now = datetime.now(UTC)
    return new_rows.alert(chat_id, key, AlertPayload(doc_id="tg:7/1", alerts=((1, "x"),)), now=now)


@pytest.fixture
def told(filled: Path, tmp_path: Path, run: Run) -> Iterator[Path]:
    """A backup in which two messages wait; since then one was sent, one tried, and others came: one
    sent, one under way, one that only waits."""
    now = datetime.now(UTC)

    async def wait(tx: Connection) -> None:
        await queueing.add_deliveries(tx, [alert("one"), alert("two")])

    async def go_on(tx: Connection) -> None:
        lease = now + timedelta(minutes=1)
        first, _ = await outbox.claim_due(tx, now=datetime.now(UTC), limit=2, lease_until=lease)
        await mark_sent(tx, first.id, 31, now)
        await queueing.add_deliveries(tx, [alert("three"), alert("four"), alert("five")])
        third, _ = await outbox.claim_due(tx, now=datetime.now(UTC), limit=2, lease_until=lease)
        await mark_sent(tx, third.id, 32, now)

    write(filled, wait)
    backup = back_up(run, tmp_path)
    write(filled, go_on)
    yield backup


def test_what_was_sent_since_is_known_and_what_was_under_way_looked_for(
    filled: Path, run: Run, told: Path
) -> None:
    done = run("restore", told)
    assert "sent since, and not sent again: 2 messages" in done.stdout
    assert "looked for before they are sent: 1" in done.stdout

    async def queue(tx: Connection) -> list[Any]:
        await queueing.add_deliveries(tx, [alert(key) for key in ("one", "three", "four", "five")])
        rows = await tx.fetch_all(
            "SELECT key, state, message_id, tried_at IS NOT NULL AS tried FROM whole_delivery"
            " ORDER BY id"
        )
        return sorted(tuple(row) for row in rows)

    assert write(filled, queue) == [
        ("five", "queued", None, 0),
        ("four", "queued", None, 1),
        ("one", "sent", 31, 1),
        ("three", "sent", 32, 1),
        ("two", "queued", None, 1),
    ]
    assert run("verify").returncode == 0
    assert count(filled, "tried_before") == 0


def test_a_post_that_is_read_again_is_not_told_under_another_key_and_a_later_copy_is(
    filled: Path, run: Run, told: Path
) -> None:
    """A post that says what another said that day has a spare key; this one is the other."""
    assert run("restore", told).returncode == 0
    again = replace(alert("three"), spare_key="three, later")

    async def queue(tx: Connection) -> int:
        return await queueing.add_deliveries(tx, [again])

    assert [write(filled, queue) for _ in range(3)] == [0, 1, 0]


def test_where_the_database_of_before_is_gone_what_waited_is_looked_for(
    filled: Path, run: Run, told: Path
) -> None:
    (filled / "dateline.db").unlink()
    assert "what was sent since is not known" in run("restore", told).stdout
    assert count(filled, "delivery WHERE state = 'queued' AND tried_at IS NOT NULL") == 2


@pytest.mark.end_to_end
def test_on_a_full_disk_nothing_is_done(tmp_path: Path, filled: Path, run: Run) -> None:
    backup = back_up(run, tmp_path)
    with small_disk(filled, "2m") as disk:
        if disk.data == filled:
            disk.fill()
        else:
            room = 1_900_000 - sum(path.stat().st_size for path in disk.data.iterdir())
            (disk.data / "others").write_bytes(b"x" * room)
        before = names(disk.data) | {"dateline.db.lock"}
        done = subprocess.run(
            [sys.executable, *disk.command("restore", str(backup))],
            env=clean_environment({"DATA_DIR": str(filled)}),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert names(disk.data) == before
        disk.bring_back()
    assert (done.returncode, is_one_line(done, "make room")) == (1, True), done.stderr
    assert count(filled) == 2
