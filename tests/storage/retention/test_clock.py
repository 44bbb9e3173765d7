"""When the clock is trusted to say what is old: a jump of it forgets nothing."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from storage import database
from storage.connection import Database
from storage.document import Channel, Document, Source
from storage.documents import documents
from storage.retention import clock

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOW = datetime(2031, 5, 1, 12, tzinfo=UTC)
YEAR = 365 * DAY


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    opened = await database.open_database(database_url)
    yield opened
    await opened.close()


async def post(db: Database, at: datetime, *, live: bool = True, stored_at: datetime | None = None):
    number = int(at.timestamp())
    made = Document(
        kind="post",
        doc_id=f"tg:7/{number}",
        source=Source(type="telethon"),
        channel=Channel(id=7, title="Harbour"),
        message_id=number,
        published_at=f"{at:%FT%TZ}",
        published_precision="second",
        title=f"The ferry sails {number}",
        content_hash=f"{number:016x}",
    )
    async with db.transaction() as tx:
        await documents.store_documents(tx, [made], stored_at=stored_at or at, live=live)


async def is_trusted(db: Database, now: datetime) -> bool:
    async with db.transaction() as tx:
        return await clock.look(tx, now) is None


async def test_a_clock_that_goes_on_is_trusted_and_one_that_jumps_is_not(db: Database) -> None:
    await post(db, NOW)
    assert await is_trusted(db, NOW + HOUR)
    assert await is_trusted(db, NOW + 30 * HOUR)
    async with db.transaction() as tx:
        doubt = await clock.look(tx, NOW + YEAR)
    assert doubt == clock.Doubt(now=NOW + YEAR, since=NOW + YEAR, known=NOW + 30 * HOUR)
    assert not await is_trusted(db, NOW + YEAR + 6 * HOUR)
    assert await is_trusted(db, NOW + 36 * HOUR), "the hour is over"
    assert not await is_trusted(db, NOW + YEAR + 7 * HOUR)


async def test_a_jump_before_the_first_upkeep_is_not_trusted(db: Database) -> None:
    await post(db, NOW)
    assert not await is_trusted(db, NOW + YEAR)
    assert await is_trusted(db, NOW)


async def test_a_new_post_speaks_for_the_clock(db: Database) -> None:
    await post(db, NOW)
    assert await is_trusted(db, NOW)
    later = NOW + 30 * DAY
    assert not await is_trusted(db, later), "off for a month"
    await post(db, later, live=False)
    assert not await is_trusted(db, later), "a file says what its maker likes"
    await post(db, later + HOUR)
    assert await is_trusted(db, later + 2 * HOUR)


async def test_a_clock_that_goes_on_for_a_week_is_trusted_where_no_post_came(db: Database) -> None:
    await post(db, NOW)
    assert await is_trusted(db, NOW)
    seen = [await is_trusted(db, NOW + YEAR + n * 6 * HOUR) for n in range(30)]
    assert seen == [False] * 28 + [True] * 2


async def test_a_week_with_old_posts_is_none_of_silence(db: Database) -> None:
    await post(db, NOW)
    assert await is_trusted(db, NOW)
    assert not await is_trusted(db, NOW + YEAR)
    await post(db, NOW + DAY, stored_at=NOW + YEAR + DAY)
    seen = [await is_trusted(db, NOW + YEAR + n * DAY) for n in range(1, 20)]
    assert not any(seen)


@pytest.mark.parametrize("step", [3 * DAY, 8 * DAY, 200 * DAY])
async def test_jumps_are_no_week(db: Database, step: timedelta) -> None:
    await post(db, NOW)
    assert await is_trusted(db, NOW)
    assert not any([await is_trusted(db, NOW + YEAR + n * step) for n in range(5)])


@pytest.mark.parametrize("back", [HOUR, 10 * DAY, YEAR])
async def test_one_that_goes_back_is_trusted(db: Database, back: timedelta) -> None:
    """Less is old then than was."""
    await post(db, NOW)
    assert await is_trusted(db, NOW)
    assert await is_trusted(db, NOW - back)


async def test_where_there_is_nothing_yet_there_is_nothing_to_doubt(db: Database) -> None:
    assert await is_trusted(db, NOW)
    await post(db, NOW - YEAR, live=False)
    assert await is_trusted(db, NOW + HOUR)
