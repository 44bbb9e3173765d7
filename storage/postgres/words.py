"""The words of a document in a row, each as four bytes: where they stand is read from there.

A tsvector tells the same, but takes some ten times as long to unpack and look through. Words of
the title, the body and what is attached follow one another, then every form once; each with its
column (``lexemes.lexeme``), so that none is taken for another's. Two words have the same four bytes
once in four thousand million: one would have to be asked for, and the other stand where it should.

The terms among them stand in a row of *signs* too, of which there are few: by a regular expression
the server soon leaves out nearly all documents where words stand otherwise than asked.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import accumulate, chain, repeat

from storage.postgres.lexemes import ATTACHED, BODY, FORM, TITLE, lexeme
from storage.query.words.analysis import Analysed

SIZE = 4
FARTHEST = 10
"""Words that may lie between others for signs to tell of it: what lies farther, most hold, and with
each place between it takes longer to tell."""
_FEW = 4
"""Words that are looked for as they are; more of them by their first bytes, in half the time."""
_FIRST_SIGN, _SIGNS = 0x100, 1_792  # all that UTF-8 writes in two bytes, but for the first


@lru_cache(maxsize=50_000)
def code(column: str, word: str) -> bytes:
    """A term or form of a column."""
    return sha256(lexeme(column, word).encode("utf-8", "replace")).digest()[:SIZE]


@lru_cache(maxsize=50_000)
def sign(column: str, word: str) -> str:
    """A term of a column as one character, which others have too."""
    return chr(_FIRST_SIGN + int.from_bytes(code(column, word)[:2]) % _SIGNS)


def write_words(analysed: Analysed) -> bytes:
    """All words of a document."""
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
    """The terms of a document, a sign each, in the order of ``write_words``."""
    title, body, attached = analysed.columns
    columns = ((TITLE, title.terms), (BODY, body.terms), (ATTACHED, attached.terms))
    return "".join([sign(column, term) for column, terms in columns for term in terms])


Places = Mapping[bytes, Sequence[int]]
"""Where words in a row begin in a document, by their codes; of those alone that do."""

_Part = tuple[int, str, bytes, int, int]
"""A phrase in one of its columns: its number, the column, the codes of what must stand beside it,
and how far before and behind it that may begin."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in a row that one of the columns may hold; ``begins``: one that only begins so.

    It counts where it has others ``beside`` it in the column, with at most ``distance`` words
    between them.
    """

    columns: tuple[str, ...]
    words: tuple[str, ...]
    beside: tuple[str, ...] = ()
    distance: int = 0
    begins: bool = False

    @property
    def reach(self) -> tuple[int, int]:
        """How far before it, and behind it, one ``beside`` it may begin."""
        return self.distance + len(self.beside), self.distance + len(self.words)

    def is_held(self, held: bytes) -> bool:
        """Whether a document with these words holds it, whatever it has beside it."""
        return any(find(held, in_row(column, self.words)) for column in self.columns)


class Sought:
    """Phrases that are looked for in many documents, by the words that they begin with: most of
    them stand in none of a document's columns, and what does is found once."""

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
        """Finds in one walk over a document where any of them may begin."""
        return re.compile(b"|".join(map(re.escape, self._sought)), re.DOTALL)

    def find(self, held: bytes) -> Places:
        """Where each of what is looked for begins in a document with these words, if it does."""
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

    def count(self, places: Places) -> Iterator[tuple[int, str, int]]:
        """Which of the phrases a document holds, with words in these places: the number of each,
        in which column, how often; nothing of those that only begin so."""
        for words, found in places.items():
            for number, column, beside, before, after in self._by_words.get(words, ()):
                if not beside:
                    yield number, column, len(found)
                elif (others := places.get(beside)) and (
                    times := _count_near(found, others, before, after)
                ):
                    yield number, column, times

    def count_in_each(self, held: Sequence[bytes]) -> Iterator[tuple[int, str, Mapping[int, int]]]:
        """The same of many documents with these words: how often each of them holds it that does,
        by its place among them. They are looked through in one walk, in a quarter of the time."""
        if any(part[2] for parts in self._by_words.values() for part in parts):
            for one, words in enumerate(held):
                for number, column, times in self.count(self.find(words)):
                    yield number, column, {one: times}
            return
        ends = [end // SIZE for end in accumulate(map(len, held))]
        for words, places in _find_each(b"".join(held), [*self._by_words]):
            documents = [*map(bisect_right, repeat(ends), places)]
            if last := len(words) // SIZE - 1:  # these may not go on in another document
                found = zip(documents, places, strict=True)
                documents = [one for one, at in found if at + last < ends[one]]
            often = Counter(documents)
            for number, column, *_ in self._by_words[words]:
                yield number, column, often


def _find_each(held: bytes, asked: Sequence[bytes]) -> Iterator[tuple[bytes, Sequence[int]]]:
    """Where each of some words in a row begins, as ``find`` does."""
    if len(asked) < _FEW:
        yield from ((words, find(held, words)) for words in asked)
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


def _count_near(found: Sequence[int], others: Sequence[int], before: int, after: int) -> int:
    """How many have one of the others as near as that."""
    times = 0
    for at in found:
        nearest = bisect_left(others, at - before)
        times += nearest < len(others) and others[nearest] <= at + after
    return times


@dataclass(frozen=True, slots=True)
class Group:
    """Phrases of which a document must hold one, of one side or of two that stand near: each side
    says the same in every term that its words may have."""

    phrases: tuple[Phrase, ...]
    sides: tuple[tuple[Phrase, ...], ...]
    _sought: Sought = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_sought", Sought(self.phrases))

    def is_held(self, places: Places) -> bool:
        """Whether a document with words in these places holds one."""
        return any(True for _ in self._sought.count(places))

    @property
    def pattern(self) -> str | None:
        """The regular expression that finds something in the signs of whatever holds one; None
        where it would take longer than to look at all."""
        if self.phrases[0].distance > FARTHEST:
            return None
        columns = self.phrases[0].columns
        return "|".join(one for column in columns for one in self._patterns(column))

    @property
    def rough(self) -> str | None:
        """One that refuses fewer, in a third of the time: any two of what is asked stand near."""
        if self.pattern is None or len(self.sides) == 1:
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
    """Words that follow one another in a column."""
    return b"".join([code(column, word) for word in words])


def find(held: bytes, asked: bytes) -> Sequence[int]:
    """Where words in a row begin among others: how many stand before them."""
    at = held.find(asked)
    if at < 0:
        return ()
    found = []
    while at >= 0:
        if at % SIZE == 0:
            found.append(at // SIZE)
        at = held.find(asked, at + 1)
    return found
