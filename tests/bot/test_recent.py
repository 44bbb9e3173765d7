from datetime import UTC, datetime, timedelta

import pytest
from telethon.tl import types

from bot.history import Page, item_of
from bot.recent import _post
from storage.records import Channel

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
    post = _post(channel, Page(items=(item,), low=1, high=7, is_last=True), item)
    assert (post.history, post.asked) == (is_history, True)
