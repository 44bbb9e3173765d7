from datetime import UTC

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from storage.query import tree
from storage.query.reading import plain, syntax

WORDS = st.sampled_from(
    ["grain", "Зерно", "Ёлка", "US", "who", "NATO", "or", "OR", "ИЛИ", "near", "NEAR", "И", "a"]
)
ROWS = st.lists(WORDS, min_size=1, max_size=3).map(" ".join).map('"{}"'.format)
LEAVES = st.one_of(WORDS, WORDS, WORDS.map("{}*".format), ROWS)
EITHER = st.lists(LEAVES, min_size=1, max_size=3).map(" OR ".join).map("({})".format)
TERMS = st.builds("{}{}".format, st.sampled_from(["", "", "-", "--"]), LEAVES | EITHER)
TEXTS = st.one_of(
    st.lists(WORDS, min_size=1, max_size=5).map(" ".join),
    st.lists(TERMS, min_size=1, max_size=5).map(" ".join),
    st.text(st.sampled_from("abЯё .-'1²OR*=#:\u0301Ａі\n"), max_size=12),
)


@pytest.mark.parametrize("text", ["grain", "Зерно экспорт", "a", "or", "Ёлка NATO", "a a A"])
def test_words_alone_are_plain(text: str) -> None:
    assert plain.read(text, most_words=3) is not None


@pytest.mark.parametrize(
    "text",
    ["gra* rain", '"a b" c', "rain -snow", "a (b OR c)", "a -(b OR c)", '("a b" OR gra* OR c) d'],
)
def test_rows_beginnings_and_alternatives_of_words_are_plain(text: str) -> None:
    assert plain.read(text, most_words=9) is not None


@pytest.mark.parametrize(
    "text",
    [
        *("", " a", "a ", "a  b", "a\nb", "a OR b", "a И b", "a NEAR b", "NEAR", "OR", "US"),
        *("-a", "a*", "=a", "#a", "(a)", "'a'", "a1", "15 000", "a.b", "a-b", "don't", "title:a"),
        *("-a -b", "ab*", "(a b)", "(a OR )", '"a', '"a "', '"US" b', "--a", "-(a OR b)", "a (OR)"),
        *("or* a", "(a OR OR)", "a (b OR c"),
        *("a b c d", "石油", "Ａ", "²"),
    ],
)
def test_anything_else_is_left_to_the_parser(text: str) -> None:
    assert plain.read(text, most_words=3) is None


@given(TEXTS)
@examples(300)
def test_plain_queries_are_read_as_the_parser_reads_them(text: str) -> None:
    found = plain.read(text, most_words=syntax.MOST_WORDS)
    if found is not None:
        parsed = syntax._parse(text, None, UTC)
        assert (found, found.written) == (parsed, parsed.written)


def test_rows_that_hold_the_word_that_joins_are_alternatives_whole() -> None:
    found = plain.read('("a OR b" OR c)', most_words=9)
    assert found is not None
    assert found.root == tree.Or((tree.Words(("a", "or", "b")), tree.Words(("c",))))
