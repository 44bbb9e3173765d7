from datetime import UTC, datetime, timedelta

import pytest
from telethon.tl import types

from bot.settings import Recent
from bot.watching import recent
from bot.watching.history import Page, item_of
from bot.watching.recent_posts import choose, recent_post
from storage.records import Backfill, Channel

WATCHED = datetime(2026, 3, 1, 12, 0, 0, 500_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "is_history"), [(-86_400, True), (-1, True), (0, False), (60, False)]
)
def test_what_was_published_after_the_watch_began_is_no_history(
    seconds: int, is_history: bool
) -> None:
    posted = WATCHED.replace(microsecond=0) + timedelta(seconds=seconds)
    item = item_of([types.Message(id=7, peer_id=types.PeerChannel(1), date=posted, message="Ice")])
    channel = Channel(id=1, channel_id=1, watched=True, added_at=WATCHED)
    post = recent_post(channel, Page(items=(item,), low=1, high=7, is_last=True), item)
    assert (post.history, post.asked) == (is_history, True)


@pytest.mark.parametrize(
    ("ages", "read", "kept", "below", "is_over", "is_full"),
    [
        ([1, 1], 0, 2, 10, False, False),
        ([9, 1], 0, 1, 10, True, False),
        ([9, 9], 0, 0, 10, True, False),
        ([1, 1, 1], 3, 2, 10, True, True),
        ([1], 5, 0, 10, True, True),
        ([], 0, 0, 10, False, False),
    ],
)
def test_recent_posts_end_at_their_days_or_their_number(
    ages: list[int], read: int, kept: int, below: int, is_over: bool, is_full: bool
) -> None:
    items = tuple(
        item_of(
            [
                types.Message(
                    id=11 + n,
                    peer_id=types.PeerChannel(1),
                    date=WATCHED - timedelta(days=days),
                    message="Ice",
                )
            ]
        )
        for n, days in enumerate(ages)
    )
    backfill = Backfill(channel=1, last_id=20, posts=read, asked_at=WATCHED, newest_first=True)
    choice = choose(items, 10, backfill, Recent(days=7, posts=5))
    assert choice.kept == items[len(items) - kept :]
    assert (choice.below, choice.is_over, choice.is_full) == (below, is_over, is_full)


def test_what_reaches_the_first_message_is_over() -> None:
    backfill = Backfill(channel=1, last_id=20, asked_at=WATCHED, newest_first=True)
    assert choose((), 0, backfill, Recent(days=7, posts=5)).is_over


class Pages:
    """A history whose pages after each message are known."""

    def __init__(self, *pages: Page) -> None:
        self.after_each = {page.low: page for page in pages}

    async def after(self, channel: Channel, message_id: int, *, urgent: bool = False) -> Page:
        return self.after_each[message_id]


@pytest.mark.parametrize(
    ("pages", "read"),
    [
        ([(3, 9, False)], [9]),
        ([(3, 5, False), (5, 9, False)], [5, 9]),
        ([(3, 5, False), (5, 6, False), (6, 8, False), (8, 12, False)], [5, 6, 8, 12]),
        # There is nothing more.
        ([(3, 5, True)], [5]),
        ([(3, 5, False), (5, 7, True)], [5, 7]),
    ],
)
async def test_pages_are_read_up_to_where_it_ends(
    pages: list[tuple[int, int, bool]], read: list[int]
) -> None:
    made = (Page(items=(), low=low, high=high, is_last=last) for low, high, last in pages)
    channel = Channel(id=1, channel_id=1, watched=True, added_at=WATCHED)
    found = await recent._read(channel, Pages(*made), 3, 9)  # type: ignore[arg-type]
    assert [page.high for page in found] == read
