"""Rich texts as words with spans, whatever they nest."""

from typing import Any

import pytest

from handlers.normalize.parsing.fields import Record
from handlers.normalize.telethon import rich_words
from handlers.normalize.telethon.rich_words import Words
from storage.document import Span


def read(node: Any) -> Words:
    return rich_words.read(Record(node) if isinstance(node, dict) else node)


def plain(text: Any) -> dict[str, Any]:
    return {"_": "TextPlain", "text": text}


def marked(kind: str, text: Any, **more: Any) -> dict[str, Any]:
    return {"_": f"Text{kind}", "text": plain(text) if isinstance(text, str) else text, **more}


@pytest.mark.parametrize(
    ("kind", "span", "url"),
    [
        *((name, name.lower(), None) for name in ("Bold", "Italic", "Underline", "Strike")),
        *((name, name.lower(), None) for name in ("Spoiler", "Email", "Phone", "Mention")),
        *((name, name.lower(), None) for name in ("Hashtag", "Cashtag")),
        ("Fixed", "code", None),
        ("AutoEmail", "email", None),
        ("AutoPhone", "phone", None),
        ("BotCommand", "bot_command", None),
        ("BankCard", "bank_card", None),
        ("Diff", "replaced", None),
        ("Url", "link", "tg:here"),
        ("Button", "link", "tg:here"),
        ("AutoUrl", "link", "http://words"),
        ("MentionName", "mention", "tg://user?id=5"),
        ("Date", "date", None),
        ("Unknown", None, None),
        ("Plain", None, None),
    ],
)
def test_what_each_kind_of_text_is(kind: str, span: str | None, url: str | None) -> None:
    spans = () if span is None else (Span(kind=span, start=0, end=5, url=url),)  # type: ignore[arg-type]
    given = marked(kind, "words", url="tg:here", user_id=5)
    if kind == "Plain":
        given = plain("words")
    assert read(given) == Words("words", spans)


@pytest.mark.parametrize(
    ("node", "text", "spans"),
    [
        ({"_": "TextCustomEmoji", "alt": "🔥", "text": "no"}, "🔥", [("custom_emoji", 0, 1, None)]),
        ({"_": "TextMath", "source": "x^2", "text": "no"}, "x^2", [("code", 0, 3, None)]),
        ({"_": "TextConcat", "texts": [plain("a"), marked("Bold", "bc"), "d"], "text": "no"},
         "abcd", [("bold", 1, 3, None)]),
        (marked("Bold", {"_": "TextConcat", "texts": [plain("a"), marked("Italic", "b")]}),
         "ab", [("bold", 0, 2, None), ("italic", 1, 2, None)]),
        (marked("Bold", marked("Italic", "a")), "a", [("italic", 0, 1, None),
                                                      ("bold", 0, 1, None)]),
        (marked("Button", "a"), "a", []),
        (marked("Bold", ""), "", []),
        ({"_": "TextBold"}, "", []),
        (marked("Email", "a@b.org", email="a@b.org"), "a@b.org", [("email", 0, 7, None)]),
        (marked("Email", "write", email="a@b.org"), "write", [("link", 0, 5, "mailto:a@b.org")]),
        (marked("AutoEmail", "a@b.org", email="a@b.org"), "a@b.org",
         [("link", 0, 7, "mailto:a@b.org")]),
        (marked("Phone", "call", phone="+5"), "call", [("link", 0, 4, "tel:+5")]),
        (marked("Phone", "+5 5", phone="+5"), "+5 5", [("phone", 0, 4, None)]),
        ({"_": "TextConcat", "texts": [plain("so "), marked("AutoUrl", "b.org")]}, "so b.org",
         [("link", 3, 8, "http://b.org")]),
        ({"_": "TextConcat", "texts": [plain("at +5 "), marked("Phone", "call", phone="+5")]},
         "at +5 call", [("link", 6, 10, "tel:+5")]),
        ({"_": "TextNew", "text": "said"}, "said", []),
        ({"_": "TextNew", "text": plain("a"), "more": [plain("b"), {"_": "Photo"}, 5],
          "old_text": plain("c"), "type": plain("d"), "style": plain("e"), "last": plain("f")},
         "abf", []),
        ("bare", "bare", []),
        (None, "", []),
        (5, "", []),
        (plain("a\x00b"), "a\ufffdb", []),
    ],
)  # fmt: skip
def test_words_and_what_they_are(node: Any, text: str, spans: list[Any]) -> None:
    found = read(node)
    assert found.text == text
    assert [(one.kind, one.start, one.end, one.url) for one in found.spans] == spans


def test_texts_nest_at_will() -> None:
    node: Any = plain("deep")
    for _ in range(5000):
        node = marked("Bold", node)
    assert read(node).text == "deep"


def test_a_text_that_leads_somewhere_as_a_whole() -> None:
    assert rich_words.linked("ab", "tg:x") == Words(
        "ab", (Span(kind="link", start=0, end=2, url="tg:x"),)
    )
    assert rich_words.linked("ab", None) == Words("ab")
    assert rich_words.linked("", "tg:x") == Words()
