"""Records as JSON objects and back."""

import copy
import pickle
import types
from typing import Literal

import pytest
from msgspec import Struct

from storage.document import Block, Document, Source, Span
from storage.errors import DocumentError
from storage.structs import RecordWriter, decoder, replace


@pytest.mark.parametrize("wrong", [{}, {"type": "text", "nombre": 1}])
def test_fields_that_lack_or_that_none_knows_are_refused(wrong):
    with pytest.raises(TypeError):
        Source(**wrong)


def test_fields_are_given_by_name_alone():
    with pytest.raises(TypeError):
        Source("text")


def test_what_is_made_is_frozen():
    record = Span(kind="bold", start=0, end=1)

    with pytest.raises(AttributeError):
        record.start = 1
    with pytest.raises(AttributeError):
        del record.start


def test_copies_and_replacements_are_records_too():
    block = Block(type="para", text="First line", gap=1)
    document = Document(
        kind="post", doc_id="tg:1/2", source=Source(type="text"), body=(block,), content_hash="0"
    )

    for made in (
        copy.copy(document),
        copy.deepcopy(document),
        pickle.loads(pickle.dumps(document)),  # noqa: S301
    ):
        assert type(made) is Document
        assert made == document
    changed = replace(document, title="Another")
    assert (changed.title, changed.body) == ("Another", (block,))


class Part(Struct, frozen=True, kw_only=True):
    kind: Literal["a", "b"]
    share: float = 0.0


class Whole(Struct, frozen=True, kw_only=True):
    name: str
    number: int | None = None
    parts: tuple[Part, ...] = ()
    pair: tuple[int, str] | None = None
    flag: bool = False
    listed: tuple[str, ...] = ()


WRITER = RecordWriter(
    always={Part: frozenset({"share"})},
    also={Whole: lambda whole: ("number", "name") if whole.flag else ()},
)


@pytest.mark.parametrize(
    ("record", "written"),
    [
        (Whole(name=""), {"name": ""}),
        (Whole(name="a", number=0), {"name": "a", "number": 0}),
        (Whole(name="a", flag=True), {"name": "a", "flag": True, "number": None}),
        (Whole(name="a", number=1, flag=True), {"name": "a", "flag": True, "number": 1}),
        (Whole(name="a", listed=("b",)), {"name": "a", "listed": ["b"]}),
        (Whole(name="a", pair=(1, "b")), {"name": "a", "pair": [1, "b"]}),
        (
            Whole(name="a", parts=(Part(kind="a"), Part(kind="b", share=0.5))),
            {"name": "a", "parts": [{"kind": "a", "share": 0.0}, {"kind": "b", "share": 0.5}]},
        ),
    ],
)
def test_what_is_at_its_default_is_not_written_but_where_told_so(record, written):
    assert WRITER.write(record) == WRITER.write(record) == written
    assert decoder(Whole)(written) == record


@pytest.mark.parametrize(
    ("value", "what", "where"),
    [
        ([], "an object is expected here", ""),
        ("name", "an object is expected here", ""),
        ({}, "is missing", "name"),
        ({"name": "a", "nombre": 1}, "is no field of the schema", "nombre"),
        ({"name": 1}, "int stands where str is expected", "name"),
        ({"name": None}, "NoneType stands where str is expected", "name"),
        ({"name": "a", "number": True}, "bool stands where int is expected", "number"),
        ({"name": "a", "number": 1.0}, "float stands where int is expected", "number"),
        ({"name": "a", "flag": 1}, "int stands where bool is expected", "flag"),
        ({"name": "a", "flag": None}, "NoneType stands where bool is expected", "flag"),
        ({"name": "a", "parts": {}}, "a list is expected here", "parts"),
        ({"name": "a", "parts": [{}]}, "is missing", "parts.0.kind"),
        ({"name": "a", "parts": [{"kind": "a"}, {"kind": "c"}]}, "'c' is none of a, b",
         "parts.1.kind"),
        ({"name": "a", "parts": [{"kind": 1}]}, "1 is none of a, b", "parts.0.kind"),
        ({"name": "a", "parts": [{"kind": []}]}, "[] is none of a, b", "parts.0.kind"),
        ({"name": "a", "parts": [{"kind": "a", "share": "1"}]},
         "str stands where float is expected", "parts.0.share"),
        ({"name": "a", "pair": [1]}, "a list of 2 is expected here", "pair"),
        ({"name": "a", "pair": "1b"}, "a list of 2 is expected here", "pair"),
        ({"name": "a", "pair": [1, 2]}, "int stands where str is expected", "pair.1"),
    ],
)  # fmt: skip
def test_what_is_no_such_record_is_refused_with_the_way_to_it(value, what, where):
    with pytest.raises(DocumentError) as refused:
        decoder(Whole)(value)
    assert (refused.value.what, refused.value.where) == (what, where)


def test_numbers_of_either_kind_are_shares_and_any_mapping_is_an_object():
    for share in (1, 0.5):
        made = decoder(Part)(types.MappingProxyType({"kind": "a", "share": share}))
        assert made == Part(kind="a", share=share)
