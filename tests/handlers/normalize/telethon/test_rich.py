"""Rich messages: their blocks, links and media, whatever they nest and hold."""

from typing import Any

import pytest

from handlers.normalize.parsing.fields import Record
from handlers.normalize.telethon import message as telethon
from storage.document import Channel, Document

CHANNEL = Channel(id=1500000001, username="harbour", title="Harbour Office")
PHOTO = {"_": "Photo", "id": 5, "sizes": [{"_": "PhotoSize", "size": 900}]}
FILM = {"_": "Document", "id": 6, "size": 70, "mime_type": "video/mp4",
        "attributes": [{"_": "DocumentAttributeVideo", "duration": 9}]}  # fmt: skip


def normalize(*blocks: Any, **more: Any) -> Document:
    page = {"_": "RichMessage", "blocks": list(blocks), "photos": [PHOTO], "documents": [FILM]}
    message = {
        "_": "Message",
        "id": 7,
        "date": "2026-03-04T10:00:05+00:00",
        "message": "",
        **more,
        "rich_message": {**page, **more.get("rich_message", {})},
    }
    return telethon.normalize([Record(message)], channel=CHANNEL)


def plain(text: str) -> dict[str, Any]:
    return {"_": "TextPlain", "text": text}


def all_of(*texts: Any) -> dict[str, Any]:
    return {"_": "TextConcat", "texts": list(texts)}


def marked(kind: str, text: str, **more: Any) -> dict[str, Any]:
    return {"_": f"Text{kind}", "text": plain(text), **more}


def block(kind: str, text: Any = None, **more: Any) -> dict[str, Any]:
    said = {} if text is None else {"text": plain(text) if isinstance(text, str) else text}
    return {"_": f"PageBlock{kind}", **said, **more}


def caption(text: str, credit: str = "") -> dict[str, Any]:
    return {"caption": {"_": "PageCaption", "text": plain(text), "credit": plain(credit)}}


def item(text: str, **more: Any) -> dict[str, Any]:
    return {"_": "PageListItemText", "text": plain(text), **more}


HEAD = block("Heading1", "Head")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (block("Paragraph", "One\n\ntwo"), [("para", "One"), ("para", "two")]),
        (block("Heading3", "Later"), [("subhead", "Later")]),
        (block("Subtitle", "Later"), [("subhead", "Later")]),
        (block("Footer", "Below"), [("para", "Below")]),
        (block("Preformatted", "  a\n  b", language="c"), [("code", "  a"), ("code", "  b")]),
        (
            block("Blockquote", "Said", caption=plain("Ann")),
            [("blockquote", "Said"), ("para", "Ann")],
        ),
        (
            block("BlockquoteBlocks", blocks=[block("Paragraph", "a"), block("Heading2", "b")],
                  caption=plain("")),
            [("blockquote", "a"), ("subhead", "b")],
        ),
        (
            block("List", items=[item("a\nmore"), item("b", checkbox=True, checked=True),
                                 item("c", checkbox=True)]),
            [("bullet", "a"), ("para", "more"), ("bullet", "☑ b"), ("bullet", "☐ c")],
        ),
        (
            block("List", items=[{"_": "PageListItemBlocks",
                                  "blocks": [block("Paragraph", "a"), block("List", items=[
                                      item("inner")])]}]),
            [("bullet", "a"), ("bullet", "inner")],
        ),
        (
            block("OrderedList", items=[item("a"), item("b", value=7), item("c", num="IX.")]),
            [("bullet", "1. a"), ("bullet", "7. b"), ("bullet", "IX. c")],
        ),
        (
            block("OrderedList", reversed=True, items=[item("a"), item("b")]),
            [("bullet", "2. a"), ("bullet", "1. b")],
        ),
        (
            block("Table", title=plain("Tides"), rows=[
                {"cells": [{"text": plain("High")}, {"text": plain("02:10\n14:30")}]},
                {"cells": [{"text": plain("Low")}, {}]}, {"cells": [{}]}]),
            [("subhead", "Tides"), ("table", "High | 02:10 14:30"), ("table", "Low | ")],
        ),
        (
            block("Details", title=plain("More"), blocks=[block("Paragraph", "inside")]),
            [("subhead", "More"), ("para", "inside")],
        ),
        (block("Photo", photo_id=5, **caption("The pier", "Ann")),
         [("para", "The pier"), ("para", "Ann")]),
        (block("AuthorDate", author=plain("Ann Keeper")), [("para", "Ann Keeper")]),
        (block("Math", source="x^2"), [("para", "x^2")]),
        (block("Divider"), []),
        (block("Channel", channel={"title": "Lighthouse"}), [("para", "Lighthouse")]),
        (
            block("RelatedArticles", title=plain("See"), articles=[
                {"title": "Fog", "description": "all day", "url": "https://a.b/f"}]),
            [("subhead", "See"), ("bullet", "Fog"), ("para", "all day")],
        ),
        (block("Hologram", words=plain("seen"), more=[block("Paragraph", "inside")]),
         [("para", "seen"), ("para", "inside")]),
        ({"_": "PageBlockHologram", "title": "seen", "html": "<b>"}, [("para", "seen")]),
        ("junk", []),
        (None, []),
        (block("List", items="junk"), []),
    ],
)  # fmt: skip
def test_blocks_are_read_in_place(given: Any, expected: list[tuple[str, str]]) -> None:
    document = normalize(HEAD, given)
    assert document.title == "Head"
    assert [(block.type, block.text) for block in document.body] == expected
    assert document.flags == ()


def test_the_first_line_is_the_title_whatever_it_is() -> None:
    document = normalize(block("Paragraph", "First line\nsecond"), block("Title", "A heading"))
    assert document.title == "First line"
    assert [(block.type, block.gap) for block in document.body] == [("para", None), ("subhead", 2)]


LINK = marked("Url", "in full", url="https://a.b/full", webpage_id=0)


@pytest.mark.parametrize(
    ("text", "reads", "spans"),
    [
        (all_of(plain("see "), LINK), "see in full", [("link", "in full", "https://a.b/full")]),
        ({"_": "TextBold", "text": all_of(plain("a "), marked("Italic", "b"))}, "a b",
         [("bold", "a b", None), ("italic", "b", None)]),
        (marked("AutoUrl", "pier.example"), "pier.example",
         [("link", "pier.example", "http://pier.example")]),
        (marked("Email", "write", email="a@b.example"), "write",
         [("link", "write", "mailto:a@b.example")]),
        (marked("Email", "a@b.example", email="a@b.example"), "a@b.example",
         [("email", "a@b.example", None)]),
        (marked("Phone", "call", phone="+1555"), "call", [("link", "call", "tel:+1555")]),
        (marked("MentionName", "Ann", user_id=7), "Ann", [("mention", "Ann", "tg://user?id=7")]),
        (marked("Date", "tonight", date="2026-03-04T10:00:05+00:00"), "tonight",
         [("date", "tonight", "tg://time?unix=1772618405")]),
        (marked("Diff", "new", old_text=plain("old")), "new", [("replaced", "new", None)]),
        (all_of({"_": "TextCustomEmoji", "alt": "⚓", "document_id": 1}, plain(" x")), "⚓ x",
         [("custom_emoji", "⚓", None)]),
        (marked("Button", "Open", type={"_": "InlineButtonTypeUrl", "url": "https://a.b/"}),
         "Open", [("link", "Open", "https://a.b/")]),
        (marked("Button", "Vote", type={"_": "InlineButtonTypeCallback"}), "Vote", []),
        (marked("Glowing", "seen"), "seen", []),
        (all_of(plain("a"), {"_": "TextImage"}, {"_": "TextEmpty"}, None, 5, plain("b")), "ab", []),
        (all_of(plain("a\x00"), plain("\ud800b")), "a\ufffd\ufffdb", []),
    ],
)  # fmt: skip
def test_rich_texts_are_text_with_spans(
    text: Any, reads: str, spans: list[tuple[str, str, str | None]]
) -> None:
    document = normalize(HEAD, block("Paragraph", text=text))
    (body,) = document.body
    assert body.text == reads
    assert [(span.kind, reads[span.start : span.end], span.url) for span in body.spans] == spans
    assert [(link.text, link.url) for link in document.links] == [
        (word, url) for kind, word, url in spans if kind == "link"
    ]


def test_a_mark_moves_the_spans_of_its_item() -> None:
    listed = {"_": "PageListItemText", "text": all_of(plain("see "), LINK), "checkbox": True}
    (body,) = normalize(HEAD, block("List", items=[listed])).body
    assert (body.text, body.marker) == ("☐ see in full", "☐")
    assert [body.text[span.start : span.end] for span in body.spans] == ["in full"]


def test_a_post_that_is_shown_inside_is_said_with_whose_it_is() -> None:
    given = {"author": "Ann Roe", "url": "https://quay.example/7", **caption("Seen from afar")}
    document = normalize(HEAD, block("EmbedPost", blocks=[block("Paragraph", "It sank")], **given))
    assert document.texts() == ["Head", "Ann Roe", "It sank", "Seen from afar"]
    assert [(one.type, one.name, one.url) for one in document.media] == [
        ("webpage", "Ann Roe", "https://quay.example/7")
    ]


def test_links_of_a_title_and_of_what_is_shown_inside_are_kept() -> None:
    document = normalize(
        block("Heading1", text=LINK),
        block("Embed", url="https://film.example/1", **caption("A film")),
        block("ButtonRow", buttons=[{"text": plain("Map"), "type": {"url": "https://map.example"}}]),
        block("Channel", channel={"title": "Pier", "usernames": [{"username": "pier_ru",
                                                                 "active": True}]}),
    )  # fmt: skip
    assert [(link.text, link.url) for link in document.links] == [
        ("in full", "https://a.b/full"),
        ("Map", "https://map.example"),
        ("Pier", "https://t.me/pier_ru"),
        ("A film", "https://film.example/1"),
    ]
    assert [block.text for block in document.body] == ["A film", "Map", "Pier"]


@pytest.mark.parametrize(
    ("kind", "more", "says"),
    [
        ("Photo", {"photo_id": 5, "url": "https://quay.example/7"}, []),
        ("Video", {"video_id": 6}, []),
        ("Audio", {"audio_id": 6}, []),
        ("Map", {"geo": {"lat": 1.5, "long": -2}}, []),
        ("Embed", {"url": "https://quay.example/7"}, []),
        ("EmbedPost", {"author": "Ann Roe", "blocks": [block("Paragraph", "It sank")]},
         ["Ann Roe", "It sank"]),
        ("Collage", {"items": [block("Paragraph", "One"), block("Paragraph", "Two")]},
         ["One", "Two"]),
        ("Slideshow", {"items": [block("Paragraph", "One")]}, ["One"]),
        ("BlockquoteBlocks", {"blocks": [block("Paragraph", "One")]}, ["One"]),
    ],
)  # fmt: skip
def test_what_is_said_below_something_shown_is_kept(
    kind: str, more: dict[str, Any], says: list[str]
) -> None:
    document = normalize(HEAD, block(kind, **more, **caption("Seen from afar", "Bob Ray")))
    assert document.texts() == ["Head", *says, "Seen from afar", "Bob Ray"]
    assert [link.url for link in document.links] == ([more["url"]] if "url" in more else [])


def test_articles_that_are_named_below_are_kept() -> None:
    articles = [
        {"url": "https://quay.example/1", "title": "Pier", "description": "Shut", "author": "Ann"},
        {"url": "https://quay.example/2"},
    ]
    related = block("RelatedArticles", title=plain("See too"), articles=articles)
    document = normalize(HEAD, related)
    assert [(one.type, one.text) for one in document.body] == [
        ("subhead", "See too"),
        ("bullet", "Pier"),
        ("para", "Shut"),
        ("para", "Ann"),
        ("bullet", "https://quay.example/2"),
    ]
    assert [link.url for link in document.links] == [article["url"] for article in articles]


def test_media_stand_in_the_order_of_their_blocks() -> None:
    document = normalize(
        block("Collage", items=[block("Video", video_id=6), block("Photo", photo_id=5)]),
        block("Photo", photo_id=99),
        block("Audio", audio_id=6),
        block("Document", document_id=6),
        block("Document", document_id=99),
        block("Map", geo={"lat": 1.5, "long": -2}, **caption("Here")),
    )
    assert [(one.type, one.state, one.size) for one in document.media] == [
        ("video", "present", 70),
        ("photo", "present", 900),
        ("photo", "missing", None),
        ("video", "present", 70),
        ("video", "present", 70),
        ("document", "missing", None),
        ("location", "present", None),
    ]
    assert document.title == "Here"


@pytest.mark.parametrize(
    ("blocks", "more", "flags"),
    [
        ([HEAD], {}, ()),
        ([HEAD], {"rich_message": {"part": True}}, ("text_withheld",)),
        ([HEAD, block("Unsupported")], {}, ("text_withheld",)),
        ([], {"media": {"_": "MessageMediaUnsupported"}}, ("text_withheld",)),
        ([HEAD], {"media": {"_": "MessageMediaUnsupported"}}, ()),
    ],
)
def test_what_is_not_all_there_says_so(
    blocks: list[Any], more: dict[str, Any], flags: tuple[str, ...]
) -> None:
    assert normalize(*blocks, **more).flags == flags


def test_a_text_beside_the_blocks_is_kept_unless_they_say_it() -> None:
    assert normalize(HEAD, message="Before").texts() == ["Before", "Head"]
    assert normalize(HEAD, block("Paragraph", "x"), message="Head\nx").texts() == ["Head", "x"]


@pytest.mark.parametrize("depth", [5, 200, 800])
def test_what_nests_at_will_keeps_its_words(depth: int) -> None:
    inside: Any = block("Paragraph", "deep")
    text: Any = plain("words")
    for _ in range(depth):
        inside = block("Details", title=plain(""), blocks=[inside])
        text = {"_": "TextBold", "text": text}
    document = normalize(HEAD, inside, block("Paragraph", text=text))
    assert document.texts() == ["Head", "deep", "words"]


@pytest.mark.parametrize(
    "around",
    [
        lambda inside: block("BlockquoteBlocks", blocks=[inside]),
        lambda inside: block("List", items=[{"_": "PageListItemBlocks", "blocks": [inside]}]),
        lambda inside: block("Cover", cover=inside),
        lambda inside: block("Collage", items=[inside]),
        lambda inside: block("Slideshow", items=[inside]),
        lambda inside: block("EmbedPost", blocks=[inside]),
        lambda inside: block("NotYetKnown", inner=[inside]),
    ],
)
@pytest.mark.parametrize("depth", [5, 41, 800])
def test_words_are_found_however_deep_and_in_whatever(around: Any, depth: int) -> None:
    inside: Any = block("Paragraph", "deep")
    for _ in range(depth):
        inside = around(inside)
    assert [text.strip("• ") for text in normalize(HEAD, inside).texts()] == ["Head", "deep"]


@pytest.mark.parametrize(("depth", "kind"), [(40, "subhead"), (41, "para")])
def test_what_lies_deeper_than_forty_blocks_is_words_alone(depth: int, kind: str) -> None:
    inside: Any = block("Heading1", "deep")
    for _ in range(depth):
        inside = block("Details", title=plain(""), blocks=[inside])
    assert [(each.type, each.text) for each in normalize(HEAD, inside).body] == [(kind, "deep")]
