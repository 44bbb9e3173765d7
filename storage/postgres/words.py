"""The words of a document in order, each a four-byte hash, from which positions are read.

A tsvector has positions too, but takes some ten times as long to unpack and scan. The words of the
title, the body and the attachments follow one another, then every form once; a hash includes its
column (``lexemes.lexeme``), so columns do not collide. Two words share a hash once in four thousand
million; to matter, one would have to be asked for and the other to stand in its place.

The terms are also kept as *signs*: one character each, of a small alphabet, so that terms share
them. A regular expression over the signs lets the server reject nearly all documents whose words
are in other positions than asked.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import accumulate, chain, repeat

from msgspec import Struct

from storage.postgres.lexemes import ATTACHED, BODY, FORM, TITLE, lexeme
from storage.query.words.analysis import Analysed

SIZE = 4
FARTHEST = 10
"""The largest distance of NEAR that is checked by signs. A greater one would reject little, and the
regular expression slows down with each word between."""
_FEW, _SOME = 4, 7
"""Fewer phrases than ``_FEW`` are searched for whole; fewer than ``_SOME`` each by its first bytes,
in half the time; more by the first bytes of all, in half of that."""
_TOGETHER = 128  # documents that are scanned at once: who asks may soon have enough of them
_FIRST_SIGN, _SIGNS = 0x100, 1_792  # the characters of two bytes in UTF-8 from U+0100 on


@lru_cache(maxsize=50_000)
def code(column: str, word: str) -> bytes:
    """The hash of a term or form in a column."""
    return sha256(lexeme(column, word).encode("utf-8", "replace")).digest()[:SIZE]


@lru_cache(maxsize=50_000)
def sign(column: str, word: str) -> str:
    """The sign of a term in a column: one character, shared with other terms."""
    return chr(_FIRST_SIGN + int.from_bytes(code(column, word)[:2]) % _SIGNS)


def write_words(analysed: Analysed) -> bytes:
    """The hashes of all words of a document."""
    title, body, attached = analysed.columns
    forms = sorted({*title.forms, *body.forms, *attached.forms})
    return b"".join(
        chain(
            (code(TITLE, term) for term in title.terms),
            (code(BODY, term) for term in body.terms),
            (code(ATTACHED, term) for term in attached.terms),
            (code(FORM, form) for form in forms),
        )
    )


def write_signs(analysed: Analysed) -> str:
    """The signs of a document's terms, in the order of ``write_words``."""
    title, body, attached = analysed.columns
    columns = ((TITLE, title.terms), (BODY, body.terms), (ATTACHED, attached.terms))
    return "".join([sign(column, term) for column, terms in columns for term in terms])


Places = Mapping[bytes, Sequence[int]]
"""The positions at which phrases begin in a document, by their hashes; only of those it holds."""

Count = tuple[int, str, int]
"""How often a phrase is in a column of a document: number of the phrase, column, frequency."""

_Part = tuple[int, str, bytes, int, int]
"""A phrase in one of its columns: its number, the column, the hashes of the other side of NEAR, and
how far before and after it that side may begin."""


class Phrase(Struct, frozen=True):
    """A phrase, in any of the ``columns``; with ``begins`` its one word is a prefix.

    With ``beside`` it is one side of NEAR: it counts where the words of ``beside`` are in the same
    column with at most ``distance`` words between.
    """

    columns: tuple[str, ...]
    words: tuple[str, ...]
    beside: tuple[str, ...] = ()
    distance: int = 0
    begins: bool = False

    @property
    def reach(self) -> tuple[int, int]:
        """How many words before its start, and after it, the other side of NEAR may begin."""
        return self.distance + len(self.beside), self.distance + len(self.words)

    def is_held(self, held: bytes) -> bool:
        """Whether a document with these words holds the phrase, ignoring NEAR."""
        return any(find(held, in_row(column, self.words)) for column in self.columns)


class Sought:
    """Finds and counts several phrases in many documents.

    Phrases are grouped by their first word: most are in no column of a document, and one that
    several parts of a query ask for is found once.
    """

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._by_words: defaultdict[bytes, list[_Part]] = defaultdict(list)
        sought: dict[bytes, None] = {}
        for number, phrase in enumerate(phrases):
            for column in () if phrase.begins else phrase.columns:
                words, beside = in_row(column, phrase.words), in_row(column, phrase.beside)
                sought |= dict.fromkeys(filter(None, (words, beside)))
                self._by_words[words].append((number, column, beside, *phrase.reach))
        self._sought: defaultdict[bytes, list[bytes]] = defaultdict(list)
        for words in sought:
            self._sought[words[:SIZE]].append(words)

    @cached_property
    def _begin(self) -> re.Pattern[bytes]:
        """A pattern that finds, in one pass over a document, where any of the phrases may begin."""
        return re.compile(b"|".join(map(re.escape, self._sought)), re.DOTALL)

    def find(self, held: bytes) -> Places:
        """The positions at which each phrase begins in a document; only of those that are there."""
        places: defaultdict[bytes, list[int]] = defaultdict(list)
        if not self._sought:
            return places
        sought, search, at = self._sought, self._begin.search, 0
        while found := search(held, at):
            at = found.start()
            if at % SIZE:
                at += 1
                continue
            for words in sought[found[0]]:
                if len(words) == SIZE or held.startswith(words, at):
                    places[words].append(at // SIZE)
            at += SIZE
        return places

    def count(self, places: Places) -> Iterator[Count]:
        """Count the phrases in a document with these positions. Prefixes are not counted."""
        for words, found in places.items():
            for number, column, beside, before, after in self._by_words.get(words, ()):
                if not beside:
                    yield number, column, len(found)
                elif near := _list_near(found, places.get(beside, ()), before, after):
                    yield number, column, len(near)

    def count_one_by_one(self, held: Sequence[bytes]) -> Iterator[Sequence[Count]]:
        """The same for many documents, in order. For single words, as in most of NEAR, some of
        these are scanned together, in half of the time."""
        if any(len(words) > SIZE for some in self._sought.values() for words in some):
            yield from ([*self.count(self.find(one))] for one in held)
            return
        for start in range(0, len(held), _TOGETHER):
            yield from self._count_together(held[start : start + _TOGETHER])

    def _count_together(self, held: Sequence[bytes]) -> list[list[Count]]:
        counts: list[list[Count]] = [[] for _ in held]
        parts = [part for some in self._by_words.values() for part in some]
        apart = bytes(SIZE * max((after for *_, after in parts), default=0))
        whole = [one[: len(one) // SIZE * SIZE] + apart for one in held]
        ends = [*accumulate(len(one) // SIZE for one in whole)]
        places = dict(_find_each(b"".join(whole), [*self._sought]))
        for words in filter(places.get, self._by_words):
            for number, column, beside, before, after in self._by_words[words]:
                found = places[words]
                if beside and not (found := _list_near(found, places[beside], before, after)):
                    continue
                for one, times in Counter(map(bisect_right, repeat(ends), found)).items():
                    counts[one].append((number, column, times))
        return counts

    def count_in_each(self, held: Sequence[bytes]) -> Iterator[tuple[int, str, Mapping[int, int]]]:
        """The same for many documents: the frequency of each phrase by the index of the document.
        All are scanned in one pass, in a quarter of the time."""
        if any(part[2] for parts in self._by_words.values() for part in parts):
            for one, words in enumerate(held):
                for number, column, times in self.count(self.find(words)):
                    yield number, column, {one: times}
            return
        ends = [end // SIZE for end in accumulate(map(len, held))]
        for words, places in _find_each(b"".join(held), [*self._by_words]):
            documents = [*map(bisect_right, repeat(ends), places)]
            if last := len(words) // SIZE - 1:  # a phrase may not run into the next document
                found = zip(documents, places, strict=True)
                documents = [one for one, at in found if at + last < ends[one]]
            often = Counter(documents)
            for number, column, *_ in self._by_words[words]:
                yield number, column, often


def _find_each(held: bytes, asked: Sequence[bytes]) -> Iterator[tuple[bytes, Sequence[int]]]:
    """Find the positions of each of these phrases, as ``find`` does."""
    if len(asked) < _FEW:
        yield from ((words, find(held, words)) for words in asked)
        return
    if len(asked) >= _SOME:
        yield from _find_all(held, asked).items()
        return
    firsts, seconds = held[::SIZE], held[1::SIZE]
    for words in asked:
        first, second, found = words[0], words[1], list[int]()
        at = firsts.find(first)
        while at >= 0:
            if seconds[at] == second and held.startswith(words, SIZE * at):
                found.append(at)
            at = firsts.find(first, at + 1)
        yield words, found


def _find_all(held: bytes, asked: Sequence[bytes]) -> Mapping[bytes, Sequence[int]]:
    """The same for many phrases, in one pass. Each of the first two bytes of all words is
    translated to 1 where some phrase has it there, else to 0; a bitwise AND of the two rows of
    bytes, each as one long number, leaves the words at which a phrase may begin."""
    found: dict[bytes, list[int]] = {words: [] for words in asked}
    begin: defaultdict[bytes, list[bytes]] = defaultdict(list)
    for words in asked:
        begin[words[:SIZE]].append(words)
    marks = -1
    for place in range(2):
        table = bytearray(256)
        for one in begin:
            table[one[place]] = 1
        marks &= int.from_bytes(held[place::SIZE].translate(table), "little")
    marked = marks.to_bytes(len(held[::SIZE]), "little")
    at = marked.find(1)
    while at >= 0:
        for words in begin.get(held[SIZE * at : SIZE * at + SIZE], ()):
            if held.startswith(words, SIZE * at):
                found[words].append(at)
        at = marked.find(1, at + 1)
    return found


def _list_near(
    found: Sequence[int], others: Sequence[int], before: int, after: int
) -> Sequence[int]:
    """The positions of ``found`` that have one of ``others`` within reach."""
    near, nearest = list[int](), 0
    for at in found if others else ():
        nearest = bisect_left(others, at - before, nearest)
        if nearest == len(others):
            break
        if others[nearest] <= at + after:
            near.append(at)
    return near


@dataclass(frozen=True, slots=True)
class Group:
    """Alternative phrases of which a document must hold at least one.

    It has one side, or two for NEAR; a side lists the same words in every combination of terms.
    ``others``: of an OR the groups of its other parts, of which one does as well. ``first``: the
    number of the first phrase among those that are counted; those of the others follow.
    """

    phrases: tuple[Phrase, ...]
    sides: tuple[tuple[Phrase, ...], ...]
    first: int = 0
    others: tuple["Group", ...] = ()

    def is_held(self, counts: Sequence[Count]) -> bool:
        """Whether a document with these counts holds any of the phrases."""
        number_of = len(self.phrases) + sum(len(other.phrases) for other in self.others)
        numbers = range(self.first, self.first + number_of)
        return any(number in numbers for number, *_ in counts)

    @property
    def pattern(self) -> str | None:
        """A regular expression that matches the signs of every document that may hold one; None
        where it would be slower than checking all candidates."""
        if any(group.phrases[0].distance > FARTHEST for group in (self, *self.others)):
            return None
        return "|".join(
            one
            for group in (self, *self.others)
            for column in group.phrases[0].columns
            for one in group._patterns(column)
        )

    @property
    def rough(self) -> str | None:
        """A weaker expression that rejects fewer, in a third of the time: any two of the words are
        near each other."""
        if self.pattern is None or self.others or len(self.sides) == 1:
            return None
        asked = (phrase for side in self.sides for phrase in side)
        told = {
            sign(column, w) for phrase in asked for column in phrase.columns for w in phrase.words
        }
        some = f"[{''.join(sorted(told))}]"
        return f"{some}.{{0,{self.phrases[0].distance}}}{some}"

    def _patterns(self, column: str) -> Iterator[str]:
        sides = [_pattern(column, side) for side in self.sides]
        yield f".{{0,{self.phrases[0].distance}}}".join(sides)
        if len(sides) > 1:
            yield f".{{0,{self.phrases[0].distance}}}".join(sides[::-1])


def _pattern(column: str, side: Sequence[Phrase]) -> str:
    places = zip(*(phrase.words for phrase in side), strict=True)
    signs = ({sign(column, word) for word in words} for words in places)
    return "".join(f"[{''.join(sorted(some))}]" for some in signs)


@lru_cache(maxsize=10_000)
def in_row(column: str, words: tuple[str, ...]) -> bytes:
    """The hashes of a phrase in a column."""
    return b"".join([code(column, word) for word in words])


def find(held: bytes, asked: bytes) -> Sequence[int]:
    """The positions, counted in words, at which a phrase begins in a document's words."""
    at = held.find(asked)
    if at < 0:
        return ()
    found = []
    while at >= 0:
        if at % SIZE == 0:
            found.append(at // SIZE)
        at = held.find(asked, at + 1)
    return found
