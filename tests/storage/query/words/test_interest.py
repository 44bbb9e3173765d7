"""What saved queries ask for is found while it is asked for, and no longer."""

from collections.abc import Sequence
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.query.words import interest
from storage.query.words.analysis import NO_WORDS, Column
from storage.query.words.interest import Pairs, Titles, WordKeys

TERMS = st.sampled_from(["oil", "port", "сталь", "стать", "сталь|стать", "oil|port", "oil|стать"])
LEXEMES = st.sampled_from(["oil", "port", "сталь", "стать"])


def column(*words: tuple[str, str], beside: tuple[str, ...] = ()) -> Column:
    return Column((*(form for form, _ in words), *beside), tuple([term for _, term in words]))


class Asked:
    """Pairs that are asked for, and their words."""

    def __init__(self) -> None:
        self.pairs, self.words = Pairs(), WordKeys()

    def count(self, pair: tuple[str, str], change: int) -> None:
        self.pairs.count(pair, change)
        for lexeme in pair:
            self.words.count_lexeme(lexeme, change)

    def find(self, rows: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
        told = [column(*[(f"form of {term}", term) for term in row]) for row in rows]
        return sorted(self.pairs.of(rows, self.words.of(told), self.words.terms_of))


def test_pairs() -> None:
    asked = Asked()
    rows = [("oil", "port"), ("port", "oil", "сталь|стать", "port")]

    def found() -> list[tuple[str, str]]:
        return asked.find(rows)

    assert found() == []
    for pair in (("oil", "port"), ("oil", "port"), ("стать", "port"), ("oil", "сталь")):
        asked.count(pair, 1)
    asked.count(("oil", "grain"), 1)  # stands nowhere
    asked.count(("grain", "oil"), 1)
    assert found() == [("oil", "port"), ("oil", "сталь"), ("стать", "port")]
    asked.count(("oil", "port"), -1)
    assert found() == [("oil", "port"), ("oil", "сталь"), ("стать", "port")]
    asked.count(("oil", "port"), -1)
    asked.count(("oil", "сталь"), -1)
    assert found() == [("стать", "port")]
    asked.count(("стать", "port"), -1)
    assert found() == []


@given(
    st.lists(st.tuples(LEXEMES, LEXEMES), max_size=12),
    st.lists(st.tuples(st.lists(TERMS, max_size=20), st.booleans()), min_size=1, max_size=4),
)
def test_pairs_are_those_that_stand_in_a_row(
    wanted: list[tuple[str, str]], documents: list[tuple[list[str], bool]]
) -> None:
    asked = Asked()
    left = list(wanted)
    for pair in wanted:
        asked.count(pair, 1)
    for row, ends in documents:
        standing = {
            pair
            for first, second in pairwise(row)
            for pair in product(first.split("|"), second.split("|"))
        }
        assert set(asked.find([row, ()])) == standing & set(left)
        if ends and left:
            asked.count(left.pop(), -1)


STEEL = column(("стали", "сталь|стать"))


def test_lexemes() -> None:
    words = WordKeys()
    assert words.of([STEEL]) == set()
    for _ in range(2):
        words.count_lexeme("стать", 1)
    assert words.of([STEEL]) == {"стать"}
    assert words.of([STEEL, column(("стать", "стать"), ("сталь", "сталь"))]) == {"стать"}
    words.count_lexeme("сталь", 1)
    words.count_lexeme("стать", -1)
    assert words.of([STEEL]) == {"сталь", "стать"}
    words.count_lexeme("стать", -1)
    assert words.of([STEEL]) == {"сталь"}
    words.count_lexeme("сталь", -1)
    assert words.of([STEEL]) == set()


def test_forms_and_beginnings() -> None:
    words = WordKeys()

    def found(form: str) -> list[str]:
        return sorted(words.of([NO_WORDS, column((form, form), ("port", "port"))]))

    assert found("grain") == []
    words.count_form("grain", 1)
    assert found("grain") == ["=grain"]
    words.count_beginning("gra", 1)
    words.count_beginning("gra", 1)
    words.count_beginning("grains", 1)
    assert found("grain") == ["=grain", "gra*"]
    assert found("grains") == ["gra*", "grains*"]
    assert found("gr") == []
    words.count_form("grain", -1)
    words.count_beginning("gra", -1)
    assert found("grain") == ["gra*"]
    words.count_beginning("gra", -1)
    assert (found("grain"), found("grains")) == ([], ["grains*"])
    words.count_beginning("grains", -1)
    assert found("grains") == []


def test_words_in_capitals_have_both_forms() -> None:
    words = WordKeys()
    for form in ("us", "us\u00b7", "who\u00b7"):
        words.count_form(form, 1)
    assert words.of([column(("us\u00b7", "us"), ("who", "who"))]) == {"=us", "=us\u00b7"}
    assert words.of([column(("us", "us"), ("who\u00b7", "who"))]) == {"=us", "=who\u00b7"}


def test_what_stands_beside_words_is_there_as_it_stands() -> None:
    words = WordKeys()
    words.count_beginning("f1", 1)
    words.count_form("15000", 1)
    words.count_lexeme("jd", 1)
    told = column(("15", "15"), ("000", "000"), beside=("15000", "f16", "jd\u00b7"))
    assert words.of([told]) == {"15000", "=15000", "f16", "f1*", "jd\u00b7"}
    assert words.of([column(("jd\u00b7", "jd"))]) == {"jd"}


def test_more_forms_than_are_remembered_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interest, "_REMEMBERED", 3)
    words = WordKeys()
    for number in range(0, 10, 2):
        words.count_lexeme(f"x{number}", 1)
    every = [(f"x{number}", f"x{number}") for number in range(10)]
    for _ in range(2):
        assert words.of([column(*every)]) == {"x0", "x2", "x4", "x6", "x8"}
        for word in every:
            assert words.of([column(word)]) == ({word[0]} if word[0] in "x0x2x4x6x8" else set())


def test_titles() -> None:
    titles = Titles()
    oil = column(("oil", "oil"))
    mixed = column(("oil", "oil"), ("стали", "сталь|стать"), beside=("15000",))
    assert titles.of(oil) == []
    for _ in range(2):
        titles.count("title:oil", 1)
    titles.count("title:стать", 1)
    titles.count("title:15000", 1)
    assert sorted(titles.of(mixed)) == ["title:15000", "title:oil", "title:стать"]
    titles.count("title:oil", -1)
    assert titles.of(oil) == ["title:oil"]
    titles.count("title:oil", -1)
    assert titles.of(oil) == []
