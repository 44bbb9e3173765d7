"""Since when the watched channels are stored whole."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from storage import facts, times
from storage.channels import backfills, channels
from storage.connection import Connection
from storage.document import Document
from storage.documents import documents, reach
from storage.documents.reach import Reach

DAY = timedelta(days=1)
ADDED = datetime(2024, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
async def channel(tx: Connection, make_document: Callable[..., Document]) -> int:
    """A channel that is watched since ``ADDED``, with posts of each of the five days before."""
    added = await channels.add_channel(tx, channel_id=77, username="harbour", now=ADDED)
    posts = [
        make_document(f"Post {n}", message_id=n, published_at=f"{ADDED - (6 - n) * DAY:%FT%TZ}")
        for n in range(1, 6)
    ]
    await documents.store_documents(tx, posts, stored_at=ADDED, live=False)
    await channels.advance_cursor(tx, added.id, 5, ADDED)
    return added.id


async def begins(tx: Connection) -> datetime | None:
    found = await reach.find_reach(tx)
    assert found is None or found.nearest == found.farthest
    return found and found.nearest


async def test_what_is_not_read_yet_reaches_nowhere(tx: Connection) -> None:
    assert await begins(tx) is None
    await channels.add_channel(tx, username="mill", now=ADDED)
    assert await begins(tx) is None


async def test_without_a_backfill_all_that_is_there_counts(tx: Connection, channel: int) -> None:
    assert await begins(tx) == ADDED - 5 * DAY
    await channels.remove_channel(tx, channel)
    assert await begins(tx) is None


@pytest.mark.parametrize(
    ("next_id", "days"),
    [(1, 1), (2, 1), (4, 1), (5, 5)],
)
async def test_what_lies_between_counts_when_all_of_history_is_read(
    tx: Connection, channel: int, next_id: int, days: int
) -> None:
    await backfills.ask_for(tx, channel, now=ADDED)
    await backfills.begin(tx, channel, first_id=1, last_id=4)
    await backfills.advance(tx, channel, from_id=1, next_id=next_id, posts=next_id)
    assert await begins(tx) == ADDED - days * DAY


async def test_history_that_is_asked_for_and_not_begun_counts_from_the_floor(
    tx: Connection, channel: int
) -> None:
    await backfills.ask_for(tx, channel, now=ADDED)
    floor = (await channels.get_channel(tx, channel)).floor
    assert floor == 0
    assert await begins(tx) == ADDED - 5 * DAY
    await tx.execute("UPDATE channel SET floor = 3")
    assert await begins(tx) == ADDED - 2 * DAY


async def recent(tx: Connection, channel: int, last_id: int) -> None:
    """Recent posts are read down to above a message."""
    await tx.execute("UPDATE channel SET cursor = 0, last_scan_at = NULL")
    await channels.begin_watching(tx, channel, 5, ADDED)
    await backfills.descend(tx, channel, from_id=5, last_id=last_id, posts=1)


async def test_recent_posts_count_as_far_down_as_they_are_read(
    tx: Connection, channel: int
) -> None:
    await recent(tx, channel, 3)
    assert await begins(tx) == ADDED - 2 * DAY
    # All of them are read: from the time that was meant, though nothing was posted then.
    since = ADDED - 9 * DAY
    await backfills.finish(tx, channel, finished_at=ADDED, since=since)
    assert await begins(tx) == since
    await backfills.finish(tx, channel, finished_at=ADDED, since=ADDED - DAY)
    assert await begins(tx) == ADDED - 2 * DAY


async def test_what_was_watched_before_and_not_in_between_counts_from_now(
    tx: Connection, channel: int
) -> None:
    await recent(tx, channel, 3)
    await tx.execute("UPDATE backfill SET asked_at = asked_at - 1")
    assert await begins(tx) == ADDED


async def test_some_channels_reach_farther_than_all(tx: Connection, channel: int) -> None:
    other = await channels.add_channel(tx, channel_id=78, username="mill", now=ADDED + DAY)
    await channels.advance_cursor(tx, other.id, 5, ADDED)
    assert await reach.find_reach(tx) == Reach(farthest=ADDED - 5 * DAY, nearest=ADDED + DAY)
    assert await reach.find_reach(tx, other.id) == Reach(farthest=ADDED + DAY, nearest=ADDED + DAY)
    assert (await reach.find_reach(tx, channel)) == Reach(
        farthest=ADDED - 5 * DAY, nearest=ADDED - 5 * DAY
    )


async def test_what_was_forgotten_is_not_told_as_stored(
    tx: Connection, channel: int, make_document: Callable[..., Document]
) -> None:
    await facts.set_value(tx, reach.FORGOTTEN, str(times.to_epoch(ADDED - 9 * DAY)))
    assert await begins(tx) == ADDED - 5 * DAY
    await facts.set_value(tx, reach.FORGOTTEN, str(times.to_epoch(ADDED + 3 * DAY)))
    assert await begins(tx) == ADDED + 3 * DAY
    await facts.set_value(tx, reach.FORGOTTEN_OF_GROUPS, str(times.to_epoch(ADDED + 7 * DAY)))
    assert await begins(tx) == ADDED + 3 * DAY
    await tx.execute("INSERT INTO group_chat (channel_id) VALUES (77)")
    assert await begins(tx) == ADDED + 7 * DAY
