"""What is told of plain queries without a tree is what their trees say."""

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from storage.query.matching import conditions, directly
from storage.query.reading import syntax

WORDS = st.sampled_from(
    ["grain", "Grain", "grains", "зерно", "Ёлка", "стали", "left", "saw", "US", "OR", "ИЛИ", "NEAR",
     "a", "ceasefire", "MPs", "Muenchen", "antiwaric", "сталь", "рок", "train", "Kiev"]
)  # fmt: skip
SIGNS = st.sampled_from(
    ["grain", "ж", "OR", " OR ", " ", "(", ")", '"', "*", "-", "=", "\u0301", "|", "\x00"]
)
ROWS = st.lists(WORDS, min_size=1, max_size=3).map(" ".join).map('"{}"'.format)
LEAVES = st.one_of(WORDS, WORDS.map("{}*".format), ROWS)
EITHER = st.lists(LEAVES, min_size=1, max_size=3).map(" OR ".join).map("({})".format)
TERMS = st.builds("{}{}".format, st.sampled_from(["", "", "-"]), LEAVES | EITHER)
TEXTS = st.one_of(
    st.lists(WORDS, min_size=1, max_size=5).map(" ".join),
    st.lists(TERMS, min_size=1, max_size=4).map(" ".join),
    st.lists(SIGNS, max_size=12).map("".join),
)


@pytest.mark.parametrize(
    "text",
    ["grain", "зерно экспорт порт кран", "стали", '"grain ship"', "gra* ship", "grain -ship",
     "(grain OR ship)", "grain -(ship OR port)", "(a OR b) (c OR d) (e OR f) (g OR h)"],
)  # fmt: skip
def test_plain_queries_are_told_directly(text: str) -> None:
    assert directly.read(text) is not None


@pytest.mark.parametrize(
    "text",
    ["", "-grain", "-grain -ship", "grain OR ship", "title:grain", '"a grain ship"', "=grain"],
)
def test_anything_else_is_left_to_the_tree(text: str) -> None:
    assert directly.read(text) is None


def test_what_is_too_long_is_left_to_the_parser() -> None:
    assert directly.read("grain " * 39 + "ship") is not None
    assert directly.read("grain " * 40 + "ship") is None
    assert directly.read("grain" * 100) is not None
    assert directly.read("grain" * 100 + "s") is None


def test_what_is_remembered_is_bounded_and_given_back() -> None:
    for number in range(300):
        directly.read(f"grain{'abcdefghij'[number % 10] * (number // 10 + 1)}")
        directly.read("x" * 100 + "y" * number)
    held = directly._READ
    assert 250 < len(held) <= directly._REMEMBERED
    assert max(map(len, held)) <= directly._LONGEST_REMEMBERED
    directly.forget()
    assert not held


def test_a_full_memory_is_emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directly, "_REMEMBERED", 3)
    directly.forget()
    for text in ("grain", "ship", "port", "crane", "grain ship crane -port"):
        told = directly.read(text)
        assert told is not None and told.text == text
        assert len(directly._READ) <= 3
    directly.forget()


@given(TEXTS)
@examples(300)
def test_what_is_told_is_what_the_tree_asks(text: str) -> None:
    told = directly.read(text)
    if told is None:
        return
    query = syntax.parse(text)
    assert query.root is not None
    asked = conditions.ask(query.root)
    assert told.text == query.text
    assert told.asked.is_enough and asked.is_enough
    assert told.asked._replace(choices=()) == asked._replace(choices=())
    assert sorted(map(repr, told.asked.choices)) == sorted(map(repr, asked.choices))
