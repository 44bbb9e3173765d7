"""A database on a server is served by one at a time, by the lease that it holds."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.health import own_lease
from bot.health.instance import claimed, write_identity_file
from bot.health.keeper import Keeper
from bot.process.locks import InUseError
from bot.settings import Settings
from storage import leases
from storage.database import open_database
from storage.errors import ServiceError
from storage.instance import SERVICE, Identity


@pytest.fixture
def one(tmp_path: Path, new_postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(own_lease, "RENEW_SECONDS", 0.05)
    monkeypatch.setattr(own_lease, "ASK_SECONDS", 0.1)
    return in_folder(tmp_path / "one", new_postgres_url)


def in_folder(folder: Path, url: str) -> Settings:
    folder.mkdir()
    return Settings(data_dir=folder, database_url=url)


@pytest.fixture
def two(tmp_path: Path, new_postgres_url: str, one: Settings) -> Settings:
    return in_folder(tmp_path / "two", new_postgres_url)


async def test_a_second_service_is_refused_until_the_first_has_ended(
    one: Settings, two: Settings
) -> None:
    async with claimed(one, new_database=False) as claim:
        assert (claim.path, claim.finding, claim.is_there) == (None, "first", False)
        holding = asyncio.create_task(claim.hold())
        with pytest.raises(InUseError, match=r"database is in use by process \d+ on ") as raised:
            async with claimed(two, new_database=False):
                pass
        assert str(raised.value).startswith("postgresql:///test_")
        with pytest.raises(InUseError, match="data folder is in use by process"):
            async with claimed(one, new_database=False):
                pass
        assert not holding.done()
        holding.cancel()
    async with claimed(two, new_database=False) as claim:
        assert (claim.finding, claim.is_there) == ("first", True)


async def test_what_a_killed_service_left_is_over_for_another_after_its_term(
    one: Settings, two: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_lease, "TERM", timedelta(seconds=1))
    async with (
        claimed(one, new_database=False),  # nobody renews it
        claimed(two, new_database=False) as claim,
    ):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(claim.hold(), 0.3)


async def test_what_a_killed_service_left_is_over_at_once_for_the_next_in_its_folder(
    one: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_lease, "TERM", timedelta(days=1))
    monkeypatch.setattr(leases, "give_back", _nothing)
    async with claimed(one, new_database=False):
        pass
    monkeypatch.undo()
    async with asyncio.timeout(30), claimed(one, new_database=False):
        pass


async def _nothing(*_: object) -> None:
    """As if it were killed."""


async def test_who_was_away_for_too_long_ends(one: Settings) -> None:
    async with claimed(one, new_database=False) as claim:
        database = await open_database(one.database_url)
        now = datetime.now(UTC)
        async with database.transaction() as tx:
            known = await leases.find(tx, SERVICE)
            assert known is not None
            await leases.give_back(tx, known[0])
            await leases.take(tx, SERVICE, "other 5 x", now=now, until=now + own_lease.TERM)
        with pytest.raises(ServiceError, match="another process serves"):
            await asyncio.wait_for(claim.hold(), 30)
        await database.close()


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
