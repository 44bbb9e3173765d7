"""Posts of a page: when they were published, what completes them, and their form for the intake."""

from collections.abc import Iterable
from datetime import datetime

import structlog

from bot.intake.posts import Post
from bot.telegram.failures import CALL_ERRORS
from bot.telegram.rich_messages import lacks
from bot.watching.history import History, Item, Page
from storage import times
from storage.records import Channel

MOST = 10
"""The most posts of a page that are completed at once, with a request each."""

log = structlog.get_logger("posts")


def posted_since(items: tuple[Item, ...], moment: datetime) -> tuple[Item, ...]:
    """The posts from the first one on that was published at that moment or later, with those just
    before it whose date cannot be read."""
    start = next((i for i, item in enumerate(items) if is_since(item, moment)), len(items))
    while start and items[start - 1].unread is not None:
        start -= 1
    return items[start:]


def is_since(item: Item, moment: datetime) -> bool:
    """Whether a post is known to have been published at that moment or later."""
    if item.unread is not None:
        return False
    if item.document is not None:
        posted = times.from_partial(item.document.published_at)
    else:
        posted = item.messages[0].date
    return posted is not None and posted >= moment


async def completed(
    channel: Channel, history: History, items: Iterable[Item], *, urgent: bool = False
) -> tuple[Item, ...]:
    """Posts with the parts that the page left out (of long rich messages), requested one by one.

    If a request fails, or there are more than ``MOST``, posts stay incomplete. Those are not
    remembered as stored, so that the next scan asks again.
    """
    found, left = [], MOST
    for item in items:
        if left and lacks(item.messages):
            left -= 1
            try:
                item = await history.complete(channel, item, urgent=urgent)
            except CALL_ERRORS as error:
                left = 0
                log.warning("stays in part", channel=channel.channel_id, error=str(error))
        found.append(item)
    return tuple(found)


def post_of(channel: Channel, page: Page, item: Item, *, asked: bool = False) -> Post:
    """A post of a page in the form that the intake accepts. ``asked``: it belongs to a history that
    was asked for."""
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
