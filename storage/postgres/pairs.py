"""Which words follow one another in a document, as numbers: a phrase is looked up by them.

Of each two neighbours the first letters of both make one number of two bytes, which others have
too now and then. So the terms that a word may have, which mostly begin alike, are asked for at
once.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, pairwise

from storage.query.words.analysis import Analysed

_LETTERS = (1_021, 509, 251, 113, 13)  # what each of the first of a word counts
_FIRST = 7_919
_NUMBERS = 1 << 16


@lru_cache(maxsize=50_000)
def _number(word: str) -> int:
    return sum(weight * ord(letter) for weight, letter in zip(_LETTERS, word, strict=False))


def pair(one: str, other: str) -> int:
    """The number of two terms that follow one another."""
    return (_FIRST * _number(one) + _number(other)) % _NUMBERS - _NUMBERS // 2


def write_pairs(analysed: Analysed) -> list[int]:
    """The numbers of all neighbours of a document; its columns follow one another."""
    title, body, attached = analysed.columns
    numbers = map(_number, chain(attached.terms, body.terms, title.terms))
    return [(_FIRST * one + other) % _NUMBERS - _NUMBERS // 2 for one, other in pairwise(numbers)]


def list_pairs(rows: Iterable[Sequence[str]]) -> list[list[int]]:
    """Of terms in rows that are as long as one another: the numbers of the first two in each row,
    then of the second and the third, …; a document that holds a row has one of each."""
    places = zip(*(pairwise(row) for row in rows), strict=True)
    return [sorted({pair(*two) for two in some}) for some in places]
