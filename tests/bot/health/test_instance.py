"""The mark of an instance and the database beside it: what is served, what is refused."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.health import instance
from bot.health.instance import Claim, claimed, judge, read_identity_file, write_identity_file
from bot.health.keeper import Keeper
from bot.process.locks import InUseError
from bot.settings import Settings
from storage.database import open_database
from storage.errors import ServiceError
from storage.instance import Identity, Present, find_restored_at
from storage.location import location_of
from storage.subscribers import alerts, subscribers

OURS = Identity(name="ours", counter=7)
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("mark", "present", "is_there", "finding"),
    [
        (None, None, False, "first"),
        (None, None, True, "first"),
        (None, OURS, True, "first"),
        (OURS, OURS, True, "same"),
        (OURS, Identity(name="ours", counter=8), True, "same"),
        (OURS, Identity(name="ours", counter=6), True, "older"),
        (OURS, None, False, "missing"),
        (OURS, None, True, "another's"),
        (OURS, Identity(name="theirs", counter=7), True, "another's"),
    ],
)
def test_what_a_database_is_to_the_mark_beside_it(
    mark: Identity | None, present: Identity | None, is_there: bool, finding: str
) -> None:
    assert judge(mark, present, is_there=is_there) == finding


@pytest.mark.parametrize(
    ("is_marked", "is_there", "is_refused"),
    [(True, False, True), (True, True, False), (False, False, False), (False, True, False)],
)
def test_where_what_was_served_is_away_nothing_is_begun_in_its_place(
    tmp_path: Path, is_marked: bool, is_there: bool, is_refused: bool
) -> None:
    if is_marked:
        write_identity_file(tmp_path, OURS)
    location = location_of(f"sqlite:///{tmp_path / 'dateline.db'}")
    with pytest.raises(ServiceError) if is_refused else nullcontext() as refusal:
        instance.refuse_missing(tmp_path, location, Present(is_there=is_there))
    if refusal is not None:
        assert refusal.value.where == str(tmp_path / "dateline.db")
        assert str(tmp_path / instance.MARK) in refusal.value.what
        assert refusal.value.hint.startswith("put it back, restore a backup, name another DATA_DIR")


def settings_in(folder: Path, database: Path | None = None) -> Settings:
    folder.mkdir(exist_ok=True)
    url = f"sqlite:///{database or folder / 'dateline.db'}"
    return Settings(data_dir=folder, database_url=url)


async def serve(settings: Settings, *, new_database: bool = False) -> datetime | None:
    """What a service does with its database from start to stop; when it was restored, if so."""
    async with claimed(settings, new_database=new_database) as claim:
        database = await open_database(settings.database_url, index=False)
        try:
            keeper = Keeper(claim, database, settings.data_dir)
            restored_at = await keeper.begin()
            await keeper.beat()
            async with database.reader() as conn:
                assert restored_at in (None, await find_restored_at(conn))
        finally:
            await database.close()
    return restored_at


def copy(source: Path, target: Path) -> None:
    target.write_bytes(source.read_bytes())


async def test_a_first_start_leaves_a_mark_for_its_owner_alone(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    await serve(settings)
    assert stat.S_IMODE((tmp_path / instance.MARK).stat().st_mode) == 0o600
    assert not (tmp_path / f".{instance.MARK}.new").exists()
    assert await serve(settings) is None


async def test_a_database_of_before_gets_a_mark(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    await (await open_database(settings.database_url)).close()
    assert await serve(settings) is None
    assert await serve(settings) is None


@pytest.mark.slow
async def test_an_older_copy_is_noticed_once_and_remembered(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    path = tmp_path / "dateline.db"
    await serve(settings)
    copy(path, tmp_path / "backup.db")
    await serve(settings)
    copy(tmp_path / "backup.db", path)
    restored_at = await serve(settings)
    assert restored_at is not None
    assert await serve(settings) is None
    database = await open_database(settings.database_url)
    async with database.reader() as conn:
        assert await find_restored_at(conn) == restored_at
    await database.close()


@pytest.mark.slow
async def test_numbers_that_buttons_may_name_are_not_given_again_after_a_restore(
    tmp_path: Path,
) -> None:
    settings = settings_in(tmp_path)
    path = tmp_path / "dateline.db"
    await serve(settings)
    first = await add_alert(settings, "oil")
    copy(path, tmp_path / "backup.db")
    await serve(settings)
    lost = await add_alert(settings, "gas")
    copy(tmp_path / "backup.db", path)
    await serve(settings)
    assert first < lost < await add_alert(settings, "grain")


async def add_alert(settings: Settings, query: str) -> int:
    database = await open_database(settings.database_url)
    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=5, language="en", now=NOW)
        alert = await alerts.add_alert(tx, chat_id=5, query=query, now=NOW)
    await database.close()
    return alert.id


@pytest.mark.slow
@pytest.mark.parametrize("other", ["none", "empty", "another instance's", "nobody's"])
async def test_another_database_or_none_is_refused_unless_it_is_wanted(
    tmp_path: Path, other: str
) -> None:
    settings = settings_in(tmp_path / "one")
    path = tmp_path / "one" / "dateline.db"
    await serve(settings)
    path.unlink()
    if other == "empty":
        path.touch()
    if other == "another instance's":
        await serve(settings_in(tmp_path / "two"))
        copy(tmp_path / "two" / "dateline.db", path)
    if other == "nobody's":
        await (await open_database(settings.database_url)).close()
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(ServiceError, match="--new-database"):
        await serve(settings)
    assert (path.read_bytes() if path.exists() else None) == before
    restored_at = await serve(settings, new_database=True)
    assert (restored_at is None) == (other in ("none", "empty"))
    assert await serve(settings) is None


async def test_a_database_elsewhere_has_its_mark_in_the_data_folder(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "data", tmp_path / "elsewhere.db")
    await serve(settings)
    assert (tmp_path / "data" / instance.MARK).exists()
    (tmp_path / "elsewhere.db").unlink()
    with pytest.raises(ServiceError, match="is not there"):
        await serve(settings)


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "",
        "[1]",
        "null",
        "\0" * 60,
        '{"name": "ours", "counter": 1e999}',
        '{"name": "ours", "counter": ' + "9" * 5000 + "}",
        "[" * 100_000,
    ],
    ids=range(8),
)
def test_a_mark_that_is_damaged_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / instance.MARK).write_text(content)
    with pytest.raises(ServiceError, match=r"instance\.json: cannot be read: it is damaged; "):
        read_identity_file(tmp_path)


def test_a_mark_says_what_it_was_given(tmp_path: Path) -> None:
    assert read_identity_file(tmp_path) is None
    write_identity_file(tmp_path, OURS)
    assert read_identity_file(tmp_path) == OURS


@contextmanager
def linked(kind: str, target: Path, name: Path) -> Iterator[Path]:
    if kind == "symbolic":
        name.symlink_to(target)
    elif kind == "hard":
        name.hardlink_to(target)
    yield target if kind == "the same" else name


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["the same", "symbolic", "hard"])
async def test_a_second_service_over_the_same_database_is_refused(
    tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "dateline.db"
    first, second = tmp_path / "one", tmp_path / "two"
    async with claimed(settings_in(first, path), new_database=False) as claim:
        assert claim == Claim(path=path, expected=None, finding="first", is_there=False)
        with (
            linked(kind, path, tmp_path / "name.db") as name,
            pytest.raises(InUseError, match="the database is in use"),
        ):
            await serve(settings_in(second, name))
    await serve(settings_in(second, path))
