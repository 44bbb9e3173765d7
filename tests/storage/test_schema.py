import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from storage import schema
from storage.document import (
    Artefact,
    Author,
    Block,
    Dateline,
    Document,
    Event,
    Forward,
    Furniture,
    Link,
    Media,
    Reply,
    Source,
    Span,
    from_json,
    to_json,
)
from storage.errors import DocumentError
from storage.structs import replace

COMMITTED = Path(schema.__file__).with_name("document.schema.json")


@pytest.fixture(scope="session")
def validator() -> Draft202012Validator:
    made = schema.document_schema()
    Draft202012Validator.check_schema(made)
    return Draft202012Validator(made)


@pytest.fixture
def full(make_document: Callable[..., Document]) -> Document:
    """A document with something in every field."""
    return replace(
        make_document("Head\nBody"),
        source=Source(type="text", file="a.txt", lines=(1, 9), retrieved_at="2024-05-01T00:00:00Z"),
        album_ids=(1, 2),
        grouped_id=-5,
        url="https://t.me/harbour/1",
        edited_at="2024-05-01T12:00:00Z",
        header_date="2024-05",
        dateline=Dateline(raw="PORT, May 1. /AGN/.", place="PORT", date="--05-01", agency="AGN"),
        event=Event(place="Port", date="2024-05-01", basis="pin_line"),
        forwarded_from=Forward(name="Mill", channel_id=5, message_id=6, kind="channel"),
        reply_to=Reply(message_id=3, quote="said"),
        author_signature="A. B.",
        author=Author(kind="user", id=5, name="Ann", username="ann"),
        views=1,
        forwards=2,
        reactions=3,
        deleted_at="2024-05-02T00:00:00Z",
        service_action="pin",
        deck="Deck",
        body=(
            Block(type="bullet", text="• x", marker="•", gap=0),
            Block(type="quote", text="💬 B: y", speaker="B", gap=2),
            Block(type="location", text="📍 Port", place="Port", date=None),
            Block(type="para", text="z", spans=(Span(kind="link", start=0, end=1, url="u"),)),
        ),
        hashtags=("#x",),
        links=(Link(text="z", url="u"), Link(text="w")),
        media=(Media(type="video", state="too_big", size=9, duration=1.5, name="v.mp4"),),
        reader=2,
        lang="en",
        lang_basis="channel",
        elisions=1,
        furniture=(Furniture(kind="nav", text="All news", at=0),),
        artefact=Artefact(copy="lossy", keep=((0, None), (1, 4)), hidden_fallback=True),
        flags=("body_repeated", "lossy_copy"),
    )


def test_the_committed_schema_is_made_from_the_records() -> None:
    told = "write it anew: python -m storage.schema > storage/document.schema.json"
    assert COMMITTED.read_text("utf-8") == schema.text(), told


def test_every_object_is_closed(validator: Draft202012Validator) -> None:
    def objects(value: Any) -> list[dict[str, Any]]:
        if isinstance(value, list):
            return [found for item in value for found in objects(item)]
        if not isinstance(value, dict):
            return []
        own = [value] if "properties" in value and "type" in value else []
        return own + [found for item in value.values() for found in objects(item)]

    found = objects(validator.schema)
    assert len(found) >= 12
    assert all(item["additionalProperties"] is False for item in found)


def test_a_full_document_conforms_and_comes_back(
    full: Document, validator: Draft202012Validator
) -> None:
    written = json.loads(json.dumps(to_json(full)))
    assert list(validator.iter_errors(written)) == []
    assert from_json(written) == full
    left_out = {spec for spec in Document.__struct_fields__ if spec not in written}
    assert left_out == set()


def test_a_bare_document_conforms(
    make_document: Callable[..., Document], validator: Draft202012Validator
) -> None:
    written = to_json(make_document())
    assert list(validator.iter_errors(written)) == []
    assert from_json(written) == make_document()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("published_at", "1 May 2024"),
        ("published_at", "2024-13"),
        ("published_at", "2024-05-01T25:00"),
        ("published_at", "04-30"),
        ("header_date", "--04-30"),
        ("content_hash", "xyz"),
        ("content_hash", "0123456789ABCDEF"),
        ("doc_id", "post-1"),
        ("doc_id", "txt:0123456789abcdef#0"),
        ("kind", "message"),
        ("flags", ["odd"]),
        ("views", "18.9M"),
        ("elisions", -1),
        ("body", [{"type": "para"}]),
        ("body", [{"type": "para", "text": "x", "gap": 3}]),
        ("body", [{"type": "para", "text": "x", "colour": "red"}]),
        ("artefact", {"copy": "lossy", "keep": [[0, 1, 2]]}),
        ("media", [{"state": "present"}]),
        ("colour", "red"),
    ],
)
def test_what_the_records_do_not_hold_is_refused(
    make_document: Callable[..., Document],
    validator: Draft202012Validator,
    field: str,
    value: object,
) -> None:
    written = {**to_json(make_document()), field: value}
    assert list(validator.iter_errors(written))


@pytest.mark.parametrize("date", ["2024", "2024-05", "2024-05-01", "--04-30", None])
def test_partial_dates_conform(
    make_document: Callable[..., Document], validator: Draft202012Validator, date: str | None
) -> None:
    written = to_json(make_document(published_at=date))
    assert list(validator.iter_errors({**written, "published_at": date})) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"schema": "dateline/2"}, "schema"),
        ({"kind": "x"}, "kind: 'x' is none of article, post, service"),
        ({"views": "9"}, "views: str stands where int is expected"),
        ({"views": True}, "views"),
        ({"colour": 1}, "colour: is no field"),
        ({"body": "x"}, "body: a list is expected here"),
        ({"body": [{"type": "para"}]}, "body.0.text: is missing"),
        ({"channel": []}, "channel: an object is expected here"),
    ],
)
def test_decoding_names_the_field_that_is_wrong(
    make_document: Callable[..., Document], change: dict[str, Any], told: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        from_json({**to_json(make_document()), **change})
    assert told in str(caught.value)


def test_gold_documents_conform_and_come_back(
    shared: Path, shared_files: Callable[[str], list[Path]], validator: Draft202012Validator
) -> None:
    theirs = Draft202012Validator(json.loads((shared / "document.schema.json").read_text("utf-8")))
    seen = 0
    for path in shared_files("corpus/gold/*.json"):
        content = json.loads(path.read_text("utf-8"))
        for item in content if isinstance(content, list) else content["documents"]:
            assert list(validator.iter_errors(item)) == []
            written = to_json(from_json(item))
            assert list(validator.iter_errors(written)) == []
            assert list(theirs.iter_errors(written)) == []
            assert from_json(written) == from_json(item)
            seen += 1
    assert seen >= 13


def test_what_a_stored_document_leaves_out_was_not_there() -> None:
    told = {
        "schema": "dateline/1",
        "kind": "post",
        "doc_id": "tg:77/1",
        "source": {"type": "text"},
        "artefact": {},
        "content_hash": "0" * 16,
    }
    assert from_json(told).artefact == Artefact(copy="none", keep=(), hidden_fallback=False)
