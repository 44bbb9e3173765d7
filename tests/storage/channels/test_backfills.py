"""History that was asked for: where it stands, and what goes on with it."""

from datetime import datetime, timedelta

from storage.channels import backfills, channels
from storage.connection import Connection
from storage.records import Backfill

HOUR = timedelta(hours=1)


async def add(tx: Connection, now: datetime, name: str) -> int:
    return (await channels.add_channel(tx, username=name, now=now)).id


async def get(tx: Connection, channel: int) -> Backfill:
    found = await backfills.find_backfill(tx, channel)
    assert found is not None
    return found


async def test_it_is_read_step_by_step_and_each_step_counts_once(
    tx: Connection, now: datetime
) -> None:
    row, other = await add(tx, now, "harbour"), await add(tx, now, "mill")
    for channel in (row, other):
        asked = await backfills.ask_for(tx, channel, limit=100, asked_by=5, now=now)
        await backfills.begin(tx, channel, first_id=1, last_id=90)
    assert (asked.channel, asked.remaining, asked.asked_by, asked.posts) == (other, 100, 5, 0)
    assert await backfills.advance(tx, row, from_id=1, next_id=41, posts=30)
    assert not await backfills.advance(tx, row, from_id=1, next_id=51, posts=40)
    found = await get(tx, row)
    assert (found.first_id, found.next_id, found.last_id) == (1, 41, 90)
    assert (found.posts, found.remaining) == (30, 70)
    assert (await get(tx, other)).next_id == 1


async def test_what_stopped_goes_on_and_what_is_over_begins_anew(
    tx: Connection, now: datetime
) -> None:
    row = await add(tx, now, "harbour")
    await backfills.ask_for(tx, row, limit=30, asked_by=5, now=now)
    await backfills.begin(tx, row, first_id=1, last_id=90)
    await backfills.advance(tx, row, from_id=1, next_id=41, posts=30)
    await backfills.finish(tx, row, finished_at=now, error="the limit")
    stopped = await get(tx, row)
    assert (stopped.finished_at, stopped.error) == (now, "the limit")
    again = await backfills.ask_for(tx, row, limit=20, asked_by=6, now=now + HOUR)
    assert (again.next_id, again.posts, again.remaining) == (41, 30, 20)
    assert (again.asked_by, again.asked_at, again.finished_at, again.error) == (
        6, now + HOUR, None, None
    )  # fmt: skip
    # One post is left.
    await backfills.advance(tx, row, from_id=41, next_id=90, posts=14)
    await backfills.finish(tx, row, finished_at=now, error="the limit")
    assert (await backfills.ask_for(tx, row, now=now)).next_id == 90
    await backfills.advance(tx, row, from_id=90, next_id=91, posts=1)
    await backfills.finish(tx, row, finished_at=now)
    anew = await backfills.ask_for(tx, row, now=now)
    assert (anew.next_id, anew.last_id, anew.posts, anew.finished_at) == (0, 0, 0, None)


async def test_another_beginning_is_another_history(tx: Connection, now: datetime) -> None:
    row = await add(tx, now, "harbour")
    await backfills.ask_for(tx, row, since=now - 2 * HOUR, now=now)
    await backfills.begin(tx, row, first_id=50, last_id=90)
    same = await backfills.ask_for(tx, row, since=now - 2 * HOUR, now=now)
    assert (same.since, same.first_id) == (now - 2 * HOUR, 50)
    other = await backfills.ask_for(tx, row, since=now - HOUR, now=now)
    assert (other.since, other.first_id) == (now - HOUR, 0)


async def test_recent_posts_are_read_downwards_unless_somebody_asks_for_all(
    tx: Connection, now: datetime
) -> None:
    row, asked, left = [await add(tx, now, name) for name in ("harbour", "mill", "port")]
    for channel in (row, asked, left):
        await channels.begin_watching(tx, channel, 90, now)
    assert await backfills.count_recent(tx) == (3, 0)
    found = await get(tx, row)
    assert (found.newest_first, found.last_id) == (True, 90)
    await backfills.descend(tx, row, from_id=90, last_id=70, posts=15)
    await backfills.descend(tx, row, from_id=90, last_id=60, posts=20)
    assert ((await get(tx, row)).last_id, (await get(tx, row)).posts) == (70, 15)
    taken = await backfills.ask_for(tx, asked, now=now)
    assert (taken.newest_first, taken.last_id) == (False, 0)
    await backfills.begin(tx, asked, first_id=1, last_id=90)
    await backfills.descend(tx, asked, from_id=90, last_id=60, posts=20)
    assert ((await get(tx, asked)).last_id, (await get(tx, asked)).posts) == (90, 0)
    assert await backfills.count_recent(tx) == (2, 15)
    await backfills.finish(tx, row, finished_at=now, since=now - HOUR)
    assert (await get(tx, row)).since == now - HOUR
    assert await backfills.count_recent(tx) == (1, 0)
    await backfills.drop_recent(tx)
    assert await backfills.find_backfill(tx, left) is None
    assert [one.channel for one in await backfills.list_backfills(tx)] == [row, asked]


async def test_a_channel_that_is_still_to_be_read_counts_as_one_with_recent_posts(
    tx: Connection, now: datetime
) -> None:
    row, failed = await add(tx, now, "harbour"), await add(tx, now, "mill")
    await channels.update_channel(tx, failed, error="nobody has this name")
    gone = await add(tx, now, "port")
    await channels.remove_channel(tx, gone)
    assert await backfills.count_recent(tx) == (1, 0)
    await channels.begin_watching(tx, row, 0, now)
    await backfills.finish(tx, row, finished_at=now)
    assert await backfills.count_recent(tx) == (0, 0)


async def test_they_are_listed_as_they_were_asked_for(tx: Connection, now: datetime) -> None:
    first, second = await add(tx, now, "harbour"), await add(tx, now, "mill")
    await backfills.ask_for(tx, second, now=now)
    await backfills.ask_for(tx, first, now=now + HOUR)
    assert [one.channel for one in await backfills.list_backfills(tx)] == [second, first]
    await backfills.finish(tx, second, finished_at=now)
    assert [one.channel for one in await backfills.list_backfills(tx, open_only=True)] == [first]
    assert len(await backfills.list_backfills(tx)) == 2
