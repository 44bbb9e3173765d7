"""Of a channel that is another's by now nothing is written, by none of all that writes."""

from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.settings import Recent
from bot.watching import recent_posts
from bot.watching.backfill import Backfiller
from bot.watching.budget import Budget
from bot.watching.history import Names
from bot.watching.lookup import Lookup
from bot.watching.pushes import Watch
from bot.watching.registrar import Registrar
from bot.watching.scan import Scanner
from bot.watching.sources import Source
from storage.channels import backfills, channels
from storage.connection import Connection
from storage.errors import UnavailableError
from storage.records import Channel

NOW = datetime.now(UTC)
TABLES = ("channel", "document", "backfill", "delivery", "fact", "account_channel")

Write = Callable[[Any, Channel], Awaitable[object]]


class Elsewhere:
    """Says that all channels are another's, once it is asked to."""

    def __init__(self) -> None:
        self.begun = False

    async def others(self, _: Connection, rows: Collection[int]) -> frozenset[int]:
        return frozenset(rows) if self.begun else frozenset()


async def rows_of(ground: Any) -> dict[str, list[dict[str, object]]]:
    async with ground.db.reader() as conn:
        found = {table: await conn.fetch_all(f"SELECT * FROM {table}") for table in TABLES}  # noqa: S608
    return {table: sorted(map(dict, rows), key=repr) for table, rows in found.items()}


def registrar_of(ground: Any) -> Registrar:
    return Registrar(ground.client, ground.db, ground.watchlist, ground.notices, ground.gate)


def backfiller_of(ground: Any) -> Backfiller:
    sources = {"account": Source(history=ground.history, budget=Budget(600))}
    parts = (ground.db, ground.watchlist, ground.intake, sources, ground.notices, ground.gate)
    return Backfiller(*parts, account_serves=lambda: True)


async def scan(ground: Any, row: Channel) -> None:
    scanner = Scanner(ground.db, ground.watchlist, ground.intake, recheck=20)
    await ground.harbour.post("One more")
    await scanner.scan(row, ground.history, urgent=False, now=0.0, confirm_after=0.0)


async def find_deleted(ground: Any, row: Channel) -> None:
    """What a scan of before found is marked now."""
    scanner = Scanner(ground.db, ground.watchlist, ground.intake, recheck=20)
    await ground.harbour.posts[-1].delete()
    page = await ground.history.newest(row, 20, urgent=False)
    known = {post.id for post in ground.harbour.posts} | {row.cursor}
    await scanner._compare(row, ground.history, page, known, 0.0, 0.0)


async def be_told_of_a_deletion(ground: Any, row: Channel) -> None:
    from telethon.tl import types

    watch = Watch(
        ground.client,
        ground.watchlist,
        ground.intake,
        ground.gate,
        lambda _: pytest.fail("no gap"),
        ground.history,
    )
    update = types.UpdateDeleteChannelMessages(ground.harbour.id, [row.cursor], pts=0, pts_count=1)
    await watch._on_watched(row, update)


async def be_renamed(ground: Any, row: Channel) -> None:
    names = Names(channel_id=row.channel_id, username="quay", title="Quay", source="joined")
    await registrar_of(ground).learned(row.id, names)


async def be_in_trouble(ground: Any, row: Channel) -> None:
    await registrar_of(ground).trouble(row, "CHANNEL_PRIVATE")


async def be_admitted(ground: Any, row: Channel) -> None:
    ground.harbour.title = "Quay"
    registrar = registrar_of(ground)
    assert registrar._lookup is not None
    await registrar._lookup._list()
    await registrar._admit(row)


async def read_history(ground: Any, row: Channel) -> None:
    await backfiller_of(ground).read(row)


async def end_history(ground: Any, row: Channel) -> None:
    await backfiller_of(ground)._finish(row)


async def read_recent(ground: Any, row: Channel) -> None:
    page = await ground.history.newest(row, 20, urgent=False)
    async with ground.db.reader() as conn:
        asked = await backfills.find_backfill(conn, row.id)
    assert asked is not None
    place = (ground.db, ground.intake, ground.watchlist, row, ground.history, [page])
    limits = Recent(days=14, posts=500)
    await recent_posts.store_recent(*place, low=0, backfill=asked, limits=limits)


async def end_recent(ground: Any, row: Channel) -> None:
    await recent_posts.finish(ground.db, ground.intake, ground.watchlist, row)


async def join(ground: Any, row: Channel) -> None:
    lookup = Lookup(ground.client, ground.db, holds=ground.watchlist.holds)
    await lookup._may_join("link", NOW, row)


RECENT = (read_recent, end_recent)
WRITES: tuple[Write, ...] = (
    scan,
    find_deleted,
    be_renamed,
    be_in_trouble,
    be_admitted,
    read_history,
    end_history,
    *RECENT,
    join,
)


async def ask_for_history(ground: Any) -> Channel:
    """Watch a channel with three posts, and ask for its history."""
    for number in range(3):
        await ground.harbour.post(f"Number {number}", date=NOW - timedelta(days=1))
    await ground.watch()
    async with ground.db.transaction() as tx:
        row = await channels.find_channel(tx, channel_id=ground.harbour.id)
        assert row is not None
        await backfills.ask_for(tx, row.id, asked_by=900, now=NOW)
    return row


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.__name__)
async def test_what_is_anothers_by_now_is_left_as_it_is(ground: Any, write: Write) -> None:
    row = await ask_for_history(ground)
    if write in RECENT:
        async with ground.db.transaction() as tx:
            await tx.execute("UPDATE backfill SET newest_first = 1, last_id = ?", (row.cursor,))
    if write not in RECENT:
        await backfiller_of(ground).read(row)
        async with ground.db.transaction() as tx:
            await tx.execute("UPDATE backfill SET next_id = 2, finished_at = NULL, posts = 0")
    elsewhere = Elsewhere()
    ground.intake._others = ground.watchlist.others = elsewhere.others
    before = await rows_of(ground)
    elsewhere.begun = True
    try:
        await write(ground, row)
    except UnavailableError as error:
        assert "another process reads this channel" in str(error)
    assert await rows_of(ground) == before
    elsewhere.begun = False
    await write(ground, row)
    assert await rows_of(ground) != before


async def test_a_deletion_that_telegram_tells_of_is_marked_whoever_hears_it(ground: Any) -> None:
    row = await ask_for_history(ground)
    await backfiller_of(ground).read(row)
    elsewhere = Elsewhere()
    ground.intake._others = ground.watchlist.others = elsewhere.others
    elsewhere.begun = True
    await be_told_of_a_deletion(ground, row)
    async with ground.db.reader() as conn:
        gone = await conn.fetch_all("SELECT message_id FROM document WHERE deleted_at IS NOT NULL")
    assert [one["message_id"] for one in gone] == [row.cursor]
