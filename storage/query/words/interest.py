"""What saved queries ask for: looked for in documents only while it is asked for."""

from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import chain, filterfalse, pairwise
from typing import TypeVar

from storage.query.words import folding, forms

TITLE = "title:"
"""How the key of a lexeme in the title begins."""

Pair = tuple[str, str]
T = TypeVar("T")

_REMEMBERED = 60_000
_FEW = 5
"""So many terms are found in a row faster one after the other than at each of its places."""


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

    def of(self, rows: Sequence[Sequence[str]], terms: Set[str], lexemes: Set[str]) -> list[Pair]:
        """The pairs asked for that stand in the rows of terms.

        ``lexemes`` holds those that are asked for, ``terms`` the terms that have one of them.
        """
        asked = self._asked
        firsts = {one for one in asked.keys() & lexemes if not lexemes.isdisjoint(asked[one])}
        if not firsts:
            return []
        several = [term for term in terms if "|" in term]
        leading = [term for term in several if not firsts.isdisjoint(forms.readings_in(term))]
        leading += firsts & terms
        return [
            (one, other)
            for first, second in _neighbours(rows, leading)
            for one in forms.readings_in(first)
            if one in firsts
            for other in forms.readings_in(second)
            if other in asked[one]
        ]


def _neighbours(rows: Sequence[Sequence[str]], leading: Sequence[str]) -> Iterator[Pair]:
    """The terms that stand in a row, where the first of the two is one of these."""
    if len(leading) > _FEW:
        among = frozenset(leading)
        for row in rows:
            yield from (pair for pair in pairwise(row) if pair[0] in among)
        return
    for row in rows:
        for term in leading:
            at = -1
            for _ in range(row.count(term)):
                at = row.index(term, at + 1)
                if at + 1 < len(row):
                    yield term, row[at + 1]


class _Remembered(dict[str, tuple[str, ...]]):
    """Text → what it has of what is asked for. Nearly all texts of a document have been seen
    before; those that have nothing are known by ``_without``, most where queries are few."""

    def __init__(self) -> None:
        super().__init__()
        self._without: set[str] = set()

    def having(self, texts: Iterable[str]) -> set[str]:
        """The texts that have something, or were not seen before."""
        return set(filterfalse(self._without.__contains__, texts))

    def of(self, texts: Iterable[str]) -> Iterator[str]:
        """What the texts have."""
        return chain.from_iterable(map(self.__getitem__, texts))

    def forget(self, text: str) -> None:
        """Look at a text anew."""
        self.pop(text, None)
        self._without.discard(text)

    def clear(self) -> None:
        """Look at all anew."""
        super().clear()
        self._without.clear()

    def __missing__(self, text: str) -> tuple[str, ...]:
        if len(self) + len(self._without) >= _REMEMBERED:
            self.clear()
        found = self._find(text)
        if found:
            self[text] = found
        else:
            self._without.add(text)
        return found

    def _find(self, text: str) -> tuple[str, ...]:
        raise NotImplementedError


class Lexemes(_Remembered):
    """Term → those of its lexemes that are asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._asked: dict[str, int] = {}

    def count(self, lexeme: str, change: int) -> None:
        """Ask once more (1) or less (-1) for the lexeme."""
        if _count(self._asked, lexeme, change):
            self.clear()

    def _find(self, term: str) -> tuple[str, ...]:
        return tuple([one for one in forms.readings_in(term) if one in self._asked])


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


class Forms(_Remembered):
    """Form → what it has of the forms and beginnings asked for, as ``=form`` and ``beginning*``."""

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
                self.forget(held)

    def count_beginning(self, beginning: str, change: int) -> None:
        """Ask once more (1) or less (-1) for forms that begin so."""
        if _count(self._beginnings, beginning, change):
            _count(self._lengths, len(beginning), change)
            self.clear()

    def _find(self, form: str) -> tuple[str, ...]:
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
        return tuple(found)
