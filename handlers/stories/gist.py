"""A post's gist: a vector of its words, by which other posts about the same event are found.

Only the beginning of a post is read: it says what happened. Words are compared by their first
letters, which stand for all their forms in Russian and English alike. A word weighs more the fewer
posts of the archive have it, and a figure twice that. Posts in Russian letters and others are
counted separately: a word that is common in one language would look rare beside many posts in the
other. Pure.
"""

import math
import re
import sys
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple, TypeAlias

Gist: TypeAlias = dict[int, int]
"""Terms by number with their weights, heaviest first; the length of the vector is ``ONE``, or 0
where it is empty. Terms that are figures have odd numbers."""

ONE = 255

LETTERS = 350
"""The number of letters of a post that are read."""
STEM = 5
"""Words are compared by this many first letters."""
FIGURES_WEIGH = 2.0
MOST_TERMS = 64

SPOKEN = 8
SMALLEST = 1.1
RARE = 0.15
"""To count the posts in a post's language. A post of ``SPOKEN`` terms or more has one of the
smallest words of its language, which stand in nearly all posts of it: there are ``SMALLEST`` times
as many posts in the language as posts with the word. If that is a smaller share of all posts than
``RARE``, terms are weighed among these posts alone."""
ALONE = 8
"""A word that stands in this many times as many posts as any other of a post may be of another
language: it is if the post has ``LONG`` terms, or ``ALIKE`` more in about as many posts as the
second, as the smallest words of a language are. A short post often has but one small word."""
LONG = 20
ALIKE = 4
ENOUGH = 100
"""With fewer posts than this all count as posts in one language."""
FOREIGN = 12
"""With fewer posts in a language its words cannot be weighed."""

_ADDRESS = re.compile(r"(?:https?://|www\.|t\.me/)\S+|@\w+")
_MARKS = ("@", "t.me/", "http", "www.")
"""A text without any of these has no address."""
_WORD = re.compile(r"\w+")


class Terms(NamedTuple):
    """How often each term stands in the beginning of a post, and whether most of that is in Russian
    letters."""

    times: Mapping[int, int]
    russian: bool


def read(text: str) -> Terms:
    """The terms of a text, without addresses."""
    beginning = text[: 2 * LETTERS]
    if any(map(beginning.__contains__, _MARKS)):
        beginning = _ADDRESS.sub(" ", beginning)
    words = _WORD.findall(beginning[:LETTERS].lower().replace("ё", "е"))
    russian = sum(map("а".__le__, words))
    times = Counter(map(_TERMS.__getitem__, words))
    return Terms(dict(islice(times.items(), MOST_TERMS)), 2 * russian > len(words))


def number(word: str) -> int:
    """The number of a word's term."""
    return _TERMS[word]


class _Terms(dict[str, int]):
    """A cache from words to the numbers of their terms, emptied when it has 30,000 words."""

    def __missing__(self, word: str) -> int:
        if len(self) >= 30_000:
            self.clear()
        is_figure = word[0].isdigit()
        beginning = word if is_figure else word[:STEM]
        number = zlib.crc32(beginning.encode("utf-8", "replace"))
        self[word] = term = number | 1 if is_figure else number & ~1
        return term


_TERMS = _Terms()


class Frequencies:
    """In how many posts each term stands, for posts in one script."""

    MOST_POSTS = 50_000
    MOST_TERMS = 60_000

    def __init__(self, posts: int = 0, counts: Mapping[int, int] | None = None) -> None:
        self.posts = posts
        self.counts: dict[int, int] = dict(counts or {})

    def count(self, terms: Iterable[int]) -> None:
        """Count a post that has these terms."""
        self.posts += 1
        counts = self.counts
        for term in terms:
            counts[term] = counts.get(term, 0) + 1

    def settle(self) -> None:
        """Where there are too many posts, halve all counts; where there are too many terms, forget
        the rare ones."""
        if self.posts > self.MOST_POSTS:
            self.posts //= 2
            self.counts = {term: n // 2 for term, n in self.counts.items() if n > 1}
        if len(self.counts) > self.MOST_TERMS:
            self.counts = {term: n for term, n in self.counts.items() if n > 1}

    def weigh(self, terms: Mapping[int, int]) -> Gist:
        """The gist of a post with these terms."""
        log, known = math.log, self.counts.get
        counts = [known(term, 0) for term in terms]
        most = self._count_spoken(counts)
        posts = most + 2
        weights: dict[int, float] = {}
        for (term, times), count in zip(terms.items(), counts, strict=True):
            weight = log(posts / ((count if count < most else most) + 1))
            if term & 1:
                weight *= FIGURES_WEIGH
            weights[term] = weight if times == 1 else weight * (1 + log(times))
        length = math.sqrt(sum([weight * weight for weight in weights.values()])) / ONE
        heaviest = sorted([(-weight, term) for term, weight in weights.items()])
        return {term: round(-weight / length) for weight, term in heaviest}

    def is_foreign(self, terms: Iterable[int]) -> bool:
        """Whether a post with these terms is in a language that nearly nothing is known of, so that
        its words can't be weighed."""
        spoken = self._count_spoken([self.counts.get(term, 0) for term in terms])
        return spoken < min(FOREIGN, self.posts)

    def _count_spoken(self, counts: Sequence[int]) -> int:
        """How many posts are in the language of a post; ``counts``: in how many posts each of its
        terms stands. Where few are, the smallest words of the language are rare among all posts,
        and would make its posts alike."""
        if len(counts) < SPOKEN or self.posts < ENOUGH:
            return self.posts
        first, second, *others = sorted(counts, reverse=True)
        # A word that is spelt like one of another language ("to") is alone in being common.
        is_alone = first > ALONE * second
        if is_alone and len(counts) < LONG:
            is_alone = 2 * others[ALIKE - 1] > second
        most = SMALLEST * (second if is_alone else first)
        return self.posts if most >= RARE * self.posts else int(most)

    def pack(self) -> bytes:
        """The frequencies as bytes for the database, which ``unpack`` reads."""
        return _bytes(array("I", self.counts)) + _bytes(array("I", self.counts.values()))

    @classmethod
    def unpack(cls, posts: int, packed: bytes) -> "Frequencies":
        """What ``pack`` wrote, counted over ``posts``."""
        numbers = _numbers(packed)
        half = len(numbers) // 2
        return cls(posts, dict(zip(numbers[:half], numbers[half:], strict=True)))


def product(one: Mapping[int, int], other: Mapping[int, int]) -> int:
    """The scalar product of two vectors."""
    # ``one`` is compared with many: its terms are in the cache, most of the other's are not
    # touched.
    return sum([one[term] * other[term] for term in filter(other.__contains__, one)])


def evidence(one: Mapping[int, int], other: Mapping[int, int]) -> int:
    """The scalar product, in which figures count at most as much as words: the same figure alone
    can stand in the weather and in the news."""
    words = figures = 0
    for term in filter(other.__contains__, one):
        if term & 1:
            figures += one[term] * other[term]
        else:
            words += one[term] * other[term]
    return words + min(words, figures)


def likeness(one: Gist, other: Gist) -> float:
    """The cosine of two gists: 1 for the same, 0 where they share nothing."""
    return product(one, other) / (ONE * ONE)


def figures(gist: Gist) -> set[int]:
    """The figures among the terms."""
    return {term for term in gist if term & 1}


def words(gist: Gist) -> set[int]:
    """The words among the terms."""
    return {term for term in gist if not term & 1}


def pack(gist: Gist) -> bytes:
    """Five bytes a term, as ``unpack`` reads them."""
    return _bytes(array("I", gist)) + bytes(gist.values())


def unpack(packed: bytes) -> Gist:
    """The gist that ``pack`` wrote."""
    size = len(packed) // 5 * 4
    return dict(zip(_numbers(packed[:size]), packed[size:], strict=True))


def _bytes(numbers: "array[int]") -> bytes:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def _numbers(packed: bytes) -> "array[int]":
    numbers = array("I", packed)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
