"""How watching goes, as it is told."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.render.answers.watching import channel_lines
from handlers.texts.languages import words_of
from storage.channels.progress import COUNTED, ChannelStatus
from storage.records import Channel

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("posts", "told"),
    [
        (0, "0 today"),
        (1, "1 today"),
        (COUNTED - 1, f"{COUNTED - 1} today"),
        (COUNTED, f"{COUNTED}+ today"),
    ],
)
def test_what_is_not_counted_to_its_end_is_told_with_a_plus(posts: int, told: str) -> None:
    status = ChannelStatus(
        channel=Channel(id=1, title="Harbour", added_at=NOON),
        posts_today=posts,
        last_message_id=5,
        last_post_at=NOON - timedelta(minutes=2),
    )
    first = channel_lines(status, "Harbour", words_of("en"), NOON).text.split("\n")[0]
    assert first.endswith(f", {told}")
