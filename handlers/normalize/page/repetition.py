"""Finds lines of a text that are repeated: equal runs of lines, and lines that are prefixes of
others.

Lines are numbered by their text, and runs compared by a rolling hash, so that a query is cheap
however long the text is.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

_MODULUS = (1 << 61) - 1
_BASE = 1_000_003
# How many later or earlier places of a line are tried; real lines come twice.
_CHANCES = 8
_SOURCES = 6
_OFTEN = 64


class Repetition:
    """The repetitions among lines; every line is known by its index."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        numbers: dict[str, int] = {}
        self._ids = [numbers.setdefault(text, len(numbers)) for text in lines]
        self._places: dict[int, list[int]] = defaultdict(list)
        self._alike: dict[str, list[int]] = defaultdict(list)
        self._sums, self._powers = [0], [1]
        for index, number in enumerate(self._ids):
            self._places[number].append(index)
            self._alike[lines[index][:2]].append(index)
            self._sums.append((self._sums[-1] * _BASE + number + 1) % _MODULUS)
            self._powers.append(self._powers[-1] * _BASE % _MODULUS)

    def is_monotonous(self) -> bool:
        """Whether a line comes so often that the page repeats nothing else than it."""
        return max(map(len, self._places.values()), default=0) > _OFTEN

    def same(self, first: int, second: int, count: int) -> bool:
        """Whether ``count`` lines from ``first`` equal those from ``second``."""
        if max(first, second) + count > len(self._ids):
            return False
        return self._hash(first, count) == self._hash(second, count)

    def squares(self, start: int) -> Iterator[int]:
        """Lengths of the runs that begin at ``start`` and come again right after them."""
        for again in self._later(start):
            if self.same(start, again, again - start):
                yield again - start

    def openings(self, start: int) -> Iterator[int]:
        """Later places of line ``start``, and the last line if it begins it."""
        yield from self._later(start)
        last = len(self._lines) - 1
        if start < last and self._begins(last, start):
            yield last

    def sources(self, line: int, window: int) -> Iterator[int]:
        """The nearest earlier lines that ``line`` equals or begins, within ``window`` lines."""
        lowest = max(0, line - window)
        places = self._places[self._ids[line]]
        found = places[bisect_left(places, lowest) : bisect_left(places, line)]
        yield from found[: -_SOURCES - 1 : -1]
        alike = self._alike[self._lines[line][:2]]
        near = alike[bisect_left(alike, lowest) : bisect_left(alike, line)]
        yield from [place for place in near if self._begins(line, place)][: -_SOURCES - 1 : -1]

    def next_source(self, line: int, start: int, end: int) -> int | None:
        """The first of the lines ``start`` to ``end`` that ``line`` equals or begins, or None."""
        places = self._places[self._ids[line]]
        at = bisect_left(places, start)
        equal = places[at] if at < len(places) and places[at] < end else end
        alike = self._alike[self._lines[line][:2]]
        for place in alike[bisect_left(alike, start) : bisect_left(alike, equal)]:
            if self._begins(line, place):
                return place
        return equal if equal < end else None

    def _begins(self, line: int, other: int) -> bool:
        text, longer = self._lines[line], self._lines[other]
        return 1 < len(text) < len(longer) and longer.startswith(text)

    def _later(self, start: int) -> Sequence[int]:
        if start >= len(self._ids):
            return ()
        places = self._places[self._ids[start]]
        at = bisect_left(places, start) + 1
        return places[at : at + _CHANCES]

    def _hash(self, start: int, count: int) -> int:
        end = self._sums[start + count]
        return (end - self._sums[start] * self._powers[count]) % _MODULUS
