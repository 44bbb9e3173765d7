"""Positions of words in texts, as bit sets (Python integers).

Whether two words are near each other, or several form a phrase, is then one bitwise operation for
all positions of a long text. Results for one query are cached for the next, for as long as the row
is in use.
"""

from collections import defaultdict
from collections.abc import Iterator, Set
from functools import lru_cache
from typing import NamedTuple

from storage.query.words import forms

_KEPT = 8
"""The number of cached rows: those of a document and of its former version."""

_APART = 320
"""The number of positions between two texts: more than any query reaches, which has fewer
letters."""

_SHORT = 1 << 13
"""Bits of texts whose words have their bits from the beginning."""

_MOST_BITS = 1 << 26
"""Of one row: in a book, what was asked last is kept."""

_IN_PHRASE = ""
"""Stands before a form to name it as a word of phrases; no form is empty."""


class Nearness(NamedTuple):
    """Words (their forms) from ``before`` positions ahead of others to ``after`` behind them."""

    words: tuple[str, ...]
    around: tuple[tuple[str, ...], int, int]


class Row:
    """The terms of several texts in one sequence, with a gap between texts that no phrase or NEAR
    spans."""

    __slots__ = ("_bits", "_found", "_length", "_most", "_near", "_places", "texts")

    def __init__(self, texts: tuple[tuple[str, ...], ...]) -> None:
        self.texts = texts
        self._found: dict[tuple[str, ...], int] = {}
        self._near: dict[tuple[tuple[str, ...], int, int], int] = {}
        self._bits: dict[str, int] = {}
        self._places: dict[str, list[int]] = {}
        self._length = sum(map(len, texts)) + _APART * len(texts)
        self._most = _MOST_BITS // (self._length + 1)

    def starts(self, words: tuple[str, ...]) -> int:
        """The positions at which the phrase (its forms) begins."""
        found = self._found.get(words)
        if found is None:
            found = -1  # everywhere
            for ahead, form in enumerate(words):
                found = found and found & (self._one(form, alone=len(words) == 1) >> ahead)
            if len(self._found) > self._most:
                self._found.clear()
            self._found[words] = found
        return found

    def _one(self, form: str, *, alone: bool) -> int:
        """The positions of a word; ``alone``: in no phrase."""
        if alone:
            return self._having(forms.lexemes_alone(form))
        found = self._found.get((_IN_PHRASE, form))
        if found is None:
            found = self._found[_IN_PHRASE, form] = self._having(forms.lexemes(form))
        return found

    def near(self, asked: Nearness) -> int:
        """The positions of the words that satisfy NEAR."""
        words, around = asked
        found = self._found.get(words)
        if found is None:
            found = self.starts(words)
        if not found:
            return 0
        near = self._near.get(around)
        if near is None:
            others, before, after = around
            near = _widened(self.starts(others), before + after) >> before
            if len(self._near) > self._most:
                self._near.clear()
            self._near[around] = near
        return found & near

    def _having(self, lexemes: Set[str]) -> int:
        if self._length > _SHORT:
            return self._having_in_long(lexemes)
        bits = self._bits = self._bits or _bits_in(self.texts)
        found = 0
        for lexeme in lexemes:
            found |= bits.get(lexeme, 0)
        return found

    def _having_in_long(self, lexemes: Set[str]) -> int:
        places = self._places = self._places or _places_in(self.texts)
        bits = bytearray(self._length // 8 + 1)  # one number for all, however long the text is
        for lexeme in lexemes:
            for index in places.get(lexeme, ()):
                bits[index >> 3] |= 1 << (index & 7)
        return int.from_bytes(bits, "little")


def _bits_in(texts: tuple[tuple[str, ...], ...]) -> dict[str, int]:
    """The bit set of each lexeme; too much memory for a long text."""
    found: defaultdict[str, int] = defaultdict(int)
    begin = 0
    for terms in texts:
        bit = 1 << begin
        for term in terms:
            if "|" in term:
                for lexeme in forms.readings_in(term):
                    found[lexeme] |= bit
            else:
                found[term] |= bit
            bit <<= 1
        begin += len(terms) + _APART
    return dict(found)


def _places_in(texts: tuple[tuple[str, ...], ...]) -> dict[str, list[int]]:
    """The positions of each lexeme."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    begin = 0
    for terms in texts:
        for index, term in enumerate(terms, begin):
            for lexeme in forms.readings_in(term):
                found[lexeme].append(index)
        begin += len(terms) + _APART
    return dict(found)


def _widened(bits: int, count: int) -> int:
    """Each bit, and the ``count`` bits above it."""
    for step in _steps(count):
        bits |= bits << step
    return bits


@lru_cache(maxsize=512)
def _steps(count: int) -> tuple[int, ...]:
    """The shifts whose results, ORed together one after the other, fill ``count`` bits above each
    bit."""
    steps, width = [], 1
    while width <= count:
        steps.append(min(width, count + 1 - width))
        width += steps[-1]
    return tuple(steps)


_ROWS: dict[tuple[int, ...], Row] = {}


def row(*texts: tuple[str, ...]) -> Row:
    """The row of these terms; cached by the identity of the tuples."""
    key = tuple(map(id, texts))
    kept = _ROWS.get(key)  # a row keeps its tuples alive: their ids are nobody else's
    if kept is None:
        if len(_ROWS) >= _KEPT:
            _ROWS.clear()
        kept = _ROWS[key] = Row(texts)
    return kept


def indexes(bits: int) -> Iterator[int]:
    """The positions of the bits that are set, in order."""
    digits = f"{bits:b}"[::-1]  # to look for the next one in a text takes no new number each time
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)
