"""Recent posts of newly watched channels: a page of each in turn, down to their limits."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.settings import Recent
from bot.watching import recent
from bot.watching.budget import Budget
from bot.watching.recent import RecentReader
from bot.watching.sources import Source
from storage.channels import backfills
from storage.records import Backfill, Channel

HISTORY = "messages.getHistory"
NOW = datetime.now(UTC)


def reader_of(ground: Any, *, limits: Recent | None = Recent(days=14, posts=500)) -> RecentReader:  # noqa: B008
    return RecentReader(
        ground.db,
        ground.watchlist,
        ground.intake,
        {"account": Source(history=ground.history, budget=Budget(600))},
        ground.gate,
        limits=limits,
        account_serves=lambda: True,
        may_read=lambda: True,
    )


async def begin(ground: Any, channel: Any = None, *, below: int | None = None) -> Channel:
    """The channel is newly watched: all up to ``below`` is to be read, newest first."""
    row = await ground.watch(channel)
    posts = (channel or ground.harbour).posts
    async with ground.db.transaction() as tx:
        await tx.execute(
            "INSERT OR REPLACE INTO backfill (channel, asked_at, last_id, newest_first)"
            " VALUES (?, ?, ?, 1)",
            (row.id, int(NOW.timestamp() * 1_000_000), posts[-1].id if below is None else below),
        )
    found: Channel = row
    return found


async def found(ground: Any, row: Channel) -> Backfill | None:
    async with ground.db.reader() as conn:
        return await backfills.find_backfill(conn, row.id)


async def post(channel: Any, *ages: float) -> None:
    for number, days in enumerate(ages):
        await channel.post(f"Number {number}", date=NOW - timedelta(days=days))


class Steps:
    """Steps of which one finds a post: the one after ``empty`` others."""

    def __init__(self, empty: int) -> None:
        self._empty = empty
        self.taken = 0

    async def take(self, *_: Any, **__: Any) -> int:
        self.taken += 1
        return int(self.taken == self._empty + 1)


async def test_a_channel_is_read_down_to_its_first_post(ground: Any) -> None:
    await post(ground.harbour, 3, 2, 1)
    row = await begin(ground)
    reader = reader_of(ground)
    assert await reader._turn()
    known = await found(ground, row)
    assert known is not None
    assert (known.posts, known.last_id, known.error) == (3, 0, None)
    assert known.finished_at is not None
    assert await ground.texts() == ["Number 0", "Number 1", "Number 2"]
    assert not await reader._turn()


async def test_limits_of_days_and_of_posts_are_kept(ground: Any) -> None:
    await post(ground.harbour, 20, 15, 3, 2, 1)
    row = await begin(ground)
    assert await reader_of(ground)._turn()
    assert await ground.texts() == ["Number 2", "Number 3", "Number 4"]
    known = await found(ground, row)
    assert known is not None and known.finished_at is not None
    assert known.since is not None
    assert abs(NOW - timedelta(days=14) - known.since) < timedelta(seconds=2)
    other = ground.sandbox.add_channel("Other", username="other", members=[ground.watcher])
    await post(other, 3, 2, 1)
    row = await begin(ground, other)
    assert await reader_of(ground, limits=Recent(days=14, posts=2))._turn()
    assert await ground.texts(other) == ["Number 1", "Number 2"]
    known = await found(ground, row)
    assert known is not None and (known.posts, known.since) == (2, None)


async def test_a_long_history_is_read_a_page_at_a_time_and_goes_on_where_it_was(
    ground: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "STEP", 20)
    monkeypatch.setattr(recent, "ALBUM", 5)
    await post(ground.harbour, *[1] * 50)
    row = await begin(ground)
    last = []
    while await reader_of(ground)._turn():
        known = await found(ground, row)
        assert known is not None
        last.append(known.last_id)
    assert last == sorted(last, reverse=True)
    assert len(last) >= 3
    assert last[-1] == 0
    assert len(await ground.texts()) == 50
    assert await ground.texts() == [f"Number {n}" for n in range(50)]


async def test_a_turn_takes_one_call_where_every_number_is_a_post(ground: Any) -> None:
    await post(ground.harbour, *[1] * 110)
    row = await begin(ground)
    for calls in (1, 2):
        assert await reader_of(ground)._turn()
        assert ground.sandbox.count_calls(HISTORY) == calls
    known = await found(ground, row)
    assert known is not None and (known.posts, known.last_id) == (110, 0)


async def test_of_two_channels_the_one_of_which_less_is_read_has_its_turn(
    ground: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "STEP", 20)
    other = ground.sandbox.add_channel("Other", username="other", members=[ground.watcher])
    for channel in (ground.harbour, other):
        await post(channel, *[1] * 30)
        await begin(ground, channel)
    reader = reader_of(ground)
    counts = []
    for _ in range(3):
        await reader._turn()
        counts.append([len(await ground.texts(one)) for one in (ground.harbour, other)])
    assert counts[0][1] == 0 or counts[0][0] == 0
    assert all(counts[1])


async def test_where_nothing_is_to_be_read_the_wish_is_dropped(ground: Any) -> None:
    await post(ground.harbour, 1)
    row = await begin(ground)
    assert not await reader_of(ground, limits=None)._turn()
    assert await found(ground, row) is None
    reader = reader_of(ground)
    reader._may_read = lambda: False
    assert not await reader._turn()
    assert ground.sandbox.count_calls(HISTORY) == 0


async def test_a_channel_that_was_never_scanned_waits(ground: Any) -> None:
    await post(ground.harbour, 1)
    row = await ground.watch(scanned=False)
    async with ground.db.transaction() as tx:
        await tx.execute(
            "INSERT OR REPLACE INTO backfill (channel, asked_at, last_id, newest_first)"
            " VALUES (?, 1, 9, 1)",
            (row.id,),
        )
    assert not await reader_of(ground)._turn()


async def test_what_fails_is_tried_again_later_and_what_is_refused_ends(ground: Any) -> None:
    await post(ground.harbour, 1)
    row = await begin(ground)
    reader = reader_of(ground)
    clock = asyncio.get_running_loop().time
    for seconds, wait in ((0, 2.0), (300, 300.0)):
        if seconds:
            ground.sandbox.faults.flood_wait(HISTORY, seconds)
        else:
            ground.sandbox.faults.fail(HISTORY, "INTERNAL", code=500)
        reader._waits.clear()
        assert await reader._turn()
        assert abs(reader._waits[row.id] - clock() - wait) < 2.5
        assert not await reader._turn()
    known = await found(ground, row)
    assert known is not None and known.finished_at is None
    reader._waits.clear()
    ground.sandbox.faults.fail(HISTORY, "CHANNEL_PRIVATE")
    assert await reader._turn()
    known = await found(ground, row)
    assert known is not None
    assert (known.error, known.finished_at is not None) == ("CHANNEL_PRIVATE", True)


async def test_what_succeeds_is_not_put_off_any_more(
    ground: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "STEP", 20)
    await post(ground.harbour, *[1] * 40)
    row = await begin(ground)
    reader = reader_of(ground)
    assert await reader._turn()
    assert (row.id in reader._waits, row.id in reader._failed) == (False, False)
    assert await reader._turn()


async def test_ten_steps_without_a_post_are_the_end(
    ground: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "STEP", 20)
    row = await begin(ground, below=9_000)
    reader = reader_of(ground)
    turns = 0
    while await reader._turn():
        turns += 1
    assert turns == recent.EMPTY == 10
    known = await found(ground, row)
    assert known is not None
    assert (known.finished_at is not None, known.posts, known.error) == (True, 0, None)


async def test_steps_with_a_post_between_them_are_counted_anew(
    ground: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "STEP", 20)
    await post(ground.harbour, 1)
    await begin(ground, below=9_000)
    reader = reader_of(ground)
    monkeypatch.setattr(recent.recent_posts, "store_recent", (steps := Steps(5)).take)
    while await reader._turn():
        pass
    assert steps.taken == 5 + 1 + 10


async def test_a_channel_whose_reading_breaks_is_not_read_again_at_once(ground: Any) -> None:
    await post(ground.harbour, 1)
    await begin(ground)
    reader = reader_of(ground)

    async def broken(*_: Any) -> None:
        raise RuntimeError("a fault of ours")

    reader._page = broken  # type: ignore[method-assign]
    assert await reader._turn()
    assert not await reader._turn()


async def test_it_works_for_ever(ground: Any, running: Any) -> None:
    await post(ground.harbour, 2, 1)
    await begin(ground)
    async with running(reader_of(ground).run()):
        await ground.wait_texts("Number 0", "Number 1")


async def test_what_a_page_left_out_is_read(ground: Any) -> None:
    told = await ground.post_in_part()
    await begin(ground)
    assert await reader_of(ground)._turn()
    assert await ground.whole() == told
