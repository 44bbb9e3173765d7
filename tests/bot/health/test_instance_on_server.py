"""A database on a server is told apart by its mark, and is held by leases."""

from pathlib import Path

import pytest

from bot.health.instance import claimed, write_identity_file
from bot.health.keeper import Keeper
from bot.process.locks import InUseError
from bot.settings import Settings
from storage.database import open_database
from storage.errors import ServiceError
from storage.instance import Identity
from storage.location import location_of
from storage.upgrading import looking


@pytest.fixture
def one(tmp_path: Path, new_postgres_url: str) -> Settings:
    folder = tmp_path / "one"
    folder.mkdir()
    return Settings(data_dir=folder, database_url=new_postgres_url)


async def test_a_folder_is_one_process_s_and_who_holds_leases_serves(one: Settings) -> None:
    async with claimed(one, new_database=False) as claim:
        assert (claim.path, claim.finding, claim.is_there) == (None, "first", False)
        with pytest.raises(InUseError, match="data folder is in use by process"):
            async with claimed(one, new_database=False):
                pass
        location = location_of(one.database_url)
        assert not (await looking.look_at(location)).is_served
        assert claim.holder is not None
        assert await claim.holder.take_all(["role:serve"])
        assert (await looking.look_at(location)).is_served
    assert not (await looking.look_at(location)).is_served


async def test_the_mark_tells_an_older_copy_and_anothers(one: Settings, tmp_path: Path) -> None:
    async with claimed(one, new_database=False) as claim:
        database = await open_database(one.database_url)
        keeper = Keeper(claim, database, one.data_dir)
        assert await keeper.begin() is None
        await keeper.beat()
        await database.close()
    async with claimed(one, new_database=False) as claim:
        assert (claim.finding, claim.is_there) == ("same", True)
        assert claim.expected is not None
        later = Identity(name=claim.expected.name, counter=claim.expected.counter + 9)
    write_identity_file(one.data_dir, later)
    async with claimed(one, new_database=False) as claim:
        assert claim.finding == "older"
        database = await open_database(one.database_url)
        assert await Keeper(claim, database, one.data_dir).begin() is not None
        await database.close()
    write_identity_file(one.data_dir, Identity(name="other", counter=1))
    with pytest.raises(ServiceError, match="not the one that belongs to"):
        async with claimed(one, new_database=False):
            pass
