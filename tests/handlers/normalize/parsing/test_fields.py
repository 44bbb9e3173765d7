"""Fields of foreign records, which may hold anything."""

from dataclasses import dataclass

import pytest

from handlers.normalize.parsing import fields
from handlers.normalize.parsing.fields import Record

LARGEST = 2**63 - 1


@dataclass
class Thing:
    """As Telethon's objects are."""

    value: object = None


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        (0, 0),
        (-5, -5),
        (LARGEST, LARGEST),
        (-LARGEST, -LARGEST),
        (LARGEST + 1, None),
        (-LARGEST - 1, None),
        (True, None),
        (False, None),
        (1.0, None),
        ("1", None),
        (None, None),
    ],
)
def test_a_whole_number_is_one_that_a_database_can_hold(value: object, whole: int | None) -> None:
    assert fields.as_whole(value) == whole
    assert fields.whole(Thing(value), "value") == whole
    assert fields.whole(Record({"value": value}), "value") == whole
    assert fields.whole_of({"value": value}, "value") == whole
    assert fields.whole(Thing(value), "other") is fields.whole_of({}, "value") is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("text", "text"),
        (" ", " "),
        ("", None),
        (b"text", None),
        (5, None),
        (None, None),
        ("a\x00b", "a\ufffdb"),
        ("a\ud800\udfffb\x00", "a\ufffd\ufffdb\ufffd"),
        ("\U0001f525\ufffd\ud7ff\ue000", "\U0001f525\ufffd\ud7ff\ue000"),
    ],
)
def test_words_are_text_that_any_file_can_keep(value: object, words: str | None) -> None:
    assert fields.words(Thing(value), "value") == words
    assert fields.words(Record({"value": value}), "value") == words
    assert fields.words_of({"value": value}, "value") == words
    assert fields.words(Thing(value), "other") is fields.words_of({}, "value") is None


@pytest.mark.parametrize(
    ("value", "listed"), [([1, 2], [1, 2]), ((1,), [1]), ({1}, []), ("ab", []), (None, [])]
)
def test_lists_hold_their_members(value: object, listed: list[object]) -> None:
    assert list(fields.listed(Thing(value), "value")) == listed


def test_a_record_is_read_as_an_object_is() -> None:
    record = Record({"_": "Photo", "inner": {"a": 1}, "several": [{"b": 2}, [{"c": 3}], 4]})
    assert fields.kind(record) == "Photo"
    assert fields.kind(Record({"_": 5})) == "Record"
    assert fields.kind(Thing()) == "Thing"
    assert record.missing is None
    members = fields.members(record)
    assert list(members) == ["_", "inner", "several"]
    assert fields.members(members["inner"]) == {"a": 1}
    first, (second,), third = members["several"]  # type: ignore[misc]
    assert (first.b, second.c, third) == (2, 3, 4)
    assert fields.members(Thing(5)) == {"value": 5}
    assert fields.members(5) == {}
