"""What a later post is to somebody who was told of an earlier one: nothing new, more, or news.

A wrong *fold* hides a post from people who asked for it and leaves no trace; a missed one costs a
message too many. So a post folds only if all its own words stand in the earlier one, in their
order, with none changed, added or left out between: a copy with other typography or a misprint,
said twice, headed, or cut short at the end of a sentence. Pure; the texts are those of posts
without their channels' standing lines (``standing``).
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

from handlers.stories import tokens
from handlers.stories.tokens import Token

Kind: TypeAlias = Literal["fold", "follow", "send"]
IsWord: TypeAlias = Callable[[str], bool]
"""Whether a folded word stands in a dictionary of its language."""

FEW = 5
"""A post of fewer own words folds only with its exact copy in another channel."""
ALIKE = 0.75
"""So much of both texts is the same where one is the other with something changed."""
KEPT = 0.9
"""So much of the earlier text stands in a longer version of it."""
LONGEST = 1500
"""Texts of more tokens are not compared word by word: they are sent."""
MOST_MATCHES = 30_000
"""So are texts in which so many pairs of equal words can be formed: one word said a thousand times
would hold up everybody else."""

_HEADS = (
    ("just", "in"),
    ("breaking", "news"),
    ("breaking",),
    ("urgent",),
    ("flash",),
    ("срочно",),
    ("важно",),
    ("молния",),
    ("внимание",),
)
_QUOTES = " \n\"'»“”’*_"
_CALL = r"(?:read (?:more|on|in full)|чита(?:ть|йте) (?:далее|дальше|полностью)|подробнее)"
_MORE = re.compile(rf"(?:\.\.\.|…)\W*{_CALL}?\W*$|\W{_CALL}\W*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a later post is; ``fresh``: where in its text what is new stands, as ranges of
    characters, for a follow-up."""

    kind: Kind
    fresh: tuple[tuple[int, int], ...] = ()


FOLD, SEND = Verdict(kind="fold"), Verdict(kind="send")


def judge(earlier: str, later: str, *, same_channel: bool, is_word: IsWord) -> Verdict:
    """The verdict on ``later`` for a reader who got ``earlier``. Texts without words fold never."""
    cut = _MORE.search(later)
    said = later[: cut.start()] if cut else later
    mine = tokens.once(_without_head(tokens.read(said)))
    theirs = tokens.once(_without_head(tokens.read(earlier)))
    if not mine or not theirs or max(len(mine), len(theirs)) > LONGEST:
        return SEND
    if len(mine) < FEW or len(theirs) < FEW:
        is_copy = _keys(mine) == _keys(theirs) and not same_channel
        return FOLD if is_copy and _signs_agree(earlier, later) else SEND
    if _keys(mine) != _keys(theirs) and _matches(theirs, mine) > MOST_MATCHES:
        return SEND
    pairs = _Pairs(theirs, mine, is_word, is_cut=cut is not None)
    says_all = not said.rstrip(_QUOTES).endswith(":")  # else the rest is in a picture
    if (
        says_all
        and pairs.is_part
        and _signs_agree(earlier, later)
        and _is_cut_at_sentences(earlier, pairs)
    ):
        return FOLD
    return pairs.verdict()


def _without_head(found: Sequence[Token]) -> Sequence[Token]:
    """Without the word that only cries: BREAKING, СРОЧНО."""
    keys = _keys(found[:2])
    for head in _HEADS:
        if tuple(keys[: len(head)]) == head and len(found) >= len(head) + FEW:
            return found[len(head) :]
    return found


def _matches(earlier: Sequence[Token], later: Sequence[Token]) -> int:
    """How many pairs of equal words two texts have: the work of laying them beside each other."""
    counts = Counter(_keys(earlier))
    return sum(counts[key] for key in _keys(later))


def _signs_agree(earlier: str, later: str) -> bool:
    one, other = tokens.signs(earlier), tokens.signs(later)
    return not one or not other or one == other


def _keys(found: Sequence[Token]) -> list[str]:
    return [token.key for token in found]


class _Pairs:
    """Two texts laid beside each other: what is the same, what was lost, what is fresh."""

    def __init__(
        self, earlier: Sequence[Token], later: Sequence[Token], is_word: IsWord, *, is_cut: bool
    ) -> None:
        self.earlier, self.later = earlier, later
        self.fresh: list[Token] = []
        self.same = 0
        self.first: int | None = None
        self.last = -1
        self.is_part = True
        self.is_truncated = is_cut
        matcher = SequenceMatcher(None, _keys(earlier), _keys(later), autojunk=False)
        for tag, start, end, begins, stops in matcher.get_opcodes():
            lost, gained = earlier[start:end], later[begins:stops]
            if tag == "equal" or self._is_misprint(lost, gained, is_word):
                self._take_same(start, end)
            elif is_cut and stops == len(later) and _is_cut_word(lost, gained):
                self._take_same(start, start + 1)
            elif tag == "delete":
                self._lose(begins)
            else:
                self.is_part = False
                self.fresh += gained

    def _take_same(self, start: int, end: int) -> None:
        self.first = start if self.first is None else self.first
        self.same += end - start
        self.last = end - 1

    def _lose(self, place: int) -> None:
        """Words are left out: at either end that may be a cut, between others it is a change."""
        if 0 < place < len(self.later):
            self.is_part = False

    @staticmethod
    def _is_misprint(lost: Sequence[Token], gained: Sequence[Token], is_word: IsWord) -> bool:
        return len(lost) == len(gained) and all(
            _is_misprint(one, other, is_word) for one, other in zip(lost, gained, strict=True)
        )

    def verdict(self) -> Verdict:
        """Where it is no copy: more of the same statement, or another one."""
        kept, share = self.same / len(self.earlier), self.same / len(self.later)
        if kept < KEPT and min(kept, share) < ALIKE:
            return SEND
        names = any(token.is_name for token in self.fresh if not self._begins_sentence(token))
        is_changed = kept < 1.0
        if is_changed and names and share >= ALIKE:
            return SEND
        return Verdict(kind="follow", fresh=_ranges(self.fresh))

    def _begins_sentence(self, token: Token) -> bool:
        return token is self.later[0]


def _is_cut_word(lost: Sequence[Token], gained: Sequence[Token]) -> bool:
    """Whether all that is fresh is the beginning of the next word."""
    return len(gained) == 1 and bool(lost) and lost[0].key.startswith(gained[0].key)


def _is_misprint(one: Token, other: Token, is_word: IsWord) -> bool:
    """One letter slipped, and only one of the two is a word: "транспота" for "транспорта".

    Where both are words, or neither is, as with names, they may be two things.
    """
    if one.is_figure or other.is_figure or one.is_name != other.is_name:
        return False
    if min(len(one.key), len(other.key)) < 5 or not _is_one_slip(one.key, other.key):
        return False
    if one.key.isascii() or other.key.isascii():
        return not one.is_name and _is_doubled(one.key, other.key)
    return is_word(one.key) != is_word(other.key)


def _is_one_slip(one: str, other: str) -> bool:
    """Whether one letter is too many, missing, another, or two have changed places."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1 or one == other:
        return False
    start = next(
        (n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one)
    )
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    swapped = one[start : start + 2] == other[start : start + 2][::-1]
    return one[start + 1 :] == other[start + 1 :] or (
        swapped and one[start + 2 :] == other[start + 2 :]
    )


def _is_doubled(one: str, other: str) -> bool:
    """English has no dictionary here: only a letter written twice, or once, is a misprint."""
    return re.sub(r"(.)\1", r"\1", one) == re.sub(r"(.)\1", r"\1", other)


def _is_cut_at_sentences(text: str, pairs: _Pairs) -> bool:
    """Whether what a copy kept begins where a sentence begins, and ends where one ends."""
    if pairs.first is None:
        return False
    if pairs.first == 0 and pairs.last == len(pairs.earlier) - 1:
        return True
    ends = [0, *tokens.sentence_ends(text)]
    begins_well = pairs.first == 0 or _is_boundary(
        ends, pairs.earlier[pairs.first - 1].end, pairs.earlier[pairs.first].start
    )
    if pairs.last == len(pairs.earlier) - 1 or pairs.is_truncated:
        return begins_well
    return begins_well and _is_boundary(
        ends, pairs.earlier[pairs.last].end, pairs.earlier[pairs.last + 1].start
    )


def _is_boundary(ends: Sequence[int], before: int, after: int) -> bool:
    return any(before <= end <= after for end in ends)


def _ranges(fresh: Sequence[Token]) -> tuple[tuple[int, int], ...]:
    """Where tokens stand; those that follow each other closely are one range."""
    ranges: list[tuple[int, int]] = []
    for token in sorted(fresh, key=lambda token: token.start):
        if ranges and token.start - ranges[-1][1] <= 2:
            ranges[-1] = (ranges[-1][0], token.end)
        else:
            ranges.append((token.start, token.end))
    return tuple(ranges)
