"""Where words stand in rows of terms, as the bits of a number.

Whether two words stand near each other, or several in a row, is then one step for all the places of
a long text. What one query asks for is kept for the next, for as long as the row is in use.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from storage.query.words import forms

_KEPT = 8
"""So many: those of a document, and of what it was before."""

_APART = 512
"""So many places lie between two texts: farther than any query reaches, which has fewer letters."""

_MOST_BITS = 1 << 26
"""Of one row: in a book, what was asked last is kept."""


class Near(NamedTuple):
    """Some words (their forms) from ``before`` places ahead of others to ``after`` behind them."""

    words: tuple[str, ...]
    around: tuple[tuple[str, ...], int, int]


class Row:
    """The terms of texts, in order, one text well behind the other."""

    __slots__ = ("_found", "_length", "_near", "_places", "texts")

    def __init__(self, texts: tuple[tuple[str, ...], ...]) -> None:
        self.texts = texts
        self._found: dict[tuple[str, ...], int] = {}
        self._near: dict[tuple[tuple[str, ...], int, int], int] = {}
        self._places: dict[str, list[int]] = {}
        self._length = sum(map(len, texts)) + _APART * len(texts)

    def starts(self, words: tuple[str, ...]) -> int:
        """Where the words (their forms) stand one after the other: the places of first ones."""
        found = self._found.get(words)
        if found is None:
            found = self._having(words[0])
            for ahead, form in enumerate(words[1:], 1):
                found = found and found & (self.starts((form,)) >> ahead)
            self._found[words] = found
            self._make_room()
        return found

    def near(self, asked: Near) -> int:
        """Where such words stand."""
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
            self._near[around] = near
            self._make_room()
        return found & near

    def _make_room(self) -> None:
        if (len(self._found) + len(self._near)) * self._length > _MOST_BITS:
            self._found.clear()
            self._near.clear()

    def _having(self, form: str) -> int:
        places = self._places = self._places or _places_in(self.texts)
        found: list[int] = []
        for lexeme in forms.lexemes(form):
            found += places.get(lexeme, ())
        if len(found) == 1:
            return 1 << found[0]
        bits = bytearray(self._length // 8 + 1)  # one number for all, however long the text is
        for index in found:
            bits[index >> 3] |= 1 << (index & 7)
        return int.from_bytes(bits, "little")


def _places_in(texts: tuple[tuple[str, ...], ...]) -> dict[str, list[int]]:
    """Where each lexeme stands."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    begin = 0
    for terms in texts:
        for index, term in enumerate(terms, begin):
            for lexeme in forms.readings_in(term):
                found[lexeme].append(index)
        begin += len(terms) + _APART
    return dict(found)


def _widened(bits: int, count: int) -> int:
    """The bits and those up to so many above each of them."""
    width = 1
    while width <= count:
        step = min(width, count + 1 - width)
        bits |= bits << step
        width += step
    return bits


_ROWS: dict[tuple[int, ...], Row] = {}


def row(*texts: tuple[str, ...]) -> Row:
    """The row of these terms; of the same tuples, the same row."""
    key = tuple(map(id, texts))
    kept = _ROWS.get(key)  # a row keeps its tuples alive: their ids are nobody else's
    if kept is None:
        if len(_ROWS) >= _KEPT:
            _ROWS.clear()
        kept = _ROWS[key] = Row(texts)
    return kept


def indexes(bits: int) -> Iterator[int]:
    """The places that the bits stand for, in order."""
    digits = f"{bits:b}"[::-1]  # to look for the next one in a text takes no new number each time
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)
