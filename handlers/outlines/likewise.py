"""Finds posts that say the same of somebody else, as a form filled in again: greetings to one
country and the next, sanctions against one person and another. Pure.

One of them can head a story, but does not say what the others do: the words that differ are shown.
"""

import functools
import re
from collections.abc import Iterator, Sequence, Set
from difflib import SequenceMatcher
from itertools import takewhile

from handlers.outlines.headlines import head_of
from handlers.outlines.posted import Posted
from handlers.stories import news, shapes, statements, tokens
from handlers.stories.leads import doubts, names
from handlers.stories.tokens import Token
from storage.languages import glossary

LONGEST = 240
"""The number of characters of a line that are compared."""
MOST = 40
"""The most posts of a story that are compared with its head."""
SAME = 3
"""The fewest words that both must have."""
TURNED = 2
"""The fewest words but names that both must have to say the same of two in reverse order."""
_AND_WORDS = "и та й і and und et y e i ve en og och with с со з mit avec con com ile"
_ANDS = frozenset(_AND_WORDS.split())
FILLED = 8
"""The most words that may differ."""
SHARE = 0.45
"""The least share of either line's words that both must have."""
ALIKE = 4
"""Names with this many equal first letters are one name in different forms."""
_UNPARTED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
"""A sign of writing without spaces between words, where a word is a whole clause."""


def find_likewise(posts: Sequence[Posted], best: Posted) -> dict[str, Posted]:
    """The posts of a story that say of others what its head says, by the words that differ, as
    written; the first of several with the same words."""
    head = head_of(best.document, LONGEST)
    found: dict[str, Posted] = {}
    for post in posts[:MOST]:
        filled = read_filled(head, head_of(post.document, LONGEST))
        if filled:
            found.setdefault(filled, post)
    return found


def read_filled(head: str, line: str) -> str:
    """The words of a line in place of others in the head, if it says the same of somebody else;
    else empty."""
    theirs, mine = _read(head), _read(line)
    pieces = list(_pieces(theirs, mine))
    filled = [piece for _, piece in pieces if piece]
    words = sum(map(len, filled))
    longest = max(len(mine), len(theirs))
    if not filled or words > FILLED or len(mine) - words < max(SAME, SHARE * longest):
        return ""
    both = _names(head, theirs), _names(line, mine)
    if not _are_others(*_names_of(pieces, *both)) or _turns(pieces):
        return ""
    written = (line[piece[0].start : piece[-1].end] for piece in filled)
    return " … ".join(dict.fromkeys(written))


@functools.lru_cache(maxsize=2_000)
def are_of_others(one: str, other: str) -> bool:
    """Whether a line has another name in place of one."""
    first, second = _read(one), _read(other)
    both = _names(one, first), _names(other, second)
    return any(
        max(map(len, piece)) <= SAME and _are_others(*_names_of([piece], *both))
        for piece in _pieces(first, second)
    )


@functools.lru_cache(maxsize=2_000)
def are_turned_round(one: str, other: str) -> bool:
    """Whether two lines say the same of the same two in reverse order: A expels B's diplomats, B
    expels A's; not: A and B meet, B and A meet."""
    first, second = _read(one), _read(other)
    mine, theirs = ([t.key[:ALIKE] for t in line if t.is_name] for line in (first, second))
    both = {t.key for t in first if not t.is_name} & {t.key for t in second if not t.is_name}
    if len(both) < TURNED or any(t.key in _ANDS for t in (*first[1:4], *second[1:4])):
        return False
    same = sum(1 for _ in takewhile(lambda two: two[0] == two[1], zip(mine, theirs, strict=False)))
    mine, theirs = mine[same:], theirs[same:]
    return bool(mine and theirs) and mine[0] in theirs[1:] and theirs[0] in mine[1:]


@functools.lru_cache(maxsize=2_000)
def is_worded_otherwise(one: str, other: str) -> bool:
    """Whether two lines differ in a few words alone, by which one may deny the other or tell of
    others: for languages whose names, negations and opposites are not told from other words."""
    first, second = _read(one), _read(other)
    pieces = list(_pieces(first, second))
    changed = max(sum(len(piece[side]) for piece in pieces) for side in (0, 1)) if pieces else 0
    if not 0 < changed <= SAME or changed == max(len(first), len(second)):
        return False
    edges = {id(token) for line in (first, second) for token in (*line[:1], *line[-1:])}
    return any(_says_other(*piece, edges) for piece in pieces)


def _says_other(one: Sequence[Token], other: Sequence[Token], edges: Set[int]) -> bool:
    """Whether a differing piece may change what is said: other words than forms of the same, or
    some more within a line; what stands at its end alone may be a call, or was cut."""
    if all(token.is_figure for token in (*one, *other)):
        return False
    if not (one and other):
        return edges.isdisjoint(map(id, (*one, *other)))
    return not any(_are_forms(mine.key, their.key) for mine in one for their in other)


def _are_forms(one: str, other: str) -> bool:
    return one[:ALIKE] == other[:ALIKE] and not _UNPARTED.match(one)


def _read(text: str) -> list[Token]:
    return [token for token in tokens.read(text) if token.key != "?"]


def _pieces(
    one: Sequence[Token], other: Sequence[Token]
) -> Iterator[tuple[Sequence[Token], Sequence[Token]]]:
    """The differing pieces of two texts, in pairs; either may be empty."""
    keys = [token.key for token in one], [token.key for token in other]
    for tag, start, end, begin, stop in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if tag != "equal":
            yield one[start:end], other[begin:stop]


def _names(text: str, found: Sequence[Token]) -> Set[Token]:
    """The names in a text; a first word is one if it is known to be, or is in capitals."""
    return {
        token
        for token, shape in zip(found, shapes.of(text, found), strict=True)
        if names.is_name(token, shape)
        and (shape != "any" or not token.key.isascii() or _is_known(text, token))
    }


def _is_known(text: str, token: Token) -> bool:
    return text[token.start : token.end].isupper() or token.key in _known_names()


@functools.cache
def _known_names() -> frozenset[str]:
    return frozenset(
        word for meaning in glossary.list_meanings() if meaning.is_name for word in meaning.english
    )


def _names_of(
    pieces: Sequence[tuple[Sequence[Token], Sequence[Token]]], *both: Set[Token]
) -> tuple[list[str], list[str]]:
    """The names in these pieces, for either side."""
    first, second = (
        [token.key for piece in pieces for token in piece[side] if token in both[side]]
        for side in (0, 1)
    )
    return first, second


def _are_others(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether both have names, and none is another form of the other."""
    known = {name[:ALIKE] for name in one}
    return bool(one and other) and not any(name[:ALIKE] in known for name in other)


def _turns(pieces: Sequence[tuple[Sequence[Token], Sequence[Token]]]) -> bool:
    """Whether the differing words deny, doubt, are opposites, or are another turn of events."""
    one, other = ([token.key for piece in pieces for token in piece[side]] for side in (0, 1))
    happened = ({turn for key in side for turn in news.turns_of(key)} for side in (one, other))
    if len(set(map(frozenset, happened))) > 1:
        return True
    if any(statements.is_negation(key) or doubts.doubts(key) for key in (*one, *other)):
        return True
    return any(statements.are_opposed(mine, their) for mine in one for their in other)
