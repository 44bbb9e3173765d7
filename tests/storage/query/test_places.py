"""Where words stand, as bits, against what lists of places say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.query import places

WORDS = ("grain", "ship", "port", "crane")
texts = st.lists(st.sampled_from(WORDS), max_size=60).map(tuple)
asked = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(tuple)


def starts_in(text: tuple[str, ...], words: tuple[str, ...]) -> list[int]:
    return [at for at in range(len(text)) if text[at : at + len(words)] == words]


@given(text=texts, words=asked)
def test_words_in_a_row_stand_where_a_list_has_them(
    text: tuple[str, ...], words: tuple[str, ...]
) -> None:
    found = places.Row((text,)).starts(words)
    assert [*places.indexes(found)] == starts_in(text, words)


@given(text=texts, words=asked, before=st.integers(0, 70), after=st.integers(0, 70))
def test_words_are_near_that_are_not_farther(
    text: tuple[str, ...], words: tuple[str, ...], before: int, after: int
) -> None:
    found = places.Row((text,)).near(places.Nearness(("grain",), (words, before, after)))
    near = [
        at
        for at in starts_in(text, ("grain",))
        if any(start - before <= at <= start + after for start in starts_in(text, words))
    ]
    assert [*places.indexes(found)] == near


def test_nothing_reaches_from_one_text_into_the_next() -> None:
    row = places.Row((("grain",), ("ship",)))
    assert row.starts(("grain", "ship")) == 0
    assert row.near(places.Nearness(("ship",), (("grain",), 300, 300))) == 0


@pytest.mark.parametrize("size", [1, 319, 320, 321, 400, 9_000])
def test_a_text_begins_behind_all_of_the_one_before(size: int) -> None:
    """However long that is, and whichever place in this one is asked for."""
    first = (*("grain",) * size, "ship")
    row = places.Row((first, ("port", *("crane",) * size, "port"), ("ship",)))
    assert row.starts(("ship", "port")) == row.starts(("ship", "crane")) == 0
    assert row.near(places.Nearness(("ship",), (("port",), 50, 50))) == 0
    assert row.near(places.Nearness(("crane",), (("ship",), 50, 50))) == 0
    at, last = places.indexes(row.starts(("ship",)))
    begins, ends = places.indexes(row.starts(("port",)))
    assert (at, ends - begins) == (size, size + 1)
    assert begins - at == last - ends > 300


@pytest.mark.parametrize("count", [1, 2, 16, 17, 5_000, 9_000])
def test_a_word_is_found_as_often_as_it_is_there(count: int) -> None:
    row = places.Row((("ship", *("grain",) * count),))
    assert [*places.indexes(row.starts(("grain",)))] == [*range(1, count + 1)]


@pytest.mark.parametrize("size", [1, 9_000])
@pytest.mark.parametrize("form", ["сталь", "стать"])
def test_a_word_of_several_readings_is_found_by_each(size: int, form: str) -> None:
    """In a book as in a post."""
    row = places.Row((("сталь|стать", *("x",) * size, "стать|сталь"),))
    assert [*places.indexes(row.starts((form,)))] == [0, size + 1]
    assert row.near(places.Nearness((form,), (("x",), 1, 1))) != 0


def test_the_same_terms_have_the_same_row() -> None:
    terms = tuple(WORDS)
    assert places.row(terms) is places.row(terms)
    assert places.row(terms, terms) is not places.row(terms)
