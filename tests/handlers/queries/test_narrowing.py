"""How buttons name what they narrow a query to."""

import pytest

from handlers.queries import narrowing
from storage.document import Channel, Document, Source
from storage.query.reading import syntax


@pytest.mark.parametrize(
    ("channel", "value"),
    [
        (Channel(id=7, username="quay"), "quay"),
        (Channel(id=7), "7"),
        (Channel(id=7, username="q y"), "7"),
        (Channel(id=7, username="q" * 41), "7"),
        (Channel(id=7, username="q" * 40), "q" * 40),
        (Channel(username="quay"), "quay"),
        (Channel(title="Quay"), None),
        (None, None),
    ],
)
def test_a_channel_is_named_by_username_else_by_its_number(
    channel: Channel | None, value: str | None
) -> None:
    assert narrowing.channel_value(channel) == value


@pytest.mark.parametrize(
    ("query", "left"),
    [("oil after:2024-01-01", "oil"), ("oil OR gas", "oil OR gas"), ("after:2024-01-01", None)],
)
def test_of_posts_to_come_no_dates_are_asked(query: str, left: str | None) -> None:
    found = narrowing.without_dates(syntax.parse(query))
    assert (found.text if found else None) == left


def test_channels_come_by_how_many_posts_they_have() -> None:
    pier = Channel(id=8, title=" Pier ")
    bare = Channel(id=9, username="bare")
    posts = [
        Document(
            kind="post",
            doc_id=f"text:{number}",
            source=Source(type="text"),
            channel=channel,
            content_hash="0",
        )
        for number, channel in enumerate((bare, pier, Channel(title="?"), pier, pier, bare), 1)
    ]
    assert narrowing.list_channels(posts, 3) == [("8", "Pier"), ("bare", "bare")]
    assert narrowing.list_channels(posts, 1) == [("8", "Pier")]
