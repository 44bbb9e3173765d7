"""What saved queries ask for beyond words' terms: looked for in documents only while asked for."""

from collections.abc import KeysView, Sequence, Set
from itertools import pairwise
from typing import Generic, TypeVar

from storage.query import forms

T = TypeVar("T")

_REMEMBERED = 200_000


class Interest(Generic[T]):
    """Things asked for, each with how many queries ask for it."""

    def __init__(self) -> None:
        self._asked: dict[T, int] = {}

    def __len__(self) -> int:
        return len(self._asked)

    def keys(self) -> KeysView[T]:
        """All that is asked for."""
        return self._asked.keys()

    def count(self, thing: T, change: int) -> None:
        """One query more (1) or fewer (-1) asks for the thing."""
        asked = self._asked.get(thing, 0) + change
        if asked > 0:
            self._asked[thing] = asked
        else:
            self._asked.pop(thing, None)


class Pairs(Interest[tuple[str, str]]):
    """Words asked for in a row, by their forms; found by the terms that stand for them in texts."""

    def __init__(self) -> None:
        super().__init__()
        self._following: dict[str, dict[str, list[tuple[str, str]]]] = {}
        self._firsts: set[str] = set()

    def count(self, thing: tuple[str, str], change: int) -> None:
        """One query more (1) or fewer (-1) asks for the pair."""
        before = len(self)
        super().count(thing, change)
        if len(self) != before:
            first, second = map(forms.expand, thing)
            for one in first:
                self._change(one, second, thing, added=change > 0)

    def _change(self, first: str, seconds: Set[str], pair: tuple[str, str], *, added: bool) -> None:
        following = self._following.setdefault(first, {})
        for second in seconds:
            if added:
                following.setdefault(second, []).append(pair)
            else:
                following[second].remove(pair)
                if not following[second]:
                    del following[second]
        if following:
            self._firsts.add(first)
        else:
            del self._following[first]
            self._firsts.discard(first)

    def of(self, terms: Sequence[str], present: Set[str]) -> list[tuple[str, str]]:
        """The pairs asked for that stand in the terms; ``present`` holds all these terms."""
        firsts = self._firsts & present
        if not firsts:
            return []
        following = self._following
        return [
            pair
            for first, second in pairwise(terms)
            if first in firsts
            for pair in following[first].get(second, ())
        ]


class Prefixes(Interest[str]):
    """Beginnings of words asked for; which of them a form has is remembered form by form."""

    def __init__(self) -> None:
        super().__init__()
        self._lengths: list[int] = []
        self._known: dict[str, tuple[str, ...]] = {}
        self._without: set[str] = set()

    def count(self, thing: str, change: int) -> None:
        """One query more (1) or fewer (-1) asks for the beginning."""
        before = len(self)
        super().count(thing, change)
        if len(self) != before:
            self._forget()
            self._lengths = sorted({len(prefix) for prefix in self._asked})

    def of(self, forms: Set[str]) -> list[str]:
        """The beginnings asked for that any of the forms has, each as ``beginning*``."""
        if not self._asked:
            return []
        found: list[str] = []
        for form in forms - self._without:
            if form not in self._known:
                self._learn(form)
            found += self._known.get(form, ())
        return found

    def _learn(self, form: str) -> None:
        if len(self._known) + len(self._without) >= _REMEMBERED:
            self._forget()
        begins = tuple(
            f"{form[:length]}*"
            for length in self._lengths
            if length <= len(form) and form[:length] in self._asked
        )
        if begins:
            self._known[form] = begins
        else:
            self._without.add(form)

    def _forget(self) -> None:
        self._known.clear()
        self._without.clear()
