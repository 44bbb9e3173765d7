"""Rich messages in Desktop's exports, in the words in which Desktop 7.2 writes them."""

import json
from typing import Any

import pytest

from handlers.normalize.desktop import json_export
from handlers.normalize.parsing.json_stream import Scanner
from handlers.normalize.post.reading import Reading
from storage.document import Document


def one(*blocks: Any, part: bool = False, **more: Any) -> Document:
    message = {
        "id": 7,
        "type": "message",
        "date": "2026-03-01T13:00:05",
        "date_unixtime": "1772359205",
        "rich_message": {"rtl": False, "part": part, "blocks": list(blocks)},
        **more,
    }
    export = {"name": "Harbour", "type": "public_channel", "id": 15, "messages": [message]}
    (found,) = json_export.read(Scanner([json.dumps(export)]), Reading(file="result.json"))
    assert isinstance(found, Document)
    return found


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain", "text": text}


def marked(kind: str, text: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "text": plain(text), **more}


def block(name: str, text: Any = None, **more: Any) -> dict[str, Any]:
    said = {} if text is None else {"text": plain(text) if isinstance(text, str) else text}
    return {"type": name, **said, **more}


def caption(text: str, credit: str = "") -> dict[str, Any]:
    return {"caption": {"text": plain(text), "credit": plain(credit)}}


def item(text: str, **more: Any) -> dict[str, Any]:
    return {"task_state": "none", "content": "text", "text": plain(text), **more}


HEAD = block("heading", "Head", level=1)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (block("paragraph", "One\ntwo"), [("para", "One"), ("para", "two")]),
        (block("heading", "Later", level=3), [("subhead", "Later")]),
        (block("code", "a = 1", language="c"), [("code", "a = 1")]),
        (block("quote", "Said", content="text", pullquote=True, caption=plain("Ann")),
         [("blockquote", "Said"), ("para", "Ann")]),
        (block("quote", content="blocks", blocks=[block("paragraph", "a")], caption=plain("")),
         [("blockquote", "a")]),
        (block("list", kind="unordered", items=[item("a"), item("b", task_state="checked")]),
         [("bullet", "a"), ("bullet", "☑ b")]),
        (block("list", kind="ordered", start=4, items=[
            {"task_state": "none", "content": "blocks", "blocks": [block("paragraph", "a")]},
            item("b", num="9")]), [("bullet", "4. a"), ("bullet", "9. b")]),
        (block("table", title=plain("Tides"), rows=[
            {"cells": [{"text": plain("High")}, {"text": plain("02:10")}]}]),
         [("subhead", "Tides"), ("table", "High | 02:10")]),
        (block("details", title=plain("More"), blocks=[block("paragraph", "inside")]),
         [("subhead", "More"), ("para", "inside")]),
        (block("photo", photo="photos/1.jpg", **caption("The pier", "Ann")),
         [("para", "The pier"), ("para", "Ann")]),
        (block("collage", items=[block("photo", photo_skip_reason="file_size", **caption("x"))],
               **caption("Both")), [("para", "x"), ("para", "Both")]),
        (block("cover", block=block("photo", photo="p.jpg", **caption("Cover"))),
         [("para", "Cover")]),
        (block("author_date", author=plain("Ann Keeper")), [("para", "Ann Keeper")]),
        (block("math", formula="x^2"), [("para", "x^2")]),
        (block("channel", channel={"title": "Lighthouse"}), [("para", "Lighthouse")]),
        (block("related_articles", title=plain("See"), articles=[
            {"title": "Fog", "description": "all day", "url": "https://a.b/f"}]),
         [("subhead", "See"), ("bullet", "Fog"), ("para", "all day")]),
        (block("hologram", "seen"), [("para", "seen")]),
        (block("divider"), []),
        ("junk", []),
        (block("list", items="junk"), []),
    ],
)  # fmt: skip
def test_blocks_are_read_in_place(given: Any, expected: list[tuple[str, str]]) -> None:
    document = one(HEAD, given)
    assert document.title == "Head"
    assert [(each.type, each.text) for each in document.body] == expected


@pytest.mark.parametrize(
    ("text", "reads", "spans"),
    [
        ({"type": "concat", "text": [plain("see "),
                                     marked("text_link", "in full", href="https://a.b/full")]},
         "see in full", [("link", "in full", "https://a.b/full")]),
        (marked("strikethrough", "old"), "old", [("strike", "old", None)]),
        (marked("link", "pier.example"), "pier.example",
         [("link", "pier.example", "http://pier.example")]),
        (marked("email", "write", email="a@b.example"), "write",
         [("link", "write", "mailto:a@b.example")]),
        (marked("phone", "+1555"), "+1555", [("phone", "+1555", None)]),
        (marked("mention_name", "Ann", user_id="7"), "Ann", [("mention", "Ann", "tg://user?id=7")]),
        (marked("formatted_date", "tonight", date_unixtime="1772618405"), "tonight",
         [("date", "tonight", "tg://time?unix=1772618405")]),
        (marked("button", "Open", button={"type": "url", "url": "https://a.b/"}), "Open",
         [("link", "Open", "https://a.b/")]),
        ({"type": "custom_emoji", "text": "⚓", "document_id": "1"}, "⚓",
         [("custom_emoji", "⚓", None)]),
        (marked("subscript", "2"), "2", []),
        (marked("glowing", "seen"), "seen", []),
    ],
)  # fmt: skip
def test_rich_texts_are_text_with_spans(
    text: Any, reads: str, spans: list[tuple[str, str, str | None]]
) -> None:
    document = one(HEAD, block("paragraph", text))
    (body,) = document.body
    assert body.text == reads
    assert [(span.kind, reads[span.start : span.end], span.url) for span in body.spans] == spans


def test_media_stand_in_their_order_with_what_became_of_their_files() -> None:
    document = one(
        block("collage", items=[
            block("video", file="v/talk.mp4", media_type="video_file", file_size=9),
            block("photo", photo_skip_reason="file_size", photo_file_size=7),
        ]),
        block("file", file_skip_reason="file_type", file_name="plan.pdf"),
        block("map", geo={"latitude": 1.5, "longitude": -2}, **caption("Here")),
    )  # fmt: skip
    assert [(one.type, one.state, one.name, one.size, one.url) for one in document.media] == [
        ("video", "present", "talk.mp4", 9, None),
        ("photo", "too_big", None, 7, None),
        ("document", "not_included", "plan.pdf", None, None),
        ("location", "present", None, None, "geo:1.5,-2"),
    ]


def test_what_was_left_out_of_the_export_is_flagged() -> None:
    assert one(HEAD).flags == ()
    assert one(HEAD, part=True).flags == ("text_withheld",)
    assert one(HEAD, block("unsupported", unsupported=True)).flags == ("text_withheld",)


@pytest.mark.parametrize("depth", [5, 120, 300])
def test_what_nests_at_will_keeps_its_words(depth: int) -> None:
    inside: Any = block("paragraph", "deep")
    text: Any = plain("words")
    for _ in range(depth):
        inside = block("details", title=plain(""), blocks=[inside])
        text = {"type": "bold", "text": text}
    assert one(HEAD, inside, block("paragraph", text)).texts() == ["Head", "deep", "words"]


@pytest.mark.parametrize(
    ("kind", "span", "url"),
    [
        *((name, name, None) for name in ("bold", "italic", "underline", "code", "mention")),
        *((name, name, None) for name in ("hashtag", "cashtag", "bot_command", "bank_card")),
        *((name, name, None) for name in ("spoiler", "email", "phone")),
        ("strikethrough", "strike", None),
        ("mention_name", "mention", "tg://user?id=7"),
        ("text_link", "link", "tg:here"),
        ("link", "link", "http://words"),
        ("button", "link", "https://a.b/"),
        ("diff", "replaced", None),
        ("formatted_date", "date", "tg://time?unix=1772618405"),
    ],
)
def test_what_each_kind_of_text_is(kind: str, span: str, url: str | None) -> None:
    text = marked(
        kind, "words", href="tg:here", user_id="7", date_unixtime="1772618405",
        button={"type": "url", "url": "https://a.b/"},
    )  # fmt: skip
    (body,) = one(HEAD, block("paragraph", text)).body
    assert [(each.kind, each.url) for each in body.spans] == [(span, url)]
    for user_id in ("x", "", None, 7):
        (body,) = one(HEAD, block("paragraph", marked("mention_name", "Ann", user_id=user_id))).body
        assert [each.url for each in body.spans] == [None]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (block("footer", "Below"), [("para", "Below")]),
        (block("thinking", "Hm"), [("para", "Hm")]),
        ({"type": "anchor", "name": "a"}, []),
        (block("slideshow", items=[block("paragraph", "a")], **caption("b")),
         [("para", "a"), ("para", "b")]),
        (block("embed", url="https://a.b/", **caption("b")), [("para", "b")]),
        (block("embed_post", author="Ann", blocks=[block("paragraph", "a")], **caption("b")),
         [("para", "Ann"), ("para", "a"), ("para", "b")]),
        (block("input_map", geo={"latitude": 1, "longitude": 2}, **caption("b")), [("para", "b")]),
        (block("list", kind="unordered", items=[
            item("a", task_state="unchecked"),
            {"task_state": None, "content": "blocks", "blocks": [block("heading", "b")]}]),
         [("bullet", "☐ a"), ("bullet", "b")]),
        (block("quote", "a", caption=plain("b")), [("blockquote", "a"), ("para", "b")]),
        (block("table", rows=[{"cells": "junk"}, "junk", {"cells": [{"text": "a"}, {}]}]),
         [("table", "a |")]),
    ],
)  # fmt: skip
def test_more_blocks_are_read_in_place(given: Any, expected: list[tuple[str, str]]) -> None:
    assert [(each.type, each.text.rstrip()) for each in one(HEAD, given).body] == expected


def test_a_row_of_buttons_leads_where_they_do() -> None:
    row = block(
        "button_row",
        buttons=[
            {"text": plain("Open"), "button": {"type": "url", "url": "https://a.b/"}},
            {"text": plain("Vote"), "button": {"type": "callback"}},
        ],
    )
    links = [(link.text, link.url) for link in one(HEAD, row).links]
    assert links == [("Open", "https://a.b/")]
