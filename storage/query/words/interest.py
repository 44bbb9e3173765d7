"""What saved queries ask for beyond lexemes: looked for in documents only while asked for."""

from collections.abc import Iterable, Sequence, Set
from itertools import pairwise
from typing import TypeVar

from storage.query.words import folding, forms

TITLE = "title:"
"""How the key of a lexeme in the title begins."""

Pair = tuple[str, str]
T = TypeVar("T")

_REMEMBERED = 60_000


def _count(asked: dict[T, int], thing: T, change: int) -> bool:
    """Ask once more (1) or less (-1) for a thing; whether it is new now, or gone."""
    before = asked.get(thing, 0)
    if before + change:
        asked[thing] = before + change
        return not before
    del asked[thing]
    return True


class Pairs:
    """Two lexemes asked for in a row: by the first of them, the second ones and how often."""

    def __init__(self) -> None:
        self._asked: dict[str, dict[str, int]] = {}

    def count(self, pair: Pair, change: int) -> None:
        """Ask once more (1) or less (-1) for the pair."""
        first, second = pair
        seconds = self._asked.setdefault(first, {})
        _count(seconds, second, change)
        if not seconds:
            del self._asked[first]

    def of(
        self, rows: Iterable[Sequence[str]], lexemes: Set[str], ambiguous: Iterable[str]
    ) -> list[Pair]:
        """The pairs asked for that stand in the rows of terms.

        ``lexemes`` holds those of all the terms, ``ambiguous`` the terms that have several.
        """
        asked = self._asked
        firsts = {one for one in asked.keys() & lexemes if not lexemes.isdisjoint(asked[one])}
        if not firsts:
            return []
        terms = firsts.union(ambiguous)
        return [
            (one, other)
            for row in rows
            for first, second in pairwise(row)
            if first in terms
            for one in forms.readings_in(first)
            if one in firsts
            for other in forms.readings_in(second)
            if other in asked[one]
        ]


class Titles:
    """Lexemes asked for in the title alone, as ``title:lexeme``."""

    def __init__(self) -> None:
        self._asked: dict[str, int] = {}

    def count(self, key: str, change: int) -> None:
        """Ask once more (1) or less (-1) for the key."""
        _count(self._asked, key, change)

    def of(self, terms: Iterable[str]) -> list[str]:
        """The keys asked for that the terms of a title have."""
        if not self._asked:
            return []
        keys = {TITLE + one for term in terms for one in forms.readings_in(term)}
        return list(keys & self._asked.keys())


class Forms(dict[str, tuple[str, ...]]):
    """Form → what it has of the forms and beginnings asked for, as ``=form`` and ``beginning*``.

    Remembered: nearly all forms of a document have been seen before, and have nothing.
    """

    def __init__(self) -> None:
        super().__init__()
        self._asked: dict[str, int] = {}
        self._beginnings: dict[str, int] = {}
        self._lengths: dict[int, int] = {}

    @property
    def are_asked_for(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self._asked or self._beginnings)

    def count_form(self, form: str, change: int) -> None:
        """Ask once more (1) or less (-1) for the form."""
        if _count(self._asked, form, change):
            for held in folding.as_held(form.removesuffix(folding.CAPITAL)):
                self.pop(held, None)

    def count_beginning(self, beginning: str, change: int) -> None:
        """Ask once more (1) or less (-1) for forms that begin so."""
        if _count(self._beginnings, beginning, change):
            _count(self._lengths, len(beginning), change)
            self.clear()

    def __missing__(self, form: str) -> tuple[str, ...]:
        size, beginnings = len(form), self._beginnings
        found = [
            f"{one}*"
            for length in self._lengths
            if length <= size and (one := form[:length]) in beginnings
        ]
        bare = form.removesuffix(folding.CAPITAL)
        if bare in self._asked:
            found.append(f"={bare}")
        if bare != form and form in self._asked:
            found.append(f"={form}")
        if len(self) >= _REMEMBERED:
            self.clear()
        self[form] = having = tuple(found)
        return having
