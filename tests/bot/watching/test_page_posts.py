"""Posts of a page: since when they are counted, what completes them, how the intake takes them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from telethon.tl import types

from bot.intake.posts import Unread
from bot.watching import page_posts
from bot.watching.history import Item, Page
from storage.document import Document, Source
from storage.records import Channel
from storage.structs import replace

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
CHANNEL = Channel(id=1, channel_id=7, added_at=NOW)
UNREAD = Unread(ids=(2,), raw=b"", form="telethon", error=ValueError("x"))


def post(number: int, after: int, *, is_partial: bool = False) -> Item:
    """A post that was published ``after`` so many minutes."""
    message = types.Message(
        id=number,
        peer_id=types.PeerChannel(7),
        date=NOW + timedelta(minutes=after),
        message="Hello",
        rich_message=types.RichMessage([], [], [], part=True) if is_partial else None,
    )
    return Item(ids=(number,), state=None, messages=(message,))


def broken(number: int) -> Item:
    return Item(ids=(number,), state=None, unread=UNREAD)


def previewed(number: int, published_at: str | None) -> Item:
    document = Document(
        kind="post",
        doc_id=f"tg:7/{number}",
        source=Source(type="tme"),
        published_at=published_at,
        content_hash="0" * 16,
    )
    return Item(ids=(number,), state=None, document=document)


@pytest.mark.parametrize(
    ("item", "is_since"),
    [
        (post(1, -1), False),
        (post(1, 0), True),
        (post(1, 1), True),
        (broken(1), False),
        (previewed(1, "2026-01-02T12:00:00Z"), True),
        (previewed(1, "2026-01-02T11:59:59Z"), False),
        (previewed(1, None), False),
    ],
)
def test_a_post_is_known_to_be_published_since(item: Item, is_since: bool) -> None:
    assert page_posts.is_since(item, NOW) is is_since


@pytest.mark.parametrize(
    ("items", "left"),
    [
        ((), ()),
        ((post(1, -2), post(2, -1)), ()),
        ((post(1, -2), post(2, 0), post(3, -1)), (2, 3)),
        ((post(1, -2), broken(2), broken(3), post(4, 0)), (2, 3, 4)),
        ((broken(1), post(2, 0)), (1, 2)),
        ((broken(1), post(2, -1), broken(3)), (3,)),
    ],
)
def test_what_cannot_be_dated_stays_with_the_posts_behind_it(
    items: tuple[Item, ...], left: tuple[int, ...]
) -> None:
    assert tuple(item.ids[0] for item in page_posts.posted_since(items, NOW)) == left


class Completing:
    """Completes posts, but for the one that it fails at."""

    def __init__(self, fails_at: int | None = None) -> None:
        self.fails_at = fails_at
        self.asked: list[tuple[int, bool]] = []

    async def complete(self, channel: Channel, item: Item, *, urgent: bool) -> Item:
        assert channel == CHANNEL
        self.asked.append((item.ids[0], urgent))
        if item.ids[0] == self.fails_at:
            raise TimeoutError
        return replace(item, state="whole")


async def complete(source: Completing, items: list[Item], **options: bool) -> list[Any]:
    history: Any = source
    return [item.state for item in await page_posts.completed(CHANNEL, history, items, **options)]


async def test_posts_in_part_are_completed_ten_at_most() -> None:
    source = Completing()
    items = [post(0, 0), *(post(n, 0, is_partial=True) for n in range(1, 13))]
    states = await complete(source, items)
    assert states == [None, *["whole"] * 10, None, None]
    assert source.asked == [(n, False) for n in range(1, 11)]
    await complete(source, items[:2], urgent=True)
    assert source.asked[-1] == (1, True)


async def test_where_asking_fails_the_rest_stays_in_part() -> None:
    source = Completing(fails_at=2)
    states = await complete(source, [post(n, 0, is_partial=True) for n in range(1, 5)])
    assert states == ["whole", None, None, None]
    assert [number for number, _ in source.asked] == [1, 2]


@pytest.mark.parametrize("asked", [False, True])
def test_the_intake_is_told_what_was_asked_for_and_when(asked: bool) -> None:
    item = post(1, 0)
    page = Page(items=(item,), low=1, high=1, is_last=False, asked_at=NOW, peers={9: "x"})  # type: ignore[dict-item]
    given = page_posts.post_of(CHANNEL, page, item, asked=asked)
    assert (given.channel, given.messages, given.document) == (CHANNEL, item.messages, None)
    assert (given.history, given.asked, given.seen_at) == (asked, asked, NOW)
    assert given.peers == {9: "x"}
    assert page_posts.post_of(CHANNEL, page, broken(2)).unread == UNREAD
    assert page_posts.post_of(CHANNEL, page, previewed(3, None)).document is not None
    assert not page_posts.post_of(CHANNEL, page, item).history
