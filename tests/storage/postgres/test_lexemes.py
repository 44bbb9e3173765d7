"""Documents as tsvectors: what is written of them, and which are more than one can hold."""

import pytest

from storage.postgres import lexemes
from storage.query.words.analysis import Analysed, Column


def column(*terms: str, forms: tuple[str, ...] = ()) -> Column:
    return Column(forms, terms)


def document(*terms: str) -> Analysed:
    return Analysed(column(), column(*terms), frozenset())


def test_a_document_is_written_by_column_and_place() -> None:
    analysed = Analysed(
        column("ferri", forms=("ferry",)),
        column("it's", "ferri", "it's", forms=("it's", "ferry")),
        frozenset({"has:photo"}),
        column("c\\d", forms=("c\\d",)),
    )
    size, is_beyond, vector = lexemes.write_vector(3 << 29, analysed)
    assert (size, is_beyond) == (9, False)
    assert vector.split() == [
        *("'tferri':1", "'bit''s':1,3", "'bferri':2", "'ac\\\\d':1"),
        *("'fferry'", "'fit''s'", "'fc\\\\d'", "'mhas:photo'"),
        *("'w17.12288'", "'w21.768'", "'w25.48'", "'w29.3'"),
    ]


@pytest.mark.parametrize(
    ("terms", "is_beyond"),
    [
        (["same"] * 256, False),
        (["same"] * 257, True),
        ([f"w{n}" for n in range(16_383)], False),
        ([f"w{n}" for n in range(16_384)], True),
    ],
    ids=["a word 256 times", "a word 257 times", "16,383 words", "16,384 words"],
)
def test_what_a_tsvector_cannot_hold_is_beyond(terms: list[str], is_beyond: bool) -> None:
    size, told, vector = lexemes.write_vector(1 << 17, document(*terms))
    assert (size, told) == (len(terms), is_beyond)
    if is_beyond:
        assert vector.split() == ["'x'", "'w17.1'", "'w21.0'", "'w25.0'", "'w29.0'"]


def test_a_document_weighs_a_million_bytes_at_most() -> None:
    # A lexeme weighs its text and eight bytes, and two for each place; its column takes a letter.
    terms = [f"{n:04}{'щ' * 198}" for n in range(2_433)]
    assert {len(lexemes.lexeme("b", term).encode()) for term in terms} == {401}
    left = 1_000_000 - len(terms) * (401 + 8 + 2) - (1 + 8 + 2)
    assert 0 < left < 400
    for longer, is_beyond in ((0, False), (1, True)):
        assert lexemes.write_vector(1, document(*terms, "x" * (left + longer)))[1] is is_beyond


def test_a_long_word_is_held_by_its_beginning_and_what_tells_it_apart() -> None:
    assert lexemes.lexeme("b", "x" * 400) == f"b{'x' * 400}"
    one, other = (lexemes.lexeme("b", "x" * 400 + end) for end in "yz")
    assert one != other
    for held in (one, other):
        assert held.startswith(f"b{'x' * 400}")
        assert len(held) == 1 + 400 + 64
