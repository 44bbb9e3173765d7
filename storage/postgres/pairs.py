"""Pairs of neighbouring words, as two-byte numbers, by which phrases are looked up.

The number of a pair is a hash of the first letters of both words. Pairs may collide; the terms that
one word may have, which mostly begin alike, often share a number on purpose, so that one look-up
covers them.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, pairwise

from storage.query.words.analysis import Analysed

_LETTERS = (1_021, 509, 251, 113, 13)  # a multiplier for each of a word's first letters
_FIRST = 7_919
_NUMBERS = 1 << 16


@lru_cache(maxsize=50_000)
def _number(word: str) -> int:
    return sum(weight * ord(letter) for weight, letter in zip(_LETTERS, word, strict=False))


def pair(one: str, other: str) -> int:
    """The number of two neighbouring terms."""
    return (_FIRST * _number(one) + _number(other)) % _NUMBERS - _NUMBERS // 2


def write_pairs(analysed: Analysed) -> list[int]:
    """The numbers of all neighbours in a document; its columns are joined end to end."""
    title, body, attached = analysed.columns
    numbers = map(_number, chain(attached.terms, body.terms, title.terms))
    return [(_FIRST * one + other) % _NUMBERS - _NUMBERS // 2 for one, other in pairwise(numbers)]


def list_pairs(rows: Iterable[Sequence[str]]) -> list[list[int]]:
    """Of alternative rows of terms, all of one length: the numbers of the first two of each row,
    then of the second and third, and so on. A document that holds any of the rows has at least one
    number of each set."""
    places = zip(*(pairwise(row) for row in rows), strict=True)
    return [sorted({pair(*two) for two in some}) for some in places]
