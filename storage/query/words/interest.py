"""The keys that saved queries ask for: documents are examined for these only."""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from itertools import chain, filterfalse, pairwise
from typing import TypeVar

from storage.query.words import folding, forms
from storage.query.words.analysis import Column

TITLE = "title:"
"""The prefix of the key of a lexeme in the title."""
TERM = "|"
"""The prefix of the key of a normal form: of a word with these readings and no others."""

Pair = tuple[str, str]
T = TypeVar("T")

_REMEMBERED = 60_000
_NONE: Set[str] = frozenset()
_FEW = 5
"""Up to this many terms are found in a row faster one after the other than at each of their
positions."""


def _count(asked: dict[T, int], thing: T, change: int) -> bool:
    """Ask once more (1) or less (-1) for a thing; whether it is new now, or gone."""
    before = asked.get(thing, 0)
    if before + change:
        asked[thing] = before + change
        return not before
    del asked[thing]
    return True


class Pairs:
    """Pairs of lexemes that are asked for in a row: by the first one, the second ones with how
    often each is asked for."""

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
        self,
        rows: Sequence[Sequence[str]],
        lexemes: Set[str],
        terms_of: Callable[[str], Iterable[str]],
    ) -> list[Pair]:
        """The requested pairs in these rows of terms.

        ``lexemes``: the requested lexemes of all these terms; ``terms_of``: the terms with several
        readings that include a lexeme.
        """
        asked = self._asked
        firsts = {one for one in asked.keys() & lexemes if not lexemes.isdisjoint(asked[one])}
        if not firsts:
            return []
        leading = firsts.union(*map(terms_of, firsts))
        return [
            (one, other)
            for first, second in _neighbours(rows, leading)
            for one in forms.readings_in(first)
            if one in firsts
            for other in forms.readings_in(second)
            if other in asked[one]
        ]


def _neighbours(rows: Sequence[Sequence[str]], leading: Set[str]) -> Iterator[Pair]:
    """The pairs of neighbouring terms whose first one is in ``leading``."""
    if len(leading) > _FEW:
        for row in rows:
            yield from (pair for pair in pairwise(row) if pair[0] in leading)
        return
    for row in rows:
        for term in leading:
            at = -1
            for _ in range(row.count(term)):
                at = row.index(term, at + 1)
                if at + 1 < len(row):
                    yield term, row[at + 1]


class WordKeys(dict[str, tuple[str, ...]]):
    """A map from a form, as in a column, to the requested keys of its word: lexemes, ``|normal
    form``, ``=form`` and ``beginning*``.

    Nearly all forms of a document have been seen before; those without keys, most of them if there
    are few queries, are in ``_without``.
    """

    def __init__(self) -> None:
        super().__init__()
        self._without: set[str] = set()
        self._several: dict[str, set[str]] = {}
        self._lexemes: dict[str, int] = {}
        self._terms: dict[str, int] = {}
        self._forms: dict[str, int] = {}
        self._beginnings: dict[str, int] = {}
        self._lengths: dict[int, int] = {}

    def count_lexeme(self, lexeme: str, change: int) -> None:
        """Ask once more (1) or less (-1) for the lexeme."""
        if _count(self._lexemes, lexeme, change):
            self.clear()

    def count_term(self, term: str, change: int) -> None:
        """Ask once more (1) or less (-1) for the normal form."""
        if _count(self._terms, term, change):
            self.clear()

    def count_form(self, form: str, change: int) -> None:
        """Ask once more (1) or less (-1) for the form."""
        if _count(self._forms, form, change):
            self.clear()

    def count_beginning(self, beginning: str, change: int) -> None:
        """Ask once more (1) or less (-1) for forms that begin so."""
        if _count(self._beginnings, beginning, change):
            _count(self._lengths, len(beginning), change)
            self.clear()

    def clear(self) -> None:
        """Look at all forms anew."""
        super().clear()
        self._without.clear()
        self._several.clear()

    def terms_of(self, lexeme: str) -> Set[str]:
        """The terms of several readings that were met and have the lexeme, if it is asked for."""
        return self._several.get(lexeme, _NONE)

    def of(self, columns: Sequence[Column]) -> set[str]:
        """The requested keys of the words of columns and of the forms beside them."""
        told = [column for column in columns if column.forms]
        every = chain.from_iterable([column.words for column in told])
        having = set(filterfalse(self._without.__contains__, every))
        try:
            found = {*chain.from_iterable(map(self.__getitem__, having))}
        except KeyError:
            self._learn(told)
            found = {*chain.from_iterable(map(self.__getitem__, having & self.keys()))}
        for column in told:
            for form in column.beside:
                found.update((form, *self._written(form)))
        return found

    def _learn(self, columns: Iterable[Column]) -> None:
        """Store the keys of each new form."""
        if len(self) + len(self._without) >= _REMEMBERED:
            self.clear()
        for column in columns:
            for form, term in zip(column.words, column.terms, strict=True):
                if form not in self and form not in self._without:
                    readings = forms.readings_in(term)
                    lexemes = [one for one in readings if one in self._lexemes]
                    for lexeme in lexemes if len(readings) > 1 else ():
                        self._several.setdefault(lexeme, set()).add(term)
                    exactly = (f"{TERM}{term}",) if term in self._terms else ()
                    if found := (*lexemes, *exactly, *self._written(form)):
                        self[form] = found
                    else:
                        self._without.add(form)

    def _written(self, form: str) -> Iterator[str]:
        """The forms and beginnings asked for that a form has."""
        for length in self._lengths:
            if length <= len(form) and (beginning := form[:length]) in self._beginnings:
                yield f"{beginning}*"
        if self._forms:
            bare = form.removesuffix(folding.CAPITAL)
            yield from (f"={one}" for one in dict.fromkeys((bare, form)) if one in self._forms)


class Titles:
    """Lexemes asked for in the title alone, as ``title:lexeme``."""

    def __init__(self) -> None:
        self._asked: dict[str, int] = {}

    def count(self, key: str, change: int) -> None:
        """Ask once more (1) or less (-1) for the key."""
        _count(self._asked, key, change)

    def of(self, title: Column) -> list[str]:
        """The requested keys of the words of a title and of the forms beside them."""
        if not self._asked:
            return []
        terms = (*title.terms, *title.beside)
        keys = {TITLE + one for term in terms for one in forms.readings_in(term)}
        return list(keys & self._asked.keys())
