"""The one door for files: detection, encodings, damage; no input makes it crash."""

import io
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from handlers.normalize import registry
from handlers.normalize.post.problems import Problem
from handlers.normalize.post.reading import Item
from storage import document
from storage.document import SOURCE_TYPES, Document, from_json, to_json
from storage.errors import InputError, UsageError

TEXT = "МОСКВА, 5 мая. /ТАСС/. Паром снова ходит между островами.\n\nБилеты на причале."
MESSAGE = {
    "_": "Message",
    "id": 7,
    "peer_id": {"_": "PeerChannel", "channel_id": 1500000001},
    "date": "2024-03-01T10:00:05+00:00",
    "message": "Паром 🚢 снова ходит\nбилеты на причале",
    "entities": [{"_": "MessageEntityBold", "offset": 6, "length": 2}],
    "grouped_id": 4,
    "fwd_from": {"from_id": {"_": "PeerChannel", "channel_id": 16}, "channel_post": 2},
    "media": {"_": "MessageMediaPhoto", "photo": {"sizes": [{"size": 7}]}},
}
RICH = {
    **{name: MESSAGE[name] for name in ("_", "id", "peer_id", "date")},
    "message": "",
    "media": {"_": "MessageMediaPoll", "poll": {"question": "Ходит?", "answers": [{"text": "да"}]}},
    "reply_to": {"reply_from": {"from_id": {"channel_id": 5}, "channel_post": 9}},
    "reply_markup": {"rows": [{"buttons": [{"text": "Карта", "type": {"url": "https://a.b/"}}]}]},
    "rich_message": {
        "photos": [{"_": "Photo", "id": 5}],
        "blocks": [
            {"_": "PageBlockHeader", "text": {"_": "TextPlain", "text": "Паром"}},
            {"_": "PageBlockPhoto", "photo_id": 5, "caption": {"text": {"text": "причал"}}},
            {"_": "PageBlockOrderedList", "items": [
                {"text": {"_": "TextBold", "text": {"_": "TextPlain", "text": "снова"}}}]},
            {"_": "PageBlockTable", "rows": [{"cells": [{"text": {"text": "билеты"}}]}]},
        ],
    },
}  # fmt: skip
LISTED = [
    {"message_id": 1, "sender_id": -1001500000001, "text": "Паром", "channel": "Harbour"},
    {"message_id": 2, "sender_id": -1001500000001, "text": "снова ходит"},
]
EXPORT = {
    "name": "Harbour",
    "type": "public_channel",
    "id": 1500000001,
    "messages": [
        {"id": 7, "type": "message", "date": "2024-03-01T13:00:05", "date_unixtime": "1709287205",
         "text": ["Паром ", {"type": "bold", "text": "снова"}, "\nходит"], "photo": "(File not"},
        {"id": 9, "type": "message", "date": "2024-03-01T13:00:05", "text": "",
         "todo_list": {"title": "Дела", "answers": [{"text": "причал", "id": 1}]},
         "inline_bot_buttons": [[{"type": "url", "text": "Карта", "data": "https://a.b/"}]]},
        {"id": 10, "type": "message", "date": "2024-03-01T13:00:05", "rich_message": {"blocks": [
            {"type": "heading", "text": {"type": "plain", "text": "Паром"}},
            {"type": "list", "kind": "ordered", "items": [{"content": "text", "text": {
                "type": "bold", "text": {"type": "plain", "text": "снова"}}}]},
            {"type": "photo", "photo": "p", "caption": {"text": {"type": "plain", "text": "x"}}},
            {"type": "table", "rows": [{"cells": [{"text": {"type": "plain", "text": "a"}}]}]}]}},
        {"id": 8, "type": "service", "date": "2024-03-01T13:00:05", "action": "pin_message"},
    ],
}  # fmt: skip
PREVIEW = """<html><body class="tgme_webpreview"><div class="tgme_widget_message_wrap">
<div class="tgme_widget_message" data-post="harbour/7" data-view="eyJjIjotMTV9">
<div class="tgme_widget_message_forwarded_from">Forwarded from <a
 class="tgme_widget_message_forwarded_from_name" href="https://t.me/mast/2">Mast</a></div>
<a class="tgme_widget_message_photo_wrap" href="https://t.me/harbour/7?single"></a>
<div class="tgme_widget_message_text">Паром<br/><b>снова</b> <a href="https://a.b/">ходит</a></div>
<a class="tgme_widget_message_date"><time datetime="2024-03-01T10:00:05+00:00">1</time></a>
<span class="tgme_widget_message_views">1.2K</span></div></div></body></html>"""
PAGE = """<html><body><div class="page_wrap"><div class="page_body chat_page">
<div class="message service" id="message-1"><div class="body details">1 марта 2024</div></div>
<div class="message default clearfix" id="message7"><div class="body">
<div class="pull_right date details" title="01.03.2024 13:00:05 UTC+03:00">13:00</div>
<div class="from_name">Harbour</div><div class="text">Паром<br><strong>снова</strong></div>
</div></div></div></div></body></html>"""
FILES = {
    "telethon": json.dumps(MESSAGE, ensure_ascii=False) + "\n",
    "desktop_json": json.dumps(EXPORT, ensure_ascii=False, indent=1),
    "tme_html": PREVIEW,
    "desktop_html": PAGE,
    "text": TEXT,
}


def read(raw: bytes, name: str = "file", **options: Any) -> list[Item]:
    return list(registry.read(io.BytesIO(raw), name=name, **options))


@pytest.mark.parametrize("known", FILES)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
def test_a_format_is_detected_in_every_encoding_and_read(known: str, codec: str) -> None:
    content = FILES[known].replace("🚢", "!!") if codec == "cp1251" else FILES[known]
    raw = content.encode(codec)
    assert registry.detect(raw[: registry.HEAD], "misleading.bin") == known
    items = read(raw)
    assert all(isinstance(item, Document) for item in items)
    document = items[0]
    assert isinstance(document, Document)
    assert document.source.type == known
    assert document.source.file == "file"
    assert "Паром" in "\n".join(document.texts())


@pytest.mark.parametrize("indent", [None, 4])
def test_a_list_of_records_is_detected(indent: int | None) -> None:
    raw = json.dumps(LISTED, ensure_ascii=False, indent=indent).encode()
    assert registry.detect(raw, "dump.json") == "telethon"
    items = read(raw)
    assert [item.title for item in items if isinstance(item, Document)] == ["Паром", "снова ходит"]
    assert len(items) == 2


def test_a_broken_record_of_a_list_takes_no_other_with_it() -> None:
    raw = json.dumps([*LISTED, {**LISTED[1], "message_id": 3}], indent=4)
    broken = raw.replace('"message_id": 2,', '"message_id": 2 2,')
    items = read(broken.encode())
    assert [type(item) for item in items] == [Document, Problem, Document]


@pytest.mark.parametrize("known", FILES)
def test_what_is_read_conforms_to_the_schema_and_comes_back(known: str) -> None:
    schema = Path(document.__file__).with_name("document.schema.json")
    validator = Draft202012Validator(json.loads(schema.read_text("utf-8")))
    found = [item for item in read(FILES[known].encode()) if isinstance(item, Document)]
    assert found
    for one in found:
        written = to_json(one)
        assert list(validator.iter_errors(written)) == []
        assert from_json(json.loads(json.dumps(written))) == one


def test_formats_are_those_of_documents() -> None:
    assert set(SOURCE_TYPES) == set(FILES)


@pytest.mark.parametrize(
    "content",
    [
        "<html><body><p>A page of something else</p></body></html>",
        '{"some": "JSON", "of": ["another", "kind"]}',
        '[{"text": "JSON of another kind", "id": 5}]',
        '{"type": "messages", "name": "No chat either"}',
    ],
)
def test_html_and_json_of_other_kinds_are_refused_with_a_way_out(content: str) -> None:
    with pytest.raises(InputError, match="--format") as caught:
        read(content.encode(), "page.bin")
    assert caught.value.where == "page.bin"


@pytest.mark.parametrize("before", ["", "\ufeff", "\n [\n", "[ "])
def test_documents_that_were_exported_are_told_apart_from_messages(before: str) -> None:
    (document,) = read(FILES["telethon"].encode())
    assert isinstance(document, Document)
    exported = json.dumps(to_json(document), ensure_ascii=False)
    with pytest.raises(InputError, match="documents that Dateline made") as caught:
        read(f"{before}{exported}\n".encode(), "all.jsonl")
    assert (caught.value.where, "dateline render" in caught.value.hint) == ("all.jsonl", True)


def test_a_named_format_wins_over_detection() -> None:
    documents = read(PREVIEW.encode(), format="text")
    assert isinstance(documents[0], Document)
    assert documents[0].source.type == "text"


def test_a_format_or_channel_that_is_none_is_wrong_use() -> None:
    with pytest.raises(UsageError):
        read(b"x", format="pdf")
    with pytest.raises(UsageError):
        read(b"x", channel="not a channel")


@pytest.mark.parametrize("raw", [b"", b"   \n\n ", b"\n" * 70_000])
def test_an_empty_file_holds_nothing(raw: bytes) -> None:
    assert read(raw) == []


@pytest.mark.parametrize("raw", [b"\x89PNG\r\n\x1a\n" + bytes(500), b"PK\x03\x04abc"])
def test_a_binary_file_is_refused_by_name(raw: bytes) -> None:
    with pytest.raises(InputError, match="picture"):
        read(raw, "picture.png")


def test_undecodable_bytes_are_told_and_the_rest_is_read() -> None:
    raw = FILES["telethon"].encode().replace("снова".encode(), b"\xff\xfe\xff")
    *documents, problem = read(raw, "a.jsonl")
    assert len(documents) == 1
    assert isinstance(problem, Problem)
    assert problem.what == "3 characters are not valid utf-8: they read as U+FFFD"


def test_undecodable_bytes_are_counted_in_the_whole_of_a_file() -> None:
    line = json.dumps(
        {**MESSAGE, "message": f"снова {'ходит ' * 200_000}", "entities": []}, ensure_ascii=False
    )
    damaged = f"{line}\n".encode().replace("снова".encode(), b"\xff\xfe")
    *_, problem = read(damaged * 2, "a.jsonl")
    assert isinstance(problem, Problem)
    assert problem.what == "4 characters are not valid utf-8: they read as U+FFFD"


def test_nul_characters_in_a_text_are_told_and_placed() -> None:
    *documents, problem = read(("one\ntwo \x00 three " + "words " * 40).encode(), "a.txt")
    assert documents
    assert isinstance(problem, Problem)
    assert problem.place == "line 2"


def test_a_line_of_megabytes_is_read() -> None:
    long = json.dumps({**MESSAGE, "message": "слово " * 100_000, "entities": []})
    (document,) = read(long.encode())
    assert isinstance(document, Document)
    assert document.title is not None
    assert len(document.title) > 500_000


@pytest.mark.slow
@pytest.mark.parametrize(
    ("known", "largest", "words"),
    [("text", 2 << 20, "2 MB"), ("tme_html", 8 << 20, "8 MB"), ("desktop_html", 8 << 20, "8 MB")],
)
def test_what_is_held_whole_has_a_largest_size(known: str, largest: int, words: str) -> None:
    start = FILES[known].encode()
    whole = start + b" " * (largest - len(start))
    assert any(isinstance(item, Document) for item in read(whole, format=known))
    with pytest.raises(InputError, match=f"more than {words}"):
        read(whole + b" ", format=known)


def check(raw: bytes, **options: Any) -> None:
    """Reads whatever it is: documents that can be kept, problems, or a refusal."""
    try:
        items = read(raw, all_chats=True, **options)
    except (InputError, UsageError):
        return
    for item in items:
        if isinstance(item, Document):
            line = json.dumps(to_json(item), ensure_ascii=False).encode()
            assert from_json(json.loads(line)) == item
            assert all(0 <= s.start < s.end <= len(b.text) for b in item.body for s in b.spans)
        else:
            assert str(item)


@examples(150)
@given(st.binary(max_size=400), st.sampled_from([None, *SOURCE_TYPES]))
def test_any_bytes_in_any_format_are_read_or_refused(raw: bytes, known: str | None) -> None:
    check(raw, format=known)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)


def replaced(value: Any, path: list[int], new: Any) -> Any:
    """A JSON value with the part that a path leads to exchanged."""
    if not path or not isinstance(value, dict | list) or not value:
        return new
    at = path[0] % len(value)
    if isinstance(value, list):
        return [*value[:at], replaced(value[at], path[1:], new), *value[at + 1 :]]
    name = list(value)[at]
    return {**value, name: replaced(value[name], path[1:], new)}


@examples(200)
@given(
    st.sampled_from([MESSAGE, RICH, EXPORT]),
    st.lists(st.integers(0, 20), min_size=1, max_size=10),
    JSON,
)
def test_records_with_anything_in_any_field_are_read(
    value: dict[str, Any], path: list[int], new: Any
) -> None:
    known = "desktop_json" if value is EXPORT else "telethon"
    check(json.dumps(replaced(value, path, new)).encode(), format=known)


@examples(200)
@given(st.sampled_from(sorted(FILES)), st.data())
def test_cut_and_mixed_files_are_read_or_refused(known: str, data: st.DataObject) -> None:
    raw = FILES[known].encode()
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, len(raw)))
    middle = data.draw(st.binary(max_size=6) | st.sampled_from([raw[start:end] * 2, b"\x00", b"<"]))
    check(raw[:start] + middle + raw[end:], format=data.draw(st.sampled_from([None, known])))


def test_mutations_of_the_corpus_are_read_or_refused(
    shared_files: Callable[[str], list[Path]],
) -> None:
    chance = random.Random(7)  # noqa: S311 (the same mutations every time)
    files = [
        path
        for folder in ("desktop_html", "desktop_json", "telethon", "tme_html")
        for path in shared_files(f"corpus/{folder}/**/*")
        if path.stat().st_size < 30_000
    ]
    assert len(files) > 4
    for path in files:
        raw = bytearray(path.read_bytes())
        for _ in range(12):
            at = chance.randrange(len(raw))
            raw[at : at + chance.randrange(4)] = chance.randbytes(chance.randrange(3))
        check(bytes(raw))
        check(bytes(raw[: chance.randrange(len(raw))]))
