"""Finds copies of a post: edited, cut, signed, with another heading, or repeated.

Two steps. A *sketch* finds candidates: the lowest hashes of its shingles (three words in a row), so
that a part of a post has some in common with the whole. ``same_story`` then compares two texts: how
much of the shorter one is in the longer one, and whether the rest of it is scattered, as edits are,
or in one piece, as in a post that quotes another. Pure; a text always has the same sketch.
"""

import functools
import hashlib
import re
import sys
from array import array
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from handlers.stories import statements

SHINGLE = 3
LOWEST = 18
SHARE = 16
MOST = 64
"""The most hashes of a sketch: the ``LOWEST`` lowest, and beyond them those below one in ``SHARE``
of all values."""

HASH_BITS = 31
_FLOOR = (1 << HASH_BITS) // SHARE
_BYTES = 4
"""The size of a hash in bytes; big-endian."""
_BELOW = ((1 << HASH_BITS) - 1).to_bytes(_BYTES, "big")
_CACHED_DIGESTS = 30_000
_CACHED_WORDS = 10_000
_CACHED_TEXTS = 256


class HashedWord(NamedTuple):
    """A folded word, with its digest: three random numbers, used where it is the first, second or
    third word of a shingle.

    ``name``: written with a capital letter; ``number``: a figure, a small numeral, a day of the
    week or a month.
    """

    digest: bytes
    folded: str
    name: bool
    number: bool


class _Digests(dict[str, bytes]):
    """A cache from text between white space to the digest of its word, empty for text without one.
    It keeps at least the last ``_CACHED_DIGESTS`` entries, and at most twice as many."""

    def __init__(self) -> None:
        super().__init__()
        self._former: dict[str, bytes] = {}

    def __missing__(self, written: str) -> bytes:
        digest = self._former.get(written)
        if digest is None:
            digest = _digest(written) if written.isalnum() else self._of_bare(_bare(written))
        if len(self) >= _CACHED_DIGESTS:
            self._former = self.copy()
            self.clear()
        self[written] = digest
        return digest

    def _of_bare(self, bare: str) -> bytes:
        return self[bare] if bare else b""


def _bare(written: str) -> str:
    """The letters and digits; empty for an address."""
    return "" if _ADDRESS.match(written) else "".join(filter(str.isalnum, written))


def _fold(bare: str) -> str:
    return bare.lower().replace("ё", "е")


def _digest(bare: str) -> bytes:
    folded = _fold(bare).encode("utf-8", "replace")
    return hashlib.blake2b(folded, digest_size=SHINGLE * _BYTES).digest()


_DIGESTS = _Digests()


@functools.lru_cache(maxsize=_CACHED_WORDS)
def _read_word(written: str) -> HashedWord | None:
    bare = written if written.isalnum() else _bare(written)
    if not bare:
        return None
    folded = _fold(bare)
    digest = _masked(_DIGESTS[written], SHINGLE)
    return HashedWord(digest, folded, bare[0].isupper(), statements.is_number(folded))


def _masked(hashes: bytes, count: int) -> bytes:
    """``count`` hashes in a row, each cut to ``HASH_BITS``."""
    kept = int.from_bytes(hashes, "big") & int.from_bytes(_BELOW * count, "big")
    return kept.to_bytes(len(hashes), "big")


def sketch(text: str) -> tuple[int, ...]:
    """The sketch of a text: hashes of ``HASH_BITS`` bits, ascending; empty below three words."""
    digests = _digests(_without_calls(text).split())
    hashes = sorted(set(_shingles(digests) or _hash_unspaced(text, digests)))
    count = LOWEST
    while count < min(len(hashes), MOST) and hashes[count] < _FLOOR:
        count += 1
    return tuple(hashes[:count])


def _hash_unspaced(text: str, digests: Sequence[bytes]) -> Sequence[int]:
    """Hashes of a whole text in writing without spaces, which has no shingles."""
    if not digests or not _UNSPACED.search(text):
        return ()
    whole = hashlib.blake2b(b"".join(digests), digest_size=SHINGLE * _BYTES).digest()
    hashes = _masked(whole, SHINGLE)
    return [int.from_bytes(hashes[at : at + _BYTES], "big") for at in range(0, len(hashes), _BYTES)]


class Reading(NamedTuple):
    """The words of a text, once if it says everything twice, and the hashes of its shingles."""

    words: Sequence[HashedWord]
    shingles: Sequence[int]


_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]{8}")
_CRY = re.compile(r"\W*(?:快讯|快訊|突发|突發|最新消息|最新|速报|速報|号外)\W+(?=\w{8})")
"""A word such as "breaking" before a text in writing without spaces, which would otherwise be one
word with it."""
# Text that tells readers where to go on, rather than what happened.
_ADDRESS = re.compile(r"\W*(?:https?://|www\.|t\.me/|@\w)", re.IGNORECASE)
_CALL = re.compile(
    r"\b(?:подпи(?:с|ш)|присыла|прислать|пришлите|читать|читайте|подробн|написать|обсудить|в чате"
    r"|наш(?:а|и)? (?:канал|чат|бот|групп|сайт)"
    r"|read (?:in full|more|on|the full)|full (?:text|story)|subscribe|follow us|join (?:us|our)"
    r"|our (?:channel|chat|site))",
    re.IGNORECASE,
)
_CALL_WORDS = 12
_CALL_LENGTH = 160
_MORE = re.compile(
    r"(?:read (?:in full|more)|чита(?:ть|йте) (?:далее|дальше|полностью)|подробнее)\W*$",
    re.IGNORECASE,
)
_MORE_LENGTH = 30


@functools.lru_cache(maxsize=_CACHED_TEXTS)
def read(text: str) -> Reading:
    """The words and shingles of a text without calls below it ("subscribe!")."""
    written = _without_calls(text).split()
    digests = _digests(written)
    found = list(filter(None, map(_read_word, written)))
    return Reading(found[: len(digests)], _shingles(digests))


def _digests(written: Sequence[str]) -> Sequence[bytes]:
    """The digests of the words, once if everything is said twice."""
    found = list(filter(None, map(_DIGESTS.__getitem__, written)))
    half, odd = divmod(len(found), 2)
    while half and not odd and found[0] == found[half] and found[:half] == found[half:]:
        found = found[:half]
        half, odd = divmod(half, 2)
    return found


def _shingles(digests: Sequence[bytes]) -> Sequence[int]:
    """The hash of every three words in a row: the exclusive or of the first number of the first
    word, the second of the second and the third of the third."""
    count = len(digests) - SHINGLE + 1
    if count <= 0:
        return ()
    numbers = array("I", b"".join(digests))
    first, second, third = (
        int.from_bytes(numbers[at::SHINGLE][:count].tobytes(), "big")
        for at in range(0, SHINGLE * SHINGLE, SHINGLE + 1)
    )
    mixed = (first ^ second ^ third).to_bytes(_BYTES * count, "big")
    hashes = array("I", _masked(mixed, count))
    if sys.byteorder == "little":
        hashes.byteswap()
    return hashes


def _folded(found: Sequence[HashedWord]) -> list[str]:
    return [word.folded for word in found]


def _without_calls(text: str) -> str:
    cry = _CRY.match(text)
    text = text[cry.end() :] if cry else text
    rest = text.rstrip()
    while (above := rest.rfind("\n")) > 0 and _is_call(rest[above + 1 :]):
        rest = rest[:above].rstrip()
    more = _MORE.search(rest, max(0, len(rest) - _MORE_LENGTH))
    rest = rest[: more.start()] if more else rest
    # Enough must be left: a call can be all that a post is about.
    return rest if len(rest) == len(text) or len(rest.split()) >= LEAST else text


def _is_call(line: str) -> bool:
    if len(line) > _CALL_LENGTH:
        return False
    said = [part for part in line.split() if _DIGESTS[part] and not part.startswith("#")]
    return not said or (len(said) <= _CALL_WORDS and _CALL.search(line) is not None)


COVERED = 0.5
"""The share of the shorter text that must stand in the longer one, in runs of three words or more.
"""
NEW_WORDS = 8
NEW_SHARE = 0.2
"""The longest run of other words in the shorter text: ``NEW_WORDS``, or this share of it where that
is more."""
SHORT = 30
"""In a text of fewer words a single other number or name makes another statement."""
LEAST = 4
"""The fewest words that may be left of a post when calls ("subscribe!") are taken away."""
TERSE = 8
"""In a text of fewer words any other word makes another statement."""
MANY_NUMBERS = 3
"""From this many different numbers on, a longer text may be another day's report in the same words.
"""
LONGEST_NUMBER = 4
LONGEST_NAME = 3
"""The most words of a number and of a name, with the words changed beside them."""


def same_story(one: str, other: str) -> bool:
    """Whether two texts say the same. Symmetric; false for texts without words."""
    small, large = sorted((read(one), read(other)), key=_length_and_words)
    if len(small.words) == len(large.words) and _folded(small.words) == _folded(large.words):
        return bool(small.words)
    return _covers(small, large) and not _contradict(small.words, large.words)


def _length_and_words(reading: Reading) -> tuple[int, Reading]:
    return len(reading.words), reading


def _covers(small: Reading, large: Reading) -> bool:
    """Whether enough of the small text is in the large one, and the rest of it is scattered."""
    size = len(small.words)
    if size < SHINGLE:
        return False
    theirs = set(large.shingles)
    # A byte for each word: first 1 where a shingle begins that both have, then 1 for each of its
    # words.
    begins = bytes(map(theirs.__contains__, small.shingles)) + bytes(SHINGLE - 1)
    number = int.from_bytes(begins, "big")
    covered = (number | number >> 8 | number >> 16).to_bytes(size, "big")
    if covered.count(1) < COVERED * size:
        return False
    longest = max(map(len, covered.split(b"\1")))
    return longest <= max(NEW_WORDS, NEW_SHARE * size)


class _Change(NamedTuple):
    """Words of the small text, and the words of the large one in their place."""

    lost: Sequence[HashedWord]
    gained: Sequence[HashedWord]


def _contradict(small: Sequence[HashedWord], large: Sequence[HashedWord]) -> bool:
    """Whether the texts differ in something that makes them two statements."""
    if len(small) >= SHORT:
        return _have_other_numbers(_numbers(small), _numbers(large))
    if f" {' '.join(_folded(small))} " in f" {' '.join(_folded(large))} ":
        return False
    changes = list(_changes(small, large))
    if len(small) < TERSE or any(map(_is_other_number, changes)):
        return True
    if any(map(_is_opposite, changes)) or (len(changes) == 1 and _negates(changes[0])):
        return True
    return bool(changes) and all(map(_is_other_name, changes))


def _have_other_numbers(mine: set[str], theirs: set[str]) -> bool:
    """Whether enough numbers differ for it to be another day's report in the same words."""
    changed = min(len(mine - theirs), len(theirs - mine))
    return changed >= MANY_NUMBERS and 3 * changed > len(mine)


def _numbers(found: Sequence[HashedWord]) -> set[str]:
    return {word.folded for word in found if word.number}


def _changes(small: Sequence[HashedWord], large: Sequence[HashedWord]) -> Iterator[_Change]:
    """The differences between the texts; at either end only replacements of the same length."""
    matcher = SequenceMatcher(None, _folded(large), _folded(small), autojunk=False)
    for tag, start, end, first, last in matcher.get_opcodes():
        change = _Change(small[first:last], large[start:end])
        at_edge = first == 0 or last == len(small)
        if tag != "equal" and (
            not at_edge or len(change.lost) == len(change.gained) <= LONGEST_NAME
        ):
            yield change


def _is_other_number(change: _Change) -> bool:
    return max(map(len, change)) <= LONGEST_NUMBER and all(map(_numbers, change))


def _is_opposite(change: _Change) -> bool:
    lost, gained = map(_folded, change)
    return any(statements.are_opposed(one, other) for one in lost for other in gained)


def _negates(change: _Change) -> bool:
    words = [*change.lost, *change.gained]
    return len(words) == 1 and statements.is_negation(words[0].folded)


def _is_other_name(change: _Change) -> bool:
    if not (change.lost and change.gained and all(word.name for side in change for word in side)):
        return False
    return not any(
        _akin(one.folded, other.folded) for one in change.lost for other in change.gained
    )


def _akin(name: str, other: str) -> bool:
    """Whether two words may be one name in two grammatical cases."""
    common = min(len(name), len(other)) - 2
    return common >= 3 and name[:common] == other[:common]
