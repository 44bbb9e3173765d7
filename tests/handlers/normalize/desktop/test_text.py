"""Text as Telegram Desktop exports it."""

from typing import Any

import pytest

from handlers.normalize.desktop import text
from storage.document import Span

URL = "https://example.org/a"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *((name, name) for name in ("bold", "italic", "underline", "spoiler", "code", "pre")),
        *((name, name) for name in ("hashtag", "cashtag", "bot_command", "email", "phone")),
        *((name, name) for name in ("custom_emoji", "blockquote", "mention")),
        ("strikethrough", "strike"),
    ],
)
def test_marked_words_keep_their_marks(name: str, kind: Any) -> None:
    found = text.read(["See ", {"type": name, "text": "here"}, "."])
    assert found == ("See here.", (Span(kind=kind, start=4, end=8),))


@pytest.mark.parametrize(
    ("part", "kind", "url"),
    [
        ({"type": "text_link", "text": "here", "href": URL}, "link", URL),
        ({"type": "link", "text": URL}, "link", URL),
        ({"type": "link", "text": "example.org"}, "link", "http://example.org"),
        ({"type": "text_link", "text": URL, "href": ""}, "link", URL),
        ({"type": "text_link", "text": URL, "href": 5}, "link", URL),
        ({"type": "mention_name", "text": "Ann", "user_id": 42}, "mention", "tg://user?id=42"),
        ({"type": "mention_name", "text": "Ann", "user_id": 0}, "mention", None),
        ({"type": "mention_name", "text": "Ann", "user_id": "x"}, "mention", None),
        ({"type": "mention", "text": "@ann"}, "mention", None),
        ({"type": "bold", "text": "Ann", "user_id": 42, "href": URL}, "bold", None),
    ],
)
def test_where_marked_words_lead(part: dict[str, Any], kind: Any, url: str | None) -> None:
    words = part["text"]
    assert text.read([part]) == (words, (Span(kind=kind, start=0, end=len(words), url=url),))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("One", "One"),
        ("", ""),
        (["One", " two"], "One two"),
        (["One", {"type": "new_kind", "text": " two"}], "One two"),
        (["One", {"text": " two"}, {"type": 5, "text": "!"}], "One two!"),
        (["One", {"type": "bold"}, {"type": "bold", "text": ""}, 5, None, ["x"]], "One"),
        (None, ""),
        (5, ""),
        ({"text": "x"}, ""),
        ("a\x00b", "a\ufffdb"),
    ],
)
def test_what_has_no_marks_is_text_or_nothing(value: Any, words: str) -> None:
    assert text.read(value) == (words, ())
