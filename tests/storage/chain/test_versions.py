"""The canonical form: written down here byte for byte, so that no change of ours moves it."""

import json
import typing
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec import StructMeta
from msgspec.structs import fields

from storage.chain import versions
from storage.document import COUNTERS, Document, Media, to_json, to_uncounted_text
from storage.document_json import dump, with_counters
from storage.structs import replace

MakeDocument = Callable[..., Document]

FORM = (
    '{"body":[{"gap":1,"text":"Второй \\"абзац\\" \\\\ \\u0001 \u2028 🚢","type":"para"}],'
    '"channel":{"id":77,"title":"Harbour News","username":"harbour"},'
    '"content_hash":"90d56d5b9e1d7cd9","doc_id":"tg:77/1","elisions":0,"flags":[],"kind":"post",'
    '"media":[{"duration":1.5,"state":"present","type":"video"}],"message_id":1,'
    '"published_at":"2024-05-01T11:59:00Z","published_basis":"api",'
    '"published_precision":"second","schema":"dateline/1","source":{"type":"telethon"},'
    '"title":"Порт"}'
)


def test_the_form_is_this_to_the_byte(make_document: MakeDocument) -> None:
    text = 'Порт\nВторой "абзац" \\ \x01 \u2028 🚢'
    document = make_document(text, media=(Media(type="video", duration=1.5),), views=7)
    document = replace(document, content_hash="90d56d5b9e1d7cd9")
    assert versions.canonical(document).decode() == FORM


def test_what_counts_by_itself_is_left_out(make_document: MakeDocument) -> None:
    plain = make_document()
    counted = replace(plain, views=9, forwards=2, reactions=1)
    assert versions.canonical(counted) == versions.canonical(plain)


@given(text=st.text(max_size=30))
def test_a_row_has_the_form_of_its_document(make_document: MakeDocument, text: str) -> None:
    document = make_document(f"Head\n{text}")
    form = versions.canonical(document)
    assert versions.canonical_of(dump(document)) == form
    backwards = json.loads(form)
    assert versions.canonical_of(json.dumps(dict(reversed(backwards.items())))) == form


def anything_of(annotation: Any) -> st.SearchStrategy[Any]:
    """Whatever a field of this annotation may hold, with characters that no text can hold too."""
    if annotation is str:
        return st.text(st.characters(exclude_categories=()), max_size=5)
    if annotation is float:
        return st.floats(allow_nan=False) | st.integers()
    if isinstance(annotation, StructMeta):
        return records(annotation)
    parts = typing.get_args(annotation)
    if typing.get_origin(annotation) is tuple and parts[1:] == (...,):
        return st.lists(anything_of(parts[0]), max_size=3).map(tuple)
    if typing.get_origin(annotation) is tuple:
        return st.tuples(*map(anything_of, parts))
    if type(None) in parts:
        (inner,) = (part for part in parts if part is not type(None))
        return st.none() | anything_of(inner)
    return st.from_type(annotation)


def records(cls: Any) -> st.SearchStrategy[Any]:
    """Records with any of their fields given, and those that must be."""
    specs = fields(cls)
    must = {spec.name: anything_of(spec.type) for spec in specs if spec.required}
    may = {spec.name: anything_of(spec.type) for spec in specs if not spec.required}
    return st.fixed_dictionaries(must, optional=may).map(lambda fields: cls(**fields))


@given(records(Document))
def test_what_is_written_at_once_is_what_json_makes_of_the_sorted_object(document: Any) -> None:
    told = to_json(document)
    kept = {name: told[name] for name in told if name not in COUNTERS}
    uncounted = to_uncounted_text(document)
    assert uncounted == json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert json.loads(with_counters(uncounted, document)) == json.loads(json.dumps(told))
    assert versions.canonical_of(with_counters(uncounted, document)) == versions.canonical(document)
