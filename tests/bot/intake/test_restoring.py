"""What waits in an older copy of the database is held until all channels can have been read."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.intake.restoring import find_restored
from storage import database
from storage.connection import Database
from storage.instance import note_restored


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    opened = await database.open_database(database_url)
    yield opened
    await opened.close()


async def test_a_database_that_never_was_replaced_holds_nothing(db: Database) -> None:
    assert await find_restored(db, channels=10, requests=20) is None


@pytest.mark.parametrize(
    ("channels", "requests", "seconds"), [(0, 20, 5), (1, 20, 5), (100, 20, 300), (100, 40, 150)]
)
async def test_the_list_is_told_when_every_channel_can_have_been_read(
    db: Database, channels: int, requests: int, seconds: int
) -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    async with db.transaction() as tx:
        await note_restored(tx, now=at)
    before = datetime.now(UTC)
    found = await find_restored(db, channels=channels, requests=requests)
    assert found is not None
    assert found.at == at
    wait = timedelta(seconds=seconds)
    assert before + wait <= found.told_at <= datetime.now(UTC) + wait
