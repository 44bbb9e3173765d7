"""The archive as the command line opens it."""

import contextlib
from pathlib import Path

import pytest

from bot import settings
from bot.commands import archive
from bot.health.instance import write_identity_file
from storage.errors import ServiceError, StorageError
from storage.instance import ensure_identity


@pytest.mark.parametrize("fails", [False, True])
async def test_the_archive_is_closed_at_the_end_whatever_was_met(
    tmp_path: Path, fails: bool
) -> None:
    found = settings.load({"DATA_DIR": str(tmp_path / "data")})
    with contextlib.suppress(ZeroDivisionError):
        async with archive.opened(found) as database:
            async with database.reader() as conn:
                assert await conn.fetch_one("SELECT 1 AS n") is not None
            if fails:
                raise ZeroDivisionError
    # A last connection that is closed takes what was written beside the file into it.
    assert [path.name for path in (tmp_path / "data").glob("*.db*")] == ["dateline.db"]


@pytest.mark.parametrize("away", ["deleted", "emptied"])
async def test_no_other_is_begun_where_the_one_that_was_served_is_away(
    tmp_path: Path, away: str
) -> None:
    found = settings.load({"DATA_DIR": str(tmp_path)})
    path = tmp_path / "dateline.db"
    async with archive.opened(found) as database, database.transaction() as tx:
        identity = await ensure_identity(tx)
    write_identity_file(tmp_path, identity)
    async with archive.opened(found):
        pass
    path.write_bytes(b"") if away == "emptied" else path.unlink()
    with pytest.raises(ServiceError, match=r"instance\.json is not there, or is empty;") as refused:
        async with archive.opened(found):
            pass
    for way in ("put it back", "restore a backup", "DATA_DIR", "dateline run --new-database"):
        assert way in refused.value.hint
    beside = {"DATA_DIR": str(tmp_path / "beside"), "DATABASE_URL": f"sqlite:///{tmp_path}/new.db"}
    async with archive.opened(settings.load(beside)):
        pass
    assert path.exists() is (away == "emptied")
    assert away == "deleted" or path.read_bytes() == b""


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot be made"):
        archive.make_data_dir(tmp_path / "file" / "data")
    made = tmp_path / "a" / "b"
    archive.make_data_dir(made)
    archive.make_data_dir(made)
    assert made.stat().st_mode & 0o777 == 0o700
