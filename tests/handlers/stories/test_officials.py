"""Which channels speak for a ministry, an embassy or the like."""

from datetime import UTC, datetime

import pytest

from handlers.stories import officials
from storage.document import Channel, Document, Source
from storage.records import Channel as Watched

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("title", "seems"),
    [
        *((title, True) for title in ("МИД России", "Посольство в Осло", "Пресс-служба порта")),
        *((title, True) for title in ("Ministry of Ports", "Embassy of Olda", "NATO", "MFA Olda")),
        *((title, False) for title in ("Humid", "Гуманитарный мидиевый суп", "Harbour", "", None)),
    ],
)
def test_a_title_that_reads_like_one(title: str | None, seems: bool) -> None:
    assert officials.seems_official(title) == seems


def post(channel: Channel | None) -> Document:
    source = Source(type="telethon", file="a.json")
    return Document(kind="post", doc_id="tg:1/1", source=source, channel=channel, content_hash="")


MINISTRY = Channel(id=5, username="ports", title="Ministry of Ports")


@pytest.mark.parametrize(
    ("channel", "key"),
    [
        (MINISTRY, "5"),
        (Channel(username="ports", title="Ports"), "ports"),
        (Channel(title="Ports"), "a.json"),
        (None, "a.json"),
    ],
)
def test_what_tells_a_channel_from_others(channel: Channel | None, key: str) -> None:
    assert officials.channel_key(post(channel)) == key


def test_what_is_known_of_a_channel_counts_more_than_its_title() -> None:
    harbour = Channel(id=6, title="Harbour")
    assert officials.is_official(post(MINISTRY), {})
    assert officials.is_official(post(MINISTRY), {"6": False})
    assert not officials.is_official(post(MINISTRY), {"5": False})
    assert officials.is_official(post(harbour), {"6": True})
    assert not officials.is_official(post(harbour), {})
    assert not officials.is_official(post(None), {})


@pytest.mark.parametrize(
    ("title", "said", "official"),
    [
        ("Ministry of Ports", None, True),
        ("Ministry of Ports", False, False),
        ("Harbour", True, True),
        ("Harbour", None, False),
        (None, None, False),
    ],
)
def test_the_operator_says_what_a_watched_channel_is(
    title: str | None, said: bool | None, official: bool
) -> None:
    channel = Watched(id=1, title=title, official=said, watched=True, added_at=NOW)
    assert officials.is_channel_official(channel) == official
