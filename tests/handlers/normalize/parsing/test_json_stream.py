"""JSON value by value from a stream: any cut of the text gives the same values."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.normalize.parsing.json_stream import (
    LARGEST_VALUE,
    BrokenError,
    Scanner,
    TruncatedError,
    iterate_values,
)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@pytest.mark.slow
@given(st.lists(VALUES), st.lists(st.integers(1, 30)), st.sampled_from([None, 2]))
def test_values_are_the_same_however_the_text_is_cut(
    values: list[Any], cuts: list[int], indent: int | None
) -> None:
    text = "\n".join(json.dumps(value, indent=indent) for value in values)
    if values and isinstance(values[0], list):
        text = "null\n" + text
        values = [None, *values]
    pieces, at = [], 0
    for cut in cuts:
        pieces.append(text[at : at + cut])
        at += cut
    assert list(iterate_values(Scanner([*pieces, text[at:]]))) == values


def test_an_object_is_walked_member_by_member() -> None:
    scanner = Scanner(['{"a": 1, "b": [tr', 'ue, "x"], "c": {}}'])
    scanner.enter("{")
    assert (scanner.key(), scanner.value()) == ("a", 1)
    assert scanner.key() == "b"
    scanner.enter("[")
    assert [scanner.value(), scanner.value()] == [True, "x"]
    assert scanner.leave("]")
    assert (scanner.key(), scanner.value()) == ("c", {})
    assert scanner.leave("}")
    assert scanner.peek() == ""


def test_control_characters_and_desktops_own_escape_are_forgiven() -> None:
    scanner = Scanner(['["a\nb", "\\x1F and \\\\x1F", "c\x00"]'])
    scanner.enter("[")
    assert [scanner.value() for _ in range(3)] == ["a\nb", "\x1f and \\x1F", "c\x00"]


@pytest.mark.parametrize(
    ("text", "line"),
    [('\n\n{"a" 1, "b": 222222222222222}', 3), ("[1,\n2,\n?????????????????????]", 3)],
)
def test_what_is_no_json_is_placed(text: str, line: int) -> None:
    scanner = Scanner([text])
    with pytest.raises(BrokenError) as caught:
        list(iterate_values(scanner))
    assert caught.value.line == line


@pytest.mark.parametrize("text", ['{"a": "b', "[1, 2", '{"a"', "[[", '"\\u12'])
def test_a_stream_that_ends_in_a_value_is_truncated(text: str) -> None:
    scanner = Scanner([text])
    with pytest.raises(TruncatedError):
        scanner.value()


def test_a_broken_value_can_be_passed_over() -> None:
    scanner = Scanner(['{"id": 1, oops oops oops oops}, {"id"', ": 2}"])
    with pytest.raises(BrokenError):
        scanner.value()
    assert scanner.skip_to(re.compile(r'\{"id"'))
    assert scanner.value() == {"id": 2}
    assert not scanner.skip_to(re.compile("z"))


@pytest.mark.parametrize("pieces", [["ab, cd"], ["ab,", " cd"], ["a", "b", ", ", "cd", ""]])
@pytest.mark.parametrize("is_looked_ahead", [True, False])
def test_what_is_passed_over_to_the_end_is_kept_once(
    pieces: list[str], is_looked_ahead: bool
) -> None:
    scanner = Scanner(pieces)
    scanner.peek()
    if is_looked_ahead:
        scanner._more(99)
    assert not scanner.skip_to(re.compile("z"))
    assert (scanner.skipped, scanner.peek()) == ("ab, cd", "")


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "9" * 5000 + " " * 50])
def test_hostile_values_are_broken_and_no_crash(text: str) -> None:
    with pytest.raises(BrokenError):
        Scanner([text]).value()


def test_a_value_of_megabytes_comes_whole() -> None:
    text = json.dumps(["x" * 3_000_000])
    pieces = [text[at : at + 10_000] for at in range(0, len(text), 10_000)]
    assert Scanner(pieces).value() == ["x" * 3_000_000]


@pytest.mark.parametrize("size", [1, 3, 50])
def test_a_value_is_stepped_over_without_being_held(size: int) -> None:
    text = '{"a": [{"b": "]}\\""}, [1, -2.5e3], null, {}], "c": 7}'
    walk = Scanner(text[at : at + size] for at in range(0, len(text), size))
    walk.enter("{")
    assert walk.key() == "a"
    walk.skip()
    assert (walk.key(), walk.value(), walk.leave("}")) == ("c", 7, True)


@pytest.mark.parametrize("text", ['[1, {"a": 2}', '["x', "[1, ~]"])
def test_what_ends_or_is_none_is_not_stepped_over(text: str) -> None:
    with pytest.raises(BrokenError):
        Scanner([text]).skip()


def test_a_value_that_is_too_large_is_broken_and_passed_over() -> None:
    large = '["' + "x" * (2 * LARGEST_VALUE) + '"]'
    text = large + '\n{"a": 1}'
    walk = Scanner(text[at : at + (1 << 20)] for at in range(0, len(text), 1 << 20))
    with pytest.raises(BrokenError, match="more than 4 MB"):
        walk.value()
    assert walk.skip_to(re.compile(r"\n(?={)"))
    assert walk.value() == {"a": 1}
