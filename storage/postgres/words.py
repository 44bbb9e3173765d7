"""The words of a document in a row, each as four bytes: where they stand is read from there.

A tsvector tells the same, but takes some ten times as long to unpack and look through. Words of
the title, the body and what is attached follow one another, then every form once; each with its
column (``lexemes.lexeme``), so that none is taken for another's. Two words have the same four bytes
once in four thousand million: one would have to be asked for, and the other stand where it should.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from itertools import chain

from storage.postgres.lexemes import ATTACHED, BODY, FORM, TITLE, lexeme
from storage.query.words.analysis import Analysed

SIZE = 4


@lru_cache(maxsize=50_000)
def code(column: str, word: str) -> bytes:
    """A term or form of a column."""
    return sha256(lexeme(column, word).encode("utf-8", "replace")).digest()[:SIZE]


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

    def count(self, column: str, held: bytes) -> int:
        """How often a column of a document holds it, which has these words; not for what only
        ``begins`` so."""
        found = find(held, in_row(column, self.words))
        if not found or not self.beside:
            return len(found)
        others = find(held, in_row(column, self.beside))
        before, after = self.distance + len(self.beside), self.distance + len(self.words)
        nearest = ((at, bisect_left(others, at - before)) for at in found)
        return sum(n < len(others) and others[n] <= at + after for at, n in nearest)

    def is_held(self, held: bytes) -> bool:
        """Whether a document with these words holds it."""
        return any(self.count(column, held) for column in self.columns)


@dataclass(frozen=True, slots=True)
class Group:
    """Phrases of which a document must hold one."""

    phrases: tuple[Phrase, ...]
    _parts: tuple[tuple[bytes, str, Phrase], ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        parts = (
            (in_row(column, phrase.words), column, phrase)
            for phrase in self.phrases
            for column in phrase.columns
        )
        object.__setattr__(self, "_parts", tuple(parts))

    def is_held(self, held: bytes) -> bool:
        """Whether a document with these words holds one."""
        for asked, column, phrase in self._parts:
            if asked in held and phrase.count(column, held):
                return True
        return False


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
