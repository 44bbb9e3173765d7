"""Automatic backups: when, which are kept, and what is said when they fail."""

import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.backups import daily, forgotten, taking
from bot.backups.daily import Daily, is_due, list_made, path_for
from handlers.operators.troubles import Troubles
from storage import database
from storage.instance import ensure_identity
from storage.location import file_of
from storage.verifying.verify import verify

NOW = datetime(2026, 1, 31, 3, 0, 5, tzinfo=UTC)
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
OTHERS = "0123456789abcdef"


@pytest.mark.parametrize(
    ("made", "failed", "due"),
    [
        ([], None, True),
        ([DAY - SECOND], None, False),
        ([DAY], None, True),
        ([3 * DAY, 2 * DAY], None, True),
        ([3 * DAY, HOUR], None, False),
        ([], HOUR - SECOND, False),
        ([], HOUR, True),
        # The clock was wrong when it was made, or is now.
        ([-400 * DAY], None, True),
        ([-HOUR], None, False),
        ([], -400 * DAY, True),
    ],
)
def test_one_is_due_a_day_after_the_last(
    made: list[timedelta], failed: timedelta | None, due: bool
) -> None:
    there = [daily.Made(path=Path("x"), at=NOW - ago) for ago in made]
    assert is_due(there, None if failed is None else NOW - failed, NOW) is due


def test_backups_of_an_instance_are_known_by_their_names(tmp_path: Path) -> None:
    made = [path_for(tmp_path, "feedbeef99", NOW - n * DAY) for n in (2, 0, 1)]
    assert made[1].name == "dateline-feedbeef-20260131T030005Z.db"
    for path in made:
        path.touch()
    for name in ("mine.db", "dateline-feedbeef-20260131.db", "dateline-feedbeef-x.db", "forgotten"):
        (tmp_path / name).touch()
    path_for(tmp_path, OTHERS, NOW).touch()
    taking.part_of(made[0]).touch()
    found = list_made(tmp_path, "feedbeef99")
    assert [one.at for one in found] == [NOW, NOW - DAY, NOW - 2 * DAY]
    assert [one.path for one in found] == [made[1], made[2], made[0]]


@pytest.fixture
async def source(tmp_path: Path, database_url: str) -> Path:
    """The database of an instance."""
    path = file_of(database_url, "")
    db = await database.open_database(database_url)
    async with db.transaction() as tx:
        await ensure_identity(tx)
    await db.close()
    return path


def instance_of(path: Path) -> str:
    identity = daily.sqlite_file.find_identity(path)
    assert identity is not None
    return identity.name


def put_file(path: Path) -> Path:
    path.write_text("no folder")
    return path


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def put(folder: Path, instance: str, ago: timedelta) -> Path:
    """Something by the name of a backup that was made then."""
    folder.mkdir(exist_ok=True)
    path = path_for(folder, instance, datetime.now(UTC) - ago)
    path.write_text("old")
    return path


async def test_one_is_made_checked_and_the_oldest_removed(tmp_path: Path, source: Path) -> None:
    folder, name = tmp_path / "kept", instance_of(source)
    old = [put(folder, name, n * DAY) for n in (1, 2, 3)]
    theirs = [put(folder, OTHERS, n * DAY) for n in (1, 2, 3)]
    (folder / "mine.db").touch()
    part = taking.part_of(path_for(folder, name, datetime.now(UTC) - DAY))
    part.touch()
    forgotten.note(source.with_name("forgotten"), 7, now=NOW)
    troubles = Troubles()
    backups = Daily(source, folder, keep=2, troubles=troubles)
    await backups.look()
    new, *kept = (one.path for one in list_made(folder, name))
    assert backups.made_at is not None
    assert backups.made_at.replace(microsecond=0) == list_made(folder, name)[0].at
    assert kept == old[:1]
    assert verify(new).ok
    assert stat.S_IMODE(new.stat().st_mode) == 0o600
    assert names_in(folder) == {
        *(path.name for path in (new, *kept, *theirs)),
        "mine.db",
        "forgotten",
    }
    assert forgotten.read([folder / "forgotten"]).when(7) == NOW
    assert troubles.list_all() == []


async def test_none_is_made_before_its_time(tmp_path: Path, source: Path) -> None:
    last = put(tmp_path / "kept", instance_of(source), 23 * HOUR)
    put(tmp_path / "kept", instance_of(source), 99 * HOUR)
    backups = Daily(source, tmp_path / "kept", keep=2, troubles=Troubles())
    assert backups.made_at is None
    await backups.look()
    found = list_made(tmp_path / "kept", instance_of(source))
    assert [one.path for one in found][:1] == [last]
    assert len(found) == 2
    assert backups.made_at == found[0].at


async def test_what_fails_is_told_once_tried_again_and_removes_nothing(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, name = tmp_path / "kept", instance_of(source)
    old = [put(folder, name, n * DAY) for n in (1, 2, 3)]
    there = put_file(tmp_path / "there")
    troubles = Troubles()
    backups = Daily(source, tmp_path / "there", keep=2, troubles=troubles)
    for _ in range(2):
        await backups.look()
    (trouble,) = troubles.list_all()
    assert (trouble.reason, "there" in trouble.text) == ("backup", True)
    assert all(path.exists() for path in old)
    there.unlink()
    await backups.look()
    assert troubles.list_all(), "an hour has not passed"
    monkeypatch.setattr(daily, "RETRY", timedelta(0))
    await backups.look()
    assert troubles.list_all() == []
    assert len(list_made(tmp_path / "there", name)) == 1


async def test_of_one_that_is_not_in_order_nothing_older_goes(tmp_path: Path, source: Path) -> None:
    folder, name = tmp_path / "kept", instance_of(source)
    old = [put(folder, name, n * DAY) for n in (1, 2, 3)]
    with closing(sqlite3.connect(source)) as db, db:
        db.execute("INSERT INTO told_post (id, name) VALUES (404, 'x')")
    troubles = Troubles()
    await Daily(source, folder, keep=1, troubles=troubles).look()
    (trouble,) = troubles.list_all()
    assert "not in order: outbox: 1 post" in trouble.text
    assert all(path.exists() for path in old)
    assert len(list_made(folder, name)) == 4


async def test_of_a_damaged_database_none_is_made_and_nothing_older_goes(
    tmp_path: Path, source: Path
) -> None:
    folder, name = tmp_path / "kept", instance_of(source)
    old = [put(folder, name, n * DAY) for n in (1, 2, 3)]
    with source.open("r+b") as file:
        file.seek(4096 * 20)
        file.write(b"\xff" * 4096 * 30)
    troubles = Troubles()
    await Daily(source, folder, keep=1, troubles=troubles).look()
    (trouble,) = troubles.list_all()
    assert "damaged" in trouble.text
    assert all(path.exists() for path in old)
    assert len(list_made(folder, name)) == len(old)
