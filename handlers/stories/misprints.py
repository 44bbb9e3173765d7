"""Whether two different words are one word with a misprint. Pure."""

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

from handlers.stories import shapes
from handlers.stories.tokens import Token

IsWord: TypeAlias = Callable[[str], bool]
"""Whether a folded word stands in the Russian dictionary."""

LONG_WORD = 8
SHORT_WORD = 5
"""The fewest letters of a word in which another letter (``LONG_WORD``), or one too many or too few
(``SHORT_WORD``), is a misprint."""

_CYRILLIC = re.compile("[а-яё]{5,}")
_ENGLISH = frozenset({"the", "of", "and", "with", "for"})
"""Nearly every English text has one of these. In other Latin scripts misprints are not recognized.
"""
_KNOWN = 0.7
"""The share of a text's words that the dictionary must know: Russian has more, Bulgarian less."""


def can_be_told(found: Sequence[Token], is_word: IsWord) -> bool:
    """Whether misprints can be recognized in a text: it is English, or in Russian by the
    dictionary."""
    words = [token.key for token in found if not token.is_name and len(token.key) >= SHORT_WORD]
    if not any(_CYRILLIC.fullmatch(word) for word in words):
        return any(token.key in _ENGLISH for token in found)
    return sum(map(is_word, words)) >= _KNOWN * len(words)


def is_misprint(one: Token, other: Token, is_word: IsWord) -> bool:
    """Whether two words differ by one slip and only one of them is a word: "транспота" for
    "транспорта".

    If both are words, or neither is, they may be two things; so may names, which no dictionary has,
    and two short words.
    """
    if one.is_figure or other.is_figure or one.is_name != other.is_name:
        return False
    shorter, longer = sorted((one.key, other.key), key=len)
    if not _is_one_slip(one.key, other.key):
        return False
    if one.key.isascii() or other.key.isascii():
        return len(shorter) >= LONG_WORD and not one.is_name and _is_doubled(one.key, other.key)
    if one.is_name and not any(map(shapes.is_office, (one.key, other.key))):
        return False
    least = LONG_WORD if _is_another_letter(shorter, longer) else SHORT_WORD
    return len(shorter) >= least and is_word(one.key) != is_word(other.key)


def may_be_misprint(one: Token, other: Token) -> bool:
    """Whether two long words that begin alike differ by one slip: what no dictionary decides, but
    hardly ever another statement."""
    is_long = min(len(one.key), len(other.key)) >= LONG_WORD and not (one.is_name or other.is_name)
    return is_long and one.key[:2] == other.key[:2] and _is_one_slip(one.key, other.key)


def _is_another_letter(one: str, other: str) -> bool:
    """Whether one letter is replaced by another; in a short word that makes another word."""
    return len(one) == len(other) and sorted(one) != sorted(other)


def _is_one_slip(one: str, other: str) -> bool:
    """Whether one letter is added, missing or replaced, or two have changed places."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1 or one == other:
        return False
    start = next(
        (n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one)
    )
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    swapped = one[start : start + 2] == other[start : start + 2][::-1]
    return one[start + 1 :] == other[start + 1 :] or (
        swapped and one[start + 2 :] == other[start + 2 :]
    )


def _is_doubled(one: str, other: str) -> bool:
    """Whether the words differ only in doubled letters: without an English dictionary nothing else
    is taken as a misprint."""
    return re.sub(r"(.)\1", r"\1", one) == re.sub(r"(.)\1", r"\1", other)
