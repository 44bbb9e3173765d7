"""How watching goes: what is stored, how fast, and what is missing in between."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import pytest

from storage.channels import backfills, channels, progress
from storage.channels.progress import ChannelStatus
from storage.connection import Connection
from storage.document import Channel as Place
from storage.document import Document
from storage.documents import documents
from storage.records import Channel

SECOND = timedelta(seconds=1)
MakeDocument = Callable[..., Document]


@pytest.fixture
async def watched(tx: Connection, now: datetime) -> Channel:
    """Harbour News, as its posts name it."""
    return await channels.add_channel(tx, channel_id=77, username="harbour", now=now)


@pytest.fixture
def store(
    tx: Connection, now: datetime, make_document: MakeDocument
) -> Callable[..., Awaitable[None]]:
    """Stores posts of the channel, each so many seconds after it was posted, a minute apart."""

    async def put(*posts: tuple[int, float], live: bool = True) -> None:
        for number, waited in posts:
            posted = now.replace(microsecond=0) - timedelta(minutes=60 - number)
            post = make_document(
                f"Post {number}", message_id=number, published_at=f"{posted:%Y-%m-%dT%H:%M:%SZ}"
            )
            stored_at = posted + timedelta(seconds=waited)
            await documents.store_documents(tx, [post], stored_at=stored_at, live=live)

    return put


async def status(tx: Connection, midnight: datetime) -> ChannelStatus:
    (found,) = await progress.list_status(tx, midnight=midnight)
    return found


async def test_nothing_is_known_of_a_channel_without_posts(
    tx: Connection, watched: Channel, now: datetime
) -> None:
    assert await status(tx, now) == ChannelStatus(channel=watched)


async def test_posts_are_counted_and_their_lags(
    tx: Connection, watched: Channel, store: Callable[..., Awaitable[None]], now: datetime
) -> None:
    await store((1, 2), (2, 9), (3, 1), (4, 4))
    await store((5, 500), live=False)
    posted = now.replace(microsecond=0) - timedelta(minutes=57)
    found = await status(tx, posted)
    assert (found.posts, found.posts_today, found.last_message_id) == (5, 3, 5)
    assert found.last_post_at == posted + timedelta(minutes=2)
    assert (found.lag_median, found.lag_worst) == (3.0, 9.0)
    assert (await status(tx, posted + SECOND)).posts_today == 2


async def test_of_a_post_without_a_date_no_lag_is_known(
    tx: Connection, watched: Channel, make_document: MakeDocument, now: datetime
) -> None:
    post = make_document("Undated", message_id=1, published_at=None)
    await documents.store_documents(tx, [post], stored_at=now, live=True)
    found = await status(tx, now)
    assert (found.posts, found.last_post_at, found.lag_median, found.lag_worst) == (
        1, None, None, None,
    )  # fmt: skip


async def test_what_was_stored_before_it_was_posted_has_waited_no_time(
    tx: Connection, watched: Channel, store: Callable[..., Awaitable[None]], now: datetime
) -> None:
    await store((1, -5), (2, 0))
    found = await status(tx, now)
    assert (found.lag_median, found.lag_worst) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("cursor", "stored", "gaps"),
    [
        (0, [1, 2, 3], ()),
        (0, [2, 3], ((1, 1),)),
        (3, [3], ()),
        (3, [3, 4, 5], ()),
        (3, [1, 5], ((4, 4),)),
        (3, [6, 7, 9, 12], ((4, 5), (8, 8), (10, 11))),
        (12, [6, 7], ()),
    ],
)
async def test_gaps_lie_behind_the_cursor(
    tx: Connection,
    watched: Channel,
    store: Callable[..., Awaitable[None]],
    now: datetime,
    cursor: int,
    stored: Sequence[int],
    gaps: tuple[tuple[int, int], ...],
) -> None:
    await store(*((number, 1) for number in stored))
    await channels.advance_cursor(tx, watched.id, cursor, now)
    found = await status(tx, now)
    assert found.open_gaps == gaps


async def test_history_that_is_asked_for_and_not_read_is_a_gap(
    tx: Connection, watched: Channel, now: datetime
) -> None:
    await backfills.ask_for(tx, watched.id, now=now)
    assert (await status(tx, now)).open_gaps == ()
    await backfills.begin(tx, watched.id, first_id=1, last_id=3)
    found = await status(tx, now)
    assert found.open_gaps == ((1, 3),)
    assert found.backfill == await backfills.find_backfill(tx, watched.id)
    await backfills.advance(tx, watched.id, from_id=1, next_id=3, posts=2)
    assert (await status(tx, now)).open_gaps == ((3, 3),)
    await backfills.advance(tx, watched.id, from_id=3, next_id=4, posts=1)
    assert (await status(tx, now)).open_gaps == ()


async def test_recent_posts_that_are_not_read_are_no_gap(
    tx: Connection, watched: Channel, now: datetime
) -> None:
    await channels.begin_watching(tx, watched.id, 90, now)
    assert (await status(tx, now)).open_gaps == ()


async def test_stored_messages_are_listed_without_deleted_ones(
    tx: Connection,
    watched: Channel,
    store: Callable[..., Awaitable[None]],
    make_document: MakeDocument,
    now: datetime,
) -> None:
    await store(*((number, 1) for number in (1, 2, 3, 4)))
    album = make_document("An album", message_id=6, album_ids=(6, 7, 8))
    await documents.store_documents(tx, [album], stored_at=now, live=True)
    other = make_document("Elsewhere", message_id=9, channel=Place(id=78, username="mill"))
    await documents.store_documents(tx, [other], stored_at=now, live=True)
    await documents.mark_deleted(tx, channel_id=77, message_ids=[3, 7], noticed_at=now)
    everything = {1, 2, 4, 6, 8}
    assert await progress.list_message_ids(tx, watched) == everything
    assert await progress.list_message_ids(tx, watched, above=2) == {4, 6, 8}
    assert await progress.list_message_ids(tx, watched, newest=2) == {4, 6, 8}
    await channels.advance_cursor(tx, watched.id, 4, now)
    read = await channels.get_channel(tx, watched.id)
    assert await progress.list_rechecked(tx, read, newest=1) == {4, 6, 8}
    assert await progress.list_rechecked(tx, read, newest=2) == {2, 4, 6, 8}
    assert await progress.list_rechecked(tx, read, newest=3) == everything
    assert await progress.list_rechecked(tx, read, newest=9) == everything
