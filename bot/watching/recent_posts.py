"""Chooses and stores the recent posts of a newly watched channel.

Used by the scans, which see the newest of them anyway, and by the reader of the others
(``bot.watching.recent``).
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog
from msgspec import Struct

from bot.intake.intake import Intake
from bot.intake.posts import Post
from bot.settings import Recent
from bot.watching.history import History, Item, Page
from bot.watching.page_posts import is_since, post_of, posted_since
from bot.watching.watchlist import Watchlist
from handlers.render.text.names import name_of
from storage.channels import backfills
from storage.connection import Database
from storage.records import Backfill, Channel
from storage.structs import replace

log = structlog.get_logger("recent")


class Choice(Struct, frozen=True, kw_only=True):
    """Which posts of a stretch of history are stored (``kept``). Afterwards everything above
    message ``below`` is read.

    ``is_over``: no more is wanted, because the time limit is reached or, with ``is_full``, the
    limit of posts.
    """

    kept: tuple[Item, ...]
    below: int
    is_over: bool
    is_full: bool


def choose(items: tuple[Item, ...], low: int, backfill: Backfill, limits: Recent) -> Choice:
    """Choose among ``items``, the posts between ``low`` and what is read already, oldest first."""
    recent = posted_since(items, since(backfill, limits))
    left = max(0, limits.posts - backfill.posts)
    kept = recent[max(0, len(recent) - left) :]
    below = min([low, *(item.ids[0] - 1 for item in kept)])
    is_full = len(kept) == left
    is_over = not below or is_full or len(kept) < len(items)
    return Choice(kept=kept, below=below, is_over=is_over, is_full=is_full)


def since(backfill: Backfill, limits: Recent) -> datetime:
    """The publication time from which on posts are recent."""
    return backfill.asked_at - timedelta(days=limits.days)


async def store_recent(
    database: Database,
    intake: Intake,
    watchlist: Watchlist,
    channel: Channel,
    history: History,
    pages: Sequence[Page],
    *,
    low: int,
    backfill: Backfill,
    limits: Recent,
) -> int:
    """Store the recent posts of these pages, which hold everything above ``low``, and record how
    far the channel is read. Returns how many posts the pages have there. Raises StorageError, the
    source's errors, and StoppedError if some posts have to wait."""
    page_of = {item.ids: page for page in pages for item in page.items}
    found = [item for page in pages for item in page.items]
    items = tuple(item for item in found if low < item.ids[-1] <= backfill.last_id)
    choice = choose(items, low, backfill, limits)
    kept = [await history.complete(channel, item) for item in choice.kept]
    if kept:
        await intake.submit([recent_post(channel, page_of[item.ids], item) for item in kept])
    async with database.transaction() as tx:
        await watchlist.insist(tx, channel.id)
        await backfills.descend(
            tx, channel.id, from_id=backfill.last_id, last_id=choice.below, posts=len(kept)
        )
    if choice.is_over:
        reached = None if choice.is_full else since(backfill, limits)
        await finish(database, intake, watchlist, channel, since=reached)
    return len(items)


async def finish(
    database: Database,
    intake: Intake,
    watchlist: Watchlist,
    channel: Channel,
    *,
    since: datetime | None = None,
    error: str | None = None,
) -> None:
    """Stop reading a channel's recent posts. ``since``: the time from which on all are read; None
    if the limit of posts was reached or, with ``error``, the source refused."""
    intake.drop(channel.id, asked=True)
    async with database.transaction() as tx:
        await watchlist.insist(tx, channel.id)
        known = await backfills.find_backfill(tx, channel.id)
        if known is None or not known.newest_first:
            return
        now = datetime.now(UTC)
        await backfills.finish(tx, channel.id, finished_at=now, since=since, error=error)
    log.info("recent posts read", channel=name_of(channel), posts=known.posts)


def recent_post(channel: Channel, page: Page, item: Item) -> Post:
    """The post for the intake: history, unless it was published after the watch began."""
    is_live = is_since(item, channel.added_at.replace(microsecond=0))
    return replace(post_of(channel, page, item, asked=True), history=not is_live)
