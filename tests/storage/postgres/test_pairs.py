"""Which words follow one another, as numbers."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.document import Document
from storage.postgres.pairs import list_pairs, pair, write_pairs
from storage.query.words import analysis

MakeDocument = Callable[..., Document]

words = st.text(min_size=1, max_size=12)


@given(words, words)
def test_a_pair_is_a_number_of_two_bytes(one: str, other: str) -> None:
    assert -(1 << 15) <= pair(one, other) < 1 << 15


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (("grain", "export"), ("grains", "exporting"), True),
        (("grain", "export"), ("grave", "export"), False),
        (("grain", "export"), ("export", "grain"), False),
        (("a", "b"), ("ab", "b"), False),
        (("a", "ba"), ("ab", "a"), False),
    ],
)
def test_the_first_letters_tell_and_their_order(
    one: tuple[str, str], other: tuple[str, str], is_same: bool
) -> None:
    assert (pair(*one) == pair(*other)) == is_same


@pytest.mark.parametrize(
    ("rows", "pairs"),
    [
        ([], []),
        ([("a",)], []),
        ([("a", "b")], [{("a", "b")}]),
        ([("a", "b"), ("c", "b"), ("a", "b")], [{("a", "b"), ("c", "b")}]),
        ([("a", "b", "c"), ("a", "d", "c")], [{("a", "b"), ("a", "d")}, {("b", "c"), ("d", "c")}]),
    ],
)
def test_each_two_places_of_rows_have_pairs(
    rows: list[tuple[str, ...]], pairs: list[set[tuple[str, str]]]
) -> None:
    assert list_pairs(rows) == [sorted({pair(*two) for two in some}) for some in pairs]


@pytest.mark.parametrize(
    "text",
    ["Ships\nship with ships and grain", "上海港口\n粮食出口 1.5%", "ёлка", "a a a", "Ø\n1 000"],
)
def test_a_document_has_the_pairs_of_all_that_stands_beside_another(
    make_document: MakeDocument, text: str
) -> None:
    analysed = analysis.analyse_document(make_document(text))
    written = {*write_pairs(analysed)}
    for column in analysed.columns:
        assert written.issuperset(pair(*two) for two in pairwise(column.terms))
    assert len(written) < sum(len(column.terms) for column in analysed.columns)
