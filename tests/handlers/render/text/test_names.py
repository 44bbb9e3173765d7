"""Names of others within lines of ours."""

from datetime import UTC, datetime

import pytest

from handlers.render.alerts.alerts import alert_message
from handlers.render.text.headings import author_name, channel_name, origin_name
from handlers.render.text.messages import shorten
from handlers.render.text.names import can_be_seen, closing, contained, name_of
from handlers.texts.languages import words_of
from storage.document import Author, Channel, Document, Forward, Source
from storage.records import Alert
from storage.records import Channel as Watched

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TURNED = "News \u202e evil"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (TURNED, "News  evil"),
        ("\u2066a\u2069 \u202ab\u202c", "a b"),
        ("\u2067\u2068", ""),
        ("خبر\u200f ב\u200e", "خبر\u200f ב"),
        ("\u200fNews\u200f 1\u061c", "News 1"),
        ("Harbour 🚢\u200d", "Harbour 🚢\u200d"),
        ("plain", "plain"),
    ],
)
def test_what_turns_a_line_ends_with_the_name(name: str, shown: str) -> None:
    assert contained(name) == shown


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("brief", True),
        ("краткое", True),
        ("7", True),
        ("🌾", True),
        ("⚓\ufe0f", True),
        ("…", True),
        ("\u200bbrief\u200b", True),
        ("", False),
        (" \t", False),
        ("\u200b", False),
        ("\u2060\u200d\ufeff", False),
        ("\u3164", False),
        ("\u2800\u115f", False),
        ("\u0301", False),
        ("\u202e\u2066", False),
        ("\U000e0041", False),
    ],
)
def test_a_name_is_seen_by_what_is_not_blank(name: str, seen: bool) -> None:
    assert can_be_seen(name) is seen


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("plain", ""),
        ("a \u202e b", "\u202c"),
        ("a \u202e b\u202c c", ""),
        ("\u202e a\nb", ""),
        ("\u2067 a \u202b b", "\u202c\u2069"),
        ("\u2067 a \u202b b\u2069", ""),
        ("\u2069 \u202c a \u2068", "\u2069"),
        ("\u202a a\u2028b", "\u202c"),
        ("\u202a a\u2029b", ""),
    ],
)
def test_what_a_text_leaves_open_is_closed(text: str, ending: str) -> None:
    assert closing(text) == ending


def test_wherever_a_name_is_shown() -> None:
    document = Document(
        kind="post",
        doc_id="tg:7/1",
        source=Source(type="telethon"),
        channel=Channel(id=7, title=TURNED),
        author=Author(kind="user", id=1, name=TURNED),
        forwarded_from=Forward(name=TURNED, kind="channel"),
        title="Words",
        content_hash="0" * 16,
    )
    watched = Watched(
        id=1, channel_id=7, username=None, title=TURNED, access_hash=None, watched=True, cursor=0,
        added_at=NOW, last_scan_at=None, error=None,
    )  # fmt: skip
    alert = Alert(id=1, chat_id=1, query="words", created_at=NOW)
    told = alert_message(document, [alert], language="en", timezone="UTC", now=NOW).text.text
    shown = [
        channel_name(document, words_of("en")),
        author_name(document) or "",
        origin_name(Forward(name=TURNED)) or "",
        shorten(TURNED, 99),
        name_of(watched),
        told,
    ]
    assert not [text for text in shown if "\u202e" in text]
    assert "evil" in told


def test_a_name_of_such_signs_alone_is_none() -> None:
    document = Document(
        kind="post",
        doc_id="tg:7/1",
        source=Source(type="telethon"),
        channel=Channel(id=7, username="harbour", title="\u202e\u202e"),
        content_hash="0" * 16,
    )
    assert channel_name(document, words_of("en")) == "@harbour"
