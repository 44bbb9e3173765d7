"""Whether two texts of an event contradict each other: one denies, doubts, or says the opposite.
Pure.

For digests, which choose the posts that are shown; ``handlers.stories.news`` decides with more care
what alerts hide.
"""

import functools
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from handlers.stories import statements, tokens
from handlers.stories.leads import counted, wordings
from handlers.stories.leads.counted import Counted
from handlers.stories.leads.doubts import doubts
from handlers.stories.tokens import Token

READ = 350
"""The number of characters of a text that are read."""
_CLAUSE = re.compile(r"[,;:.!?…\n]|\s[—–-]\s")
_REACH = 3
"""A negation applies to this many words behind it, and before it if it can stand behind."""
_LEAST = 4
"""Words of fewer letters are not taken as denied."""
_OWNING = ("'s", "s'")
_NAMES_TOO = frozenset({"may", "will"})


class Stance(Struct, frozen=True, kw_only=True):
    """``denies``: the text has a negation; ``doubts``: it denies, corrects or doubts in other
    words; ``sides``: its sides of pairs of opposites; ``denied``: stems near a negation, ``said``:
    the others; ``figures``: its figures and what they count."""

    denies: bool
    doubts: bool
    sides: frozenset[tuple[int, int]]
    denied: frozenset[str]
    said: frozenset[str]
    figures: frozenset[Counted]


@functools.lru_cache(maxsize=2_000)
def read(text: str) -> Stance:
    """The stance of a text."""
    found = tokens.read(text[:READ])
    keys = [token.key for token in found]
    denied = frozenset(_denied(text, found))
    turning = (token.key for place, token in enumerate(found) if not _is_of_name(token, place))
    return Stance(
        denies=any(map(statements.is_negation, keys)),
        doubts=any(map(doubts, keys)),
        sides=frozenset(side for key in turning for side in statements.sides_of(key)),
        denied=denied,
        said=frozenset(map(wordings.stem, keys)) - denied,
        figures=counted.read(text[:READ], found),
    )


def _is_of_name(token: Token, place: int) -> bool:
    """Whether a word is a month or a person's name: the deadline of May, a visit of Will Brun."""
    return place > 0 and token.is_name and token.key in _NAMES_TOO


def _denied(text: str, found: Sequence[Token]) -> Iterator[str]:
    """The stems of words near negations, within their clauses."""
    for place, token in enumerate(found):
        if not statements.is_negation(token.key):
            continue
        before = found[max(0, place - _REACH) : place] if token.key in statements.BEHIND else ()
        for one in (*before, *found[place + 1 : place + 1 + _REACH]):
            first, last = sorted((one, token), key=lambda each: each.start)
            is_owner = one.key.endswith(_OWNING)  # of whom something is denied, and not they
            is_word = len(one.key) >= _LEAST and not one.is_figure and not is_owner
            if is_word and not _CLAUSE.search(text, first.end, last.start):
                yield wordings.stem(one.key)


def differ(one: Stance, other: Stance) -> bool:
    """Whether two texts say different things."""
    return one.denies != other.denies or one.doubts != other.doubts or _are_opposed(one, other)


def _are_opposed(one: Stance, other: Stance) -> bool:
    pairs = {pair for pair, _ in one.sides} & {pair for pair, _ in other.sides}
    return any(
        {side for side in one.sides if side[0] == pair}.isdisjoint(other.sides) for pair in pairs
    )


def contradict(one: Stance, other: Stance) -> bool:
    """Whether two lines contradict each other: one negates a word of the other, only one of them
    doubts, they have opposites, or different figures of the same thing.

    "Somebody denies it" and "it is not so" do not contradict each other.
    """
    if counted.differ(one.figures, other.figures):
        return True
    if one.denies == other.denies:
        return differ(one, other)
    if one.doubts != other.doubts and one.denies != one.doubts:
        return _are_opposed(one, other)
    if not (one.denied or other.denied) or one.denied & other.said or other.denied & one.said:
        return True
    return one.doubts != other.doubts or _are_opposed(one, other)
