"""What the figures of a text count, so that only figures of the same thing are compared: 12 houses
with 15 houses, never with 5 May, 10:30 or an age. Pure."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from handlers.stories import statements
from handlers.stories.tokens import Token

NEAR = 2
"""The number of words behind a figure that may name what it counts."""
MOST = 24
"""The most figures of a text that are read."""

_CLAUSE = re.compile(r"[,;:.!?…()\n。，；：！？、]|\s[—–-]\s")
_CLOCK = re.compile(r"\d{1,2}:\d\d")
_DATE = re.compile(r"\d{1,2}[./]\d{1,2}[./](?:\d\d){1,2}")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_SIGNS = frozenset("%‰°$£¥¢€₽₴₺№")
_LEAST = 3
_BEGINNING = 4
_SMALL_WORDS = """
the and for with from about over than into after before near least most nearly almost more around
some only just при для под над из-за был была было были почти около более менее минимум свыше чем
по на les des une aux der die das den von los las del para bir ile
"""
_SMALL = frozenset(_SMALL_WORDS.split())


class Counted(NamedTuple):
    """A figure with the nearest words behind it and the nearest word before it, within its
    clause."""

    figure: str
    behind: tuple[str, ...]
    before: str


def read(text: str, found: Sequence[Token]) -> frozenset[Counted]:
    """The figures of a text; ``found`` are all its tokens."""
    places = [place for place, token in enumerate(found) if token.is_figure]
    return frozenset(_read_one(text, found, place) for place in places[:MOST])


def differ(one: frozenset[Counted], other: frozenset[Counted]) -> bool:
    """Whether two texts give different figures of the same thing: each has one that the other has
    not."""
    mine, theirs = ({each.figure for each in counted} for counted in (one, other))
    return any(
        a.figure not in theirs and b.figure not in mine and _are_alike(a, b)
        for a in one
        for b in other
    )


def _read_one(text: str, found: Sequence[Token], place: int) -> Counted:
    figure = found[place].key
    behind = tuple(_walk(text, found, place, 1))[:NEAR]
    before = next(_walk(text, found, place, -1), "")
    if _CLOCK.fullmatch(figure):
        return Counted(figure, (":",), before)
    if _DATE.fullmatch(figure) or (behind and statements.is_number(behind[0])):
        return Counted(" ".join((figure, *behind[:1])), ("/",), before)
    signs = [
        near.key
        for near in (*found[max(0, place - 1) : place], *found[place + 1 : place + 2])
        if near.key in _SIGNS
    ]
    return Counted(figure, (*signs, *behind)[:NEAR], before)


def _walk(text: str, found: Sequence[Token], place: int, step: int) -> Iterator[str]:
    """The words on one side of a figure, within its clause, nearest first. In writing without
    spaces: the counted thing, then the rest."""
    at = place + step
    while 0 <= at < len(found) and not found[at].is_figure:
        near, far = sorted((found[at - step], found[at]), key=lambda token: token.start)
        if _CLAUSE.search(text, near.end, far.start):
            return
        key = found[at].key
        if _UNSPACED.search(key):
            yield from filter(None, (key[:1], key[1:]) if step > 0 else (key,))
        elif len(key) >= _LEAST and key not in _SMALL:
            yield key
        at += step


def _are_alike(one: Counted, other: Counted) -> bool:
    """Whether two figures count the same thing: the words behind them are the same, or, where there
    are none, the words before them."""
    if not one.behind or not other.behind:
        return not (one.behind or other.behind) and _are_akin(one.before, other.before)
    same = [
        (word, their) for word in one.behind for their in other.behind if _are_akin(word, their)
    ]
    if not same:
        return False
    mine = [word for word in one.behind if word not in {two[0] for two in same}]
    theirs = [word for word in other.behind if word not in {two[1] for two in same}]
    if mine and theirs:
        return False
    before = (one.before, other.before)
    return len(same) == NEAR or not all(before) or bool(mine or theirs) or _are_akin(*before)


def _are_akin(one: str, other: str) -> bool:
    if not one or not other:
        return False
    if one[:_BEGINNING] == other[:_BEGINNING]:
        return True
    if _UNSPACED.search(one) and _UNSPACED.search(other):
        return len(one) > 1 and len(other) > 1 and not set(one).isdisjoint(other)
    return not statements.sides_of(one).isdisjoint(statements.sides_of(other))
