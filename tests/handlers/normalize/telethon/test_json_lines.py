"""Telethon messages in files: JSON Lines, wrapped or bare, and the flat records of dumps."""

import json
from typing import Any

import pytest

from handlers.normalize.parsing.json_stream import Scanner
from handlers.normalize.post.problems import Problem
from handlers.normalize.post.reading import Reading
from handlers.normalize.telethon import json_lines
from storage.document import Channel, Document

PEER = {"_": "PeerChannel", "channel_id": 1500000001}
POST = {"_": "Message", "peer_id": PEER, "date": "2024-03-01T10:00:05+00:00"}


def read(text: str, channel: Channel | None = None) -> tuple[list[Document], list[Problem]]:
    items = list(json_lines.read(Scanner([text]), Reading(file="a.jsonl", channel=channel)))
    documents = [item for item in items if isinstance(item, Document)]
    return documents, [item for item in items if isinstance(item, Problem)]


def lines(*values: Any) -> str:
    return "\n".join(json.dumps(value, ensure_ascii=False) for value in values) + "\n"


def test_bare_messages_a_line_each() -> None:
    documents, problems = read(lines({**POST, "id": 1, "message": "a"}, {**POST, "id": 2}))
    assert [document.doc_id for document in documents] == ["tg:1500000001/1", "tg:1500000001/2"]
    assert documents[0].source.file == "a.jsonl"
    assert not problems


def test_a_line_may_say_its_channel_and_its_peers() -> None:
    forward = {"from_id": {"_": "PeerChannel", "channel_id": 16}}
    line = {
        "channel": {"id": 1500000001, "username": "harbour", "title": "Harbour"},
        "peers": [{"id": 16, "username": "mast", "title": "Mast"}],
        "message": {**POST, "id": 3, "message": "x", "fwd_from": forward},
    }
    (document,), _ = read(lines(line))
    assert document.url == "https://t.me/harbour/3"
    assert document.forwarded_from is not None
    assert (document.forwarded_from.name, document.forwarded_from.username) == ("Mast", "mast")


def test_an_albums_parts_in_a_row_are_one_document() -> None:
    album = {**POST, "grouped_id": 9}
    documents, _ = read(
        lines(
            {**POST, "id": 1, "message": "alone"},
            {**album, "id": 2, "message": "caption"},
            {**album, "id": 3, "message": ""},
            {**POST, "id": 4, "message": "alone too"},
        )
    )
    assert [document.message_id for document in documents] == [1, 2, 4]
    assert documents[1].album_ids == (2, 3)


@pytest.mark.parametrize("indent", [None, 1])
def test_a_list_of_messages_reads_as_lines_do(indent: int | None) -> None:
    text = json.dumps([{**POST, "id": 1}, {**POST, "id": 2}], indent=indent)
    documents, problems = read(text)
    assert len(documents) == 2
    assert not problems


def test_a_broken_line_is_named_and_the_rest_is_read() -> None:
    good = [json.dumps({**POST, "id": number}) for number in (1, 2, 3)]
    documents, problems = read("\n".join([good[0], '{"_": "Message", "id', good[1], "{]", good[2]]))
    assert [document.message_id for document in documents] == [1, 2, 3]
    assert [problem.place for problem in problems] == ["line 2", "line 4"]
    assert str(problems[0]).startswith("a.jsonl, line 2: ")


def test_a_file_that_stops_in_a_message_gives_those_before_it() -> None:
    documents, problems = read(lines({**POST, "id": 1}) + '{"_": "Message", "id": 2, "mess')
    assert [document.message_id for document in documents] == [1]
    assert [problem.place for problem in problems] == ["line 2"]


@pytest.mark.parametrize("value", [{}, {"a": 1}, [], 5, "text", None])
def test_what_is_no_message_is_a_problem(value: Any) -> None:
    documents, problems = read(lines({"x": value}))
    assert not documents
    assert len(problems) == 1


def test_one_that_was_deleted_is_passed_by() -> None:
    empty = {"_": "MessageEmpty", "id": 7, "peer_id": {"channel_id": 1500000001}}
    for value in (empty, {"channel": {"id": 5}, "message": empty}):
        documents, problems = read(lines(value, {**POST, "id": 8}))
        assert [document.message_id for document in documents] == [8]
        assert not problems


def test_a_flat_record_holds_markdown_and_a_marked_id() -> None:
    record = {
        "message_id": 8,
        "sender_id": -1001500000001,
        "text": "**Storm** warning\nsee [the map](https://a.b/map), don't use 2**3",
        "date": "2024-03-01T10:00:05+00:00",
        "channel": "Harbour",
    }
    (document,), _ = read(lines(record))
    assert document.doc_id == "tg:1500000001/8"
    assert document.title == "Storm warning"
    assert document.body[0].text == "see the map, don't use 2**3"
    assert [(link.text, link.url) for link in document.links] == [("the map", "https://a.b/map")]
    assert document.url is None


@pytest.mark.parametrize(
    ("origin", "channel_id", "user_id", "kind"),
    [
        (1600000002, 1600000002, None, None),
        (77, None, 77, "user"),
        (999_999_999, None, 999_999_999, "user"),
        (1_000_000_000, 1_000_000_000, None, None),
    ],
)
def test_a_dataset_record_names_its_origin_by_number(
    origin: int, channel_id: int | None, user_id: int | None, kind: str | None
) -> None:
    record = {
        "channel_id": 1500000001,
        "channel": "harbour",
        "title": None,
        "id": 5,
        "message": "Fog",
        "date": 1709287205.0,
        "is_forwarded": True,
        "forwarded_from_id": origin,
        "forwarded_message_date": 1709200805.0,
    }
    (document,), _ = read(lines(record))
    assert document.published_at == "2024-03-01T10:00:05Z"
    assert document.url == "https://t.me/harbour/5"
    forward = document.forwarded_from
    assert forward is not None
    assert (forward.channel_id, forward.user_id, forward.kind) == (channel_id, user_id, kind)
    assert forward.date == "2024-02-29T10:00:05Z"


SAID = {"date": "2024-03-01T10:00:05+00:00", "author": "Eve Mast", "views": 12}
MESSAGE = {"message_id": 8, "sender_id": -1001500000001, "text": "Fog", "channel": "Harbour"}
DATASET = {
    "channel_id": 1500000001,
    "channel": "harbour",
    "title": "Harbour",
    "id": 8,
    "message": "Fog",
}
NUMBERED = {"doc_id": "tg:1500000001/8", "message_id": 8, "title": "Fog"}


@pytest.mark.parametrize(
    ("record", "fields"),
    [
        (
            {**MESSAGE, **SAID},
            {
                **NUMBERED,
                "channel": Channel(id=1500000001, title="Harbour"),
                "url": None,
                "published_at": "2024-03-01T10:00:05Z",
                "published_precision": "second",
                "published_basis": "api",
                "flags": (),
                "author_signature": "Eve Mast",
                "views": 12,
                "forwarded_from": None,
            },
        ),
        (
            {**DATASET, **SAID, "is_forwarded": False, "forwarded_from_id": 5},
            {
                **NUMBERED,
                "channel": Channel(id=1500000001, username="harbour", title="Harbour"),
                "url": "https://t.me/harbour/8",
                "author_signature": "Eve Mast",
                "views": 12,
                "forwarded_from": None,
            },
        ),
        ({**MESSAGE, "sender_id": 1500000001}, NUMBERED),
        (
            MESSAGE,
            {
                "published_at": None,
                "published_precision": "none",
                "published_basis": "none",
                "flags": (),
                "author_signature": None,
                "views": None,
            },
        ),
        (
            {**MESSAGE, "date": "2024-03-01 10:00:05"},
            {"published_at": "2024-03-01T10:00:05", "flags": ("zone_unknown",)},
        ),
        ({**DATASET, "is_forwarded": "yes", "forwarded_from_id": 5}, {"forwarded_from": None}),
    ],
)
def test_all_that_a_flat_record_says_is_kept(
    record: dict[str, Any], fields: dict[str, Any]
) -> None:
    (document,), problems = read(lines(record))
    assert not problems
    assert {name: getattr(document, name) for name in fields} == fields
    assert document.source.type == "telethon"
    assert document.source.file == "a.jsonl"


@pytest.mark.parametrize("record", [{**DATASET, "id": None}, {**MESSAGE, "sender_id": None}])
def test_a_flat_record_that_names_no_post_is_a_problem(record: dict[str, Any]) -> None:
    documents, problems = read(lines(record))
    assert (documents, len(problems)) == ([], 1)


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ({"id": -1001500000001}, Channel(id=1500000001)),
        ({"id": 1500000001, "username": "@harbour"}, Channel(id=1500000001, username="harbour")),
        ({"username": "@"}, Channel(id=1500000001)),
        ({"title": "Harbour"}, Channel(id=1500000001, title="Harbour")),
        ("harbour", Channel(id=1500000001)),
        (None, Channel(id=1500000001)),
    ],
)
def test_what_a_line_says_of_its_channel(channel: Any, expected: Channel) -> None:
    (document,), _ = read(lines({"channel": channel, "message": {**POST, "id": 3}}))
    assert document.channel == expected


@pytest.mark.parametrize("number", [1500000001, -1001500000001])
def test_a_line_says_whose_a_message_is_that_does_not(number: int) -> None:
    message = {"_": "Message", "id": 3, "date": POST["date"], "message": "x"}
    (document,), problems = read(lines({"channel": {"id": number}, "message": message}))
    assert (document.doc_id, document.channel) == ("tg:1500000001/3", Channel(id=1500000001))
    assert not problems


@pytest.mark.parametrize(
    ("peer", "origin", "name"),
    [
        ({"id": 16, "title": "Mast"}, {"_": "PeerChannel", "channel_id": 16}, "Mast"),
        ({"id": -1000000000016, "title": "Mast"}, {"_": "PeerChannel", "channel_id": 16}, "Mast"),
        ({"_": "User", "id": 16, "title": "Eve"}, {"_": "PeerUser", "user_id": 16}, "Eve"),
        ({"id": 16, "title": "Mast"}, {"_": "PeerUser", "user_id": 16}, None),
        ({"_": "User", "id": 16, "title": "Eve"}, {"_": "PeerChannel", "channel_id": 16}, None),
        ({"title": "Mast"}, {"_": "PeerChannel", "channel_id": 16}, None),
        ("Mast", {"_": "PeerChannel", "channel_id": 16}, None),
    ],
)
def test_a_forward_is_named_by_the_peer_that_it_is_from(
    peer: Any, origin: dict[str, Any], name: str | None
) -> None:
    message = {**POST, "id": 3, "message": "x", "fwd_from": {"from_id": origin}}
    (document,), _ = read(lines({"peers": [peer], "message": message}))
    assert document.forwarded_from is not None
    assert document.forwarded_from.name == name


@pytest.mark.parametrize("depth", range(7))
def test_a_message_is_found_a_few_levels_down(depth: int) -> None:
    value: Any = {**POST, "id": 3}
    for level in range(depth):
        value = {"inner": value} if level % 2 else [value]
    documents, problems = read(lines({"outer": value}))
    assert (len(documents), len(problems)) == ((1, 0) if depth < 4 else (0, 1))


@pytest.mark.parametrize("change", [{"id": 4}, {"peer_id": {"_": "PeerChannel", "channel_id": 2}}])
def test_parts_of_an_album_are_of_one_channel(change: dict[str, Any]) -> None:
    part = {**POST, "grouped_id": 9, "id": 3}
    documents, _ = read(lines(part, {**part, "id": 4, **change}))
    assert [one.album_ids for one in documents] == ([(3, 4)] if "id" in change else [(), ()])


def test_the_person_may_name_the_channel() -> None:
    (document,), _ = read(lines({**POST, "id": 1}), Channel(username="harbour"))
    assert document.doc_id == "tg:1500000001/1"
    assert document.url == "https://t.me/harbour/1"


def test_corpus_cases_are_all_read(shared: Any) -> None:
    text = (shared / "corpus/telethon/messages_cases.json").read_text(encoding="utf-8")
    cases = json.loads(text)
    rows = [
        {"channel": cases["channel"], "message": message, "peers": [cases["forward_channel"]]}
        for case in cases["cases"]
        for message in case["messages"]
    ]
    documents, problems = read(lines(*rows))
    assert not problems
    assert len(documents) == len(cases["cases"]) > 0
