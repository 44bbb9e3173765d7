"""The text of a list that grows: whatever its posts say, it fits."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.render.alerts.bundles import (
    BURST_SPANS,
    BURST_UNITS,
    Bundle,
    BundledPost,
    burst_message,
    tally_message,
)
from handlers.render.text.rich import utf16_length
from storage.document import Channel, Document, Source
from storage.outbox.bursts import MOST_LINES
from storage.records import Alert

BEGUN_AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
WORDS = st.sampled_from(["ferry", "🛥🛥🛥", "a\u202eb", "<b>", "\n\n", "ß" * 50, "ferry ferry", "́"])


def told(number: int, text: str, *, title: str = "Harbour", **more: Any) -> BundledPost:
    document = Document(
        kind="post",
        doc_id=f"tg:1/{number}",
        source=Source(type="telethon"),
        channel=Channel(id=1, username="harbour", title=title),
        message_id=number,
        published_at="2026-11-22T12:04:00Z",
        title=text,
        content_hash="0" * 16,
    )
    alert = Alert(id=1, chat_id=1, query="ferry", created_at=BEGUN_AT)
    return BundledPost(document=document, alerts=(alert,), **more)


def shown(posts: list[BundledPost], queries: dict[str, int], **how: Any) -> Any:
    bundle = Bundle(id=7, count=len(posts), queries=queries)
    options = {"language": "en", "timezone": "UTC", "has_buttons": True, **how}
    return burst_message(bundle, posts, begun_at=BEGUN_AT, **options)


def test_a_line_says_when_where_and_what_and_leads_there() -> None:
    posts = [
        told(1, "The ferry sails"),
        told(2, "The ferry is late", fresh=((13, 17),), channels=2, counted=5),
    ]
    message = shown(posts, {"ferry": 2})
    assert message.text.text == (
        "🔔 In quick succession: 2\nferry\n\n"
        "• today 12:04 · Harbour · The ferry sails\n"
        "• today 12:04 · Harbour · ↩️ · 🔁 +2 · 🗂 +5 · The ferry is late"
    )
    links = [span.url for span in message.text.spans if span.kind == "link"]
    assert links == ["https://t.me/harbour/1", "https://t.me/harbour/2"]
    bold = [message.text.text[s.start : s.end] for s in message.text.spans if s.kind == "bold"]
    assert bold[1:] == ["ferry", "late"]
    assert [button.data for row in message.keyboard for button in row] == ["bo|7|0"]


@pytest.mark.parametrize(
    ("title", "least", "most"),
    [("Pier", 130, 155), ("Pier" * 9, 130, 155), ("🛥" * 20, 130, 155)],
)
@pytest.mark.parametrize("text", ["Ferry or not: " + "word " * 99, "ferry " * 99])
def test_a_line_has_no_more_than_its_length(title: str, least: int, most: int, text: str) -> None:
    line = shown([told(1, text, title=title)], {"ferry": 1}).text.text.split("\n")[3]
    assert line.startswith("• today 12:04 · ")
    assert least <= utf16_length(line) <= most


def test_another_day_is_named_and_a_channel_has_no_buttons() -> None:
    message = shown([told(1, "x")], {"ferry": 1}, timezone="Pacific/Kiritimati", has_buttons=False)
    assert "• today 2:04 · Harbour" in message.text.text
    assert message.keyboard == ()
    later = burst_message(
        Bundle(id=7, count=1, queries={"ferry": 1}),
        [told(1, "x")],
        begun_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
        has_buttons=True,
        language="en",
        timezone="UTC",
    )
    assert "• yesterday 12:04 · Harbour" in later.text.text


@given(
    texts=st.lists(st.lists(WORDS, max_size=40).map(" ".join), min_size=1, max_size=MOST_LINES),
    title=st.text(max_size=60),
    queries=st.lists(st.text(min_size=1, max_size=100), min_size=1, max_size=9, unique=True),
    channels=st.integers(0, 99),
    counted=st.integers(0, 999),
    fresh=st.sampled_from([(), ((0, 5), (6, 9), (9, 900))]),
)
def test_whatever_the_posts_say_the_list_fits(
    texts: list[str], title: str, queries: list[str], channels: int, counted: int, fresh: Any
) -> None:
    posts = [
        told(number, text, title=title, channels=channels, counted=counted, fresh=fresh)
        for number, text in enumerate(texts, start=1)
    ]
    message = shown(posts, dict.fromkeys(queries, 20), timezone="Asia/Tokyo")
    assert utf16_length(message.text.text) <= BURST_UNITS
    assert len(message.text.spans) <= BURST_SPANS
    links = [span.url for span in message.text.spans if span.kind == "link"]
    assert links == [f"https://t.me/harbour/{number}" for number in range(1, len(texts) + 1)]


@pytest.mark.parametrize(
    ("language", "text"), [("en", "➕ 2 more in this list"), ("ru", "➕ В списке ещё 2")]
)
def test_a_tally_says_how_many_came(language: str, text: str) -> None:
    assert tally_message(2, language).text.text == text
