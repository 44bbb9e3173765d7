"""Posts of a page that was read: when they were published, and how the intake takes them."""

from datetime import datetime

from bot.history import Item, Page
from bot.posts import Post
from storage import moments
from storage.records import Channel


def posted_since(items: tuple[Item, ...], moment: datetime) -> tuple[Item, ...]:
    """The posts from the first on that was published at that moment or later, with those before it
    of which nobody can read when they were."""
    start = next((i for i, item in enumerate(items) if is_since(item, moment)), len(items))
    while start and items[start - 1].unread is not None:
        start -= 1
    return items[start:]


def is_since(item: Item, moment: datetime) -> bool:
    """Whether a post is known to have been published at that moment or later."""
    if item.unread is not None:
        return False
    if item.document is not None:
        posted = moments.from_partial(item.document.published_at)
    else:
        posted = item.messages[0].date
    return posted is not None and posted >= moment


def post_of(channel: Channel, page: Page, item: Item, *, asked: bool = False) -> Post:
    """A post of a page, as the intake takes it; ``asked``: of a history that was asked for."""
    return Post(
        channel=channel,
        messages=item.messages,
        document=item.document,
        unread=item.unread,
        peers=page.peers,
        history=asked,
        asked=asked,
        seen_at=page.asked_at,
    )
