"""What is watched, as readers see it: when a channel last said something, and how busy it is."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from storage.channels import backfills, channels, watched
from storage.channels.watched import Watched
from storage.connection import Connection
from storage.document import Channel as Place
from storage.document import Document
from storage.documents import documents
from storage.records import Channel

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
Store = Callable[..., Awaitable[None]]


@pytest.fixture
def noon(now: datetime) -> datetime:
    """A whole second, as Telegram's times are."""
    return now.replace(microsecond=0)


@pytest.fixture
def store(tx: Connection, noon: datetime, make_document: Callable[..., Document]) -> Store:
    """Stores posts of a channel: number and age."""

    async def put(channel_id: int, *posts: tuple[int, timedelta]) -> None:
        made = [
            make_document(
                f"Post {number}",
                message_id=number,
                channel=Place(id=channel_id),
                published_at=f"{noon - age:%Y-%m-%dT%H:%M:%SZ}",
            )
            for number, age in posts
        ]
        await documents.store_documents(tx, made, stored_at=noon, live=True)

    return put


async def add(tx: Connection, channel_id: int, added_at: datetime) -> Channel:
    channel = await channels.add_channel(tx, channel_id=channel_id, now=added_at)
    await channels.begin_watching(tx, channel.id, 0, added_at)
    return await channels.get_channel(tx, channel.id)


async def test_the_channel_that_spoke_last_is_first(
    tx: Connection, store: Store, noon: datetime
) -> None:
    silent = await add(tx, 76, noon)
    older, newer = await add(tx, 77, noon), await add(tx, 78, noon)
    await channels.remove_channel(tx, (await add(tx, 79, noon)).id)
    await store(77, (1, 3 * HOUR), (2, 2 * HOUR))
    await store(78, (1, 4 * HOUR), (2, HOUR), (3, 0 * HOUR))
    await documents.mark_deleted(tx, channel_id=78, message_ids=[3], noticed_at=noon)
    expected = [
        Watched(channel=newer, last_post_at=noon - HOUR),
        Watched(channel=older, last_post_at=noon - 2 * HOUR),
        Watched(channel=silent, last_post_at=None),
    ]
    assert await watched.list_watched(tx) == expected
    for one in expected:
        assert await watched.find_watched(tx, one.channel.id) == one
    assert await watched.find_watched(tx, silent.id + 3) is None
    assert await watched.find_watched(tx, 99) is None


async def test_a_post_that_spilled_out_of_its_second_was_published_in_it(
    tx: Connection, store: Store, noon: datetime
) -> None:
    await add(tx, 77, noon)
    await store(77, *((number, HOUR) for number in range(1, 600)))
    (row,) = await tx.fetch_all("SELECT count(*) AS n FROM spilled")
    assert row["n"] > 0
    (found,) = await watched.list_watched(tx)
    assert found.last_post_at == noon - HOUR


@pytest.mark.parametrize(
    ("added", "ages", "a_day"),
    [
        (30 * DAY, [], 0.0),
        (30 * DAY, [HOUR, 2 * DAY, 6 * DAY, 7 * DAY, 8 * DAY, 29 * DAY], 4 / 7),
        (3 * DAY, [HOUR, DAY, 2 * DAY], 3 / 3),
        # Of what is watched since today not more is said than of a day.
        (HOUR, [HOUR / 2, HOUR / 4], 2.0),
    ],
)
async def test_posts_are_counted_over_a_week_or_as_long_as_they_are_stored(
    tx: Connection,
    store: Store,
    noon: datetime,
    added: timedelta,
    ages: list[timedelta],
    a_day: float,
) -> None:
    channel = await add(tx, 77, noon - added)
    await backfills.drop_recent(tx)
    await store(77, *enumerate(sorted(ages, reverse=True), 1))
    await store(78, (1, HOUR))
    assert await watched.posts_a_day(tx, channel, now=noon) == pytest.approx(a_day)


async def test_of_a_busy_channel_the_newest_posts_tell(
    tx: Connection, store: Store, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watched, "COUNTED", 4)
    channel = await add(tx, 77, noon - 30 * DAY)
    await store(77, *((number, (10 - number) * HOUR) for number in range(1, 10)))
    assert await watched.posts_a_day(tx, channel, now=noon) == pytest.approx(4 * 24 / 4)
    # All of a second that has just begun.
    monkeypatch.setattr(watched, "COUNTED", 1)
    await store(77, (10, 0 * HOUR))
    assert await watched.posts_a_day(tx, channel, now=noon) == 86400


async def test_of_a_channel_without_a_number_nothing_came(tx: Connection, noon: datetime) -> None:
    channel = await channels.add_channel(tx, username="harbour", now=noon)
    assert await watched.posts_a_day(tx, channel, now=noon) == 0.0
    assert (await watched.list_watched(tx))[0].last_post_at is None
