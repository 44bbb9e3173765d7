"""Compares a later post with an earlier one that a reader got: nothing new, more of the same, or
news.

A wrong *fold* hides a post from people who asked for it and leaves no trace; a missed one costs one
message too many. So a post folds only if all its own words stand in the earlier one, in the same
order, with none changed, added or left out in between: a copy with other typography or a misprint,
said twice, with a head such as "BREAKING", or cut at the end of a sentence. Pure; the texts are
those of posts without their channels' standing lines (``standing``).
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from handlers.stories import cuts, misprints, shapes, statements, tokens
from handlers.stories.leads.doubts import denies
from handlers.stories.misprints import IsWord
from handlers.stories.tokens import Token

VerdictKind: TypeAlias = Literal["fold", "follow", "send"]
Change: TypeAlias = Literal["more", "words", "turn"]
"""How a follow-up differs: it has more words at an end, or other figures; or other words within; or
such words, or those in front, deny or doubt something, or say the opposite."""

FEW = 5
"""A post of fewer own words folds only with its exact copy in another channel."""
ALIKE = 0.75
"""The share of both texts that must be the same for a follow-up with something changed."""
KEPT = 0.9
"""The share of the earlier text that must be in the later one for a longer version of it."""
LONGEST = 1500
"""Texts of more tokens are not compared word by word: they are sent."""
MOST_MATCHES = 30_000
"""The most pairs of equal words in two texts that are compared word by word. One word repeated a
thousand times would otherwise take seconds."""

_HEADS = tuple(
    tuple(head.split())
    for line in """
        just in, breaking news, breaking, developing, urgent, flash
        срочно, экстренно, важно, главное, молния, внимание
        терміново, увага, важливо, блискавка, хитно, спешно
        eilmeldung, eil, dringend, spoed, brekend, alerte info, alerte, flash info, dernière minute
        última hora, urgente, alerta, ultim'ora, ultima ora, pilne, z ostatniej chwili, έκτακτο
        son dakika, acil, flaş, عاجل, خبر عاجل, فوری, خبر فوری, דחוף, מבזק
        快讯, 快訊, 突发, 突發, 最新, 最新消息, 速报, 速報, 号外
    """.strip().splitlines()
    for head in line.split(",")
)
_LONGEST_HEAD = max(map(len, _HEADS))
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_FEW_UNSPACED = 8
"""The fewest characters in writing without spaces that can be a post without its head."""
_ENDING = 2
_PAUSE = re.compile(r"[,;:.!?…—–\n]|\s-\s")
_QUOTES = " \n\"'»“”’*_"
_CALL = r"(?:read (?:more|on|in full)|чита(?:ть|йте) (?:далее|дальше|полностью)|подробнее)"
_CALL_LAST = re.compile(rf"{_CALL}$", re.IGNORECASE)
_LONGEST_CALL = 20
_DOTS = re.compile(r"\.\.\.|…")


class Verdict(Struct, frozen=True, kw_only=True):
    """What a later post is. ``fresh``: what is new in a follow-up, as ranges of characters of its
    text; ``change``: how it differs from the earlier text."""

    kind: VerdictKind
    fresh: tuple[tuple[int, int], ...] = ()
    change: Change = "more"


_CHANGES: Sequence[Change] = get_args(Change)

FOLD, SEND = Verdict(kind="fold"), Verdict(kind="send")


def judge(earlier: str, later: str, *, same_channel: bool, is_word: IsWord) -> Verdict:
    """The verdict on ``later`` for a reader who got ``earlier``. Texts without words never fold."""
    earlier, later = _spelt_alike(earlier, later)
    cut = breaks_off_at(later)
    said = later[:cut]
    theirs = _read(earlier, same_channel=same_channel)
    mine = _read(said, same_channel=same_channel)
    if not mine or not theirs or max(len(mine), len(theirs)) > LONGEST:
        return SEND
    if len(mine) < FEW or len(theirs) < FEW:
        is_copy = _keys(mine) == _keys(theirs) and not same_channel
        return FOLD if is_copy and _is_written_alike(earlier, later, mine, theirs) else SEND
    if _keys(mine) != _keys(theirs) and _matches(theirs, mine) > MOST_MATCHES:
        return SEND
    if not same_channel:
        mine = _without_known_tags(said, mine, theirs)
    pairs = _Pairs(theirs, mine, is_word, is_cut=cut is not None)
    says_all = not said.rstrip(_QUOTES).endswith(":")  # else the picture says the rest
    return FOLD if says_all and _is_copy(earlier, said, pairs) else pairs.verdict()


def breaks_off_at(text: str) -> int | None:
    """Where a text breaks off, in characters: at three dots at its end, or at a call to read on,
    with or without dots before it; None where it does not.

    It is searched for from the end: a pattern would try thousands of dots each against all others.
    """
    end = _end_of_words(text, len(text))
    call = _CALL_LAST.search(text, max(0, end - _LONGEST_CALL), end)
    if call is None or not call.start() or _is_word_sign(text[call.start() - 1]):
        dots = _DOTS.search(text, end)
        return dots.start() if dots else None
    dots = _DOTS.search(text, _end_of_words(text, call.start()), call.start())
    return dots.start() if dots else call.start() - 1


def _end_of_words(text: str, end: int) -> int:
    """Where the last word before ``end`` ends."""
    while end and not _is_word_sign(text[end - 1]):
        end -= 1
    return end


def _is_word_sign(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def is_short(text: str) -> bool:
    """Whether a post has too few own words to be compared by them."""
    return not _is_enough(tokens.read(text))


def _spelt_alike(earlier: str, later: str) -> tuple[str, str]:
    """The two texts, both without ё if one of them has none."""
    if "ё" in earlier and "ё" in later:
        return earlier, later
    return earlier.replace("ё", "е"), later.replace("ё", "е")


def _read(text: str, *, same_channel: bool) -> Sequence[Token]:
    return tokens.once(_without_head(text, tokens.read(text, same_channel=same_channel)))


def _is_copy(earlier: str, later: str, pairs: "_Pairs") -> bool:
    if not pairs.is_part or pairs.first is None:
        return False
    found, first, last = pairs.earlier, pairs.first, pairs.last
    return cuts.is_cut(
        earlier, found, first, last, is_truncated=pairs.is_truncated
    ) and _is_written_alike(earlier, later, pairs.later, found[first : last + 1])


def _is_written_alike(
    earlier: str, later: str, mine: Sequence[Token], theirs: Sequence[Token]
) -> bool:
    """Whether the same words are also written the same: capitals, pauses, emoji."""
    if not tokens.signs_agree(earlier, later):
        return False
    pairs = zip(mine, shapes.of(later, mine), theirs, shapes.of(earlier, theirs), strict=False)
    return not _pauses_move(earlier, later, mine, theirs) and all(
        shapes.agree(one.key, shape, other_shape) for one, shape, _, other_shape in pairs
    )


def _pauses_move(earlier: str, later: str, mine: Sequence[Token], theirs: Sequence[Token]) -> bool:
    """Whether a comma has moved: one is gone from one place, and another stands elsewhere."""
    one = {place for place, has in enumerate(_pauses(earlier, theirs)) if has}
    other = {place for place, has in enumerate(_pauses(later, mine)) if has}
    return bool(one - other) and bool(other - one)


def _pauses(text: str, found: Sequence[Token]) -> Iterator[bool]:
    for one, other in pairwise(found):
        yield _PAUSE.search(text, one.end, other.start) is not None


def _without_head(text: str, found: Sequence[Token]) -> Sequence[Token]:
    """The tokens without a first word that only calls for attention: BREAKING, СРОЧНО."""
    keys = _keys(found[:_LONGEST_HEAD])
    for head in _HEADS:
        if tuple(keys[: len(head)]) == head and _is_enough(found[len(head) :]):
            end, start = found[len(head) - 1].end, found[len(head)].start
            if "\n" in text[end:start] or text[end:start].strip():
                return found[len(head) :]
    return found


def _is_enough(found: Sequence[Token]) -> bool:
    """Whether there are enough words for a post of their own."""
    signs = sum(len(_UNSPACED.findall(token.key)) for token in found)
    return len(found) >= FEW or signs >= _FEW_UNSPACED


def _without_known_tags(
    text: str, mine: Sequence[Token], theirs: Sequence[Token]
) -> Sequence[Token]:
    """The tokens without hashtags at either end that name what the earlier text names too."""
    begin, end = 0, len(mine)
    while end - begin > FEW and _is_known_tag(text, mine[end - 1], theirs):
        end -= 1
    while end - begin > FEW and _is_known_tag(text, mine[begin], theirs):
        begin += 1
    return mine[begin:end]


def _is_known_tag(text: str, token: Token, theirs: Sequence[Token]) -> bool:
    if text[max(0, token.start - 1) : token.start] != "#":
        return False
    stem = token.key[: max(4, len(token.key) - 2)]
    return any(
        other.key.startswith(stem) and abs(len(other.key) - len(token.key)) <= _ENDING
        for other in theirs
    )


def _matches(earlier: Sequence[Token], later: Sequence[Token]) -> int:
    """The number of pairs of equal words in two texts, to which the work of comparing them is
    proportional."""
    counts = Counter(_keys(earlier))
    return sum(counts[key] for key in _keys(later))


def _keys(found: Sequence[Token]) -> list[str]:
    return [token.key for token in found]


class _Pairs:
    """Two texts aligned word by word: what is the same, what was lost, what is fresh."""

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
        self.changes: set[Change] = set()
        matcher = SequenceMatcher(None, _keys(earlier), _keys(later), autojunk=False)
        for tag, start, end, begins, stops in matcher.get_opcodes():
            lost, gained = earlier[start:end], later[begins:stops]
            if tag == "equal" or self._is_misprint(lost, gained, is_word):
                self._take_same(start, end)
            elif is_cut and stops == len(later) and _is_cut_word(lost, gained):
                self._take_same(start, start + 1)
            else:
                self._change(lost, gained, before=begins, after=len(later) - stops)

    def _take_same(self, start: int, end: int) -> None:
        self.first = start if self.first is None else self.first
        self.same += end - start
        self.last = end - 1

    def _change(
        self, lost: Sequence[Token], gained: Sequence[Token], *, before: int, after: int
    ) -> None:
        """Note words that were added, left out or replaced; left out at either end they are cut.
        ``before``, ``after``: how many others stand there."""
        if gained or (before and after):
            self.is_part = False
            self.fresh += gained
            self.changes.add(_kind_of(lost, gained, before=before, after=after))

    def _is_misprint(self, lost: Sequence[Token], gained: Sequence[Token], is_word: IsWord) -> bool:
        return (
            len(lost) == len(gained)
            and all(
                misprints.is_misprint(one, other, is_word)
                for one, other in zip(lost, gained, strict=True)
            )
            and misprints.can_be_told(self.earlier, is_word)
        )

    def verdict(self) -> Verdict:
        """The verdict if it is no copy: more of the same statement, or another one."""
        kept, share = self.same / len(self.earlier), self.same / len(self.later)
        if kept < KEPT and min(kept, share) < ALIKE:
            return SEND
        names = any(token.is_name for token in self.fresh if not self._begins_sentence(token))
        if kept < 1.0 and names and share >= ALIKE:
            return SEND
        change: Change = max(self.changes, key=_CHANGES.index, default="more")
        return Verdict(kind="follow", fresh=_ranges(self.fresh), change=change)

    def _begins_sentence(self, token: Token) -> bool:
        return token is self.later[0]


def _kind_of(lost: Sequence[Token], gained: Sequence[Token], *, before: int, after: int) -> Change:
    """How words that were replaced or added change a statement: what stands in front of it is about
    all of it, what stands below may be about something else."""
    keys = [token.key for token in (*lost, *gained)]
    turns = any(statements.is_negation(key) or denies(key) for key in keys)
    if not (lost or after):
        return "words" if turns else "more"
    if not (lost or before or turns):
        return "more"
    if turns or any(statements.are_opposed(one.key, two.key) for one in lost for two in gained):
        return "turn"
    replaced = [*zip(lost, gained, strict=False)] if len(lost) == len(gained) else []
    if replaced and all(misprints.may_be_misprint(*pair) for pair in replaced):
        return "more"
    figures = [token.is_figure or statements.is_number(token.key) for token in (*lost, *gained)]
    return "more" if lost and gained and all(figures) else "words"


def _is_cut_word(lost: Sequence[Token], gained: Sequence[Token]) -> bool:
    """Whether the only fresh token is the beginning of the next word."""
    return len(gained) == 1 and bool(lost) and lost[0].key.startswith(gained[0].key)


def _ranges(fresh: Sequence[Token]) -> tuple[tuple[int, int], ...]:
    """The ranges of characters of the tokens; tokens close to each other share a range."""
    ranges: list[tuple[int, int]] = []
    for token in sorted(fresh, key=lambda token: token.start):
        if ranges and token.start - ranges[-1][1] <= 2:
            ranges[-1] = (ranges[-1][0], token.end)
        else:
            ranges.append((token.start, token.end))
    return tuple(ranges)
