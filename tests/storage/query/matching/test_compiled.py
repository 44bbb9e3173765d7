"""Compiled queries as bytes and back; that they fire as parsed ones is held in test_matcher.py."""

import pytest

from storage.query.matching import compiled
from storage.query.matching.compiled import NOTHING, Compiled, CompiledQueries
from storage.query.matching.matcher import Matcher
from storage.query.reading.syntax import parse

LISTS = "(grain OR ship OR port) (crane OR truck OR ferry) (sea OR bay OR river)"


def compile_all(*texts: str) -> dict[str, Compiled | None]:
    matcher = Matcher()
    for alert_id, text in enumerate(texts):
        matcher.add(alert_id, parse(text))
    return {text: matcher.compiled(alert_id) for alert_id, text in enumerate(texts)}


@pytest.mark.parametrize(
    ("text", "is_compiled"),
    [
        ("grain", True),
        ("grain ship port crane -truck", True),
        ("(grain OR ship) port", True),
        (LISTS, True),
        (f"{LISTS} -rain", True),
        (f"{LISTS} ((boat car) OR (bus lorry) OR van)", True),
        ('"grain ship" title:port', True),
        ("grain NEAR/2 port", False),
        ("grain before:2024-01-01", False),
        ("port -link:example.org/press", False),
    ],
)
def test_what_keys_decide_comes_back_as_it_was(text: str, is_compiled: bool) -> None:
    (found,) = compile_all(text).values()
    assert (found is not None) is is_compiled
    if found is not None:
        read = CompiledQueries([compiled.write(7, [(text, found)])]).find(7, text)
        again = Matcher()
        assert read is not None
        again.add_compiled(1, read)
        assert as_sets(again.compiled(1)) == as_sets(found)


def as_sets(found: Compiled | None) -> object:
    match found:
        case compiled.CompiledRule(name, paths, refused):
            return name, [*map(set, paths)], set(refused)
        case compiled.CompiledWide(name, groups, refused, checks):
            return name, [*map(set, groups)], set(refused), [*map(list, checks)]
    return found


def test_parts_are_read_in_the_order_of_the_ids() -> None:
    known = compile_all("grain", "ship", "port")
    parts = [
        compiled.write(3, [("grain", known["grain"] or "")]),
        compiled.write(9, [("ship", known["ship"] or ""), ("port", known["port"] or "")]),
    ]
    reader = CompiledQueries(parts)
    assert reader.find(1, "ship") is None
    assert reader.find(3, "grain") == ["grain"]
    assert reader.find(4, "grain") is None
    assert reader.find(4, "ship") == ["ship"]
    assert reader.find(9, "port") == ["port"]
    assert NOTHING.find(1, "grain") is None


@pytest.mark.parametrize("part", [b"", b"\xc1", b"\x95\x01", compiled.write(1, [])[:-1], b"\x90"])
def test_what_is_no_part_holds_nothing(part: bytes) -> None:
    reader = CompiledQueries([part, compiled.write(2, [("grain", ["grain"])])])
    assert reader.find(1, "grain") is None
    assert reader.find(2, "grain") is None


def test_a_key_that_is_not_there_is_no_query() -> None:
    part = compiled.write(2, [("grain", ["grain"])])
    cut = part.replace(compiled.write(2, [("grain", [])])[-9:], b"")
    assert CompiledQueries([cut]).find(1, "oats") is None
