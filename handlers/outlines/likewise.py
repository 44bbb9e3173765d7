"""Finds posts that say the same of somebody else, as a form filled in again: greetings to one
country and the next, sanctions against one person and another. Pure.

One of them can head a story, but does not say what the others do: the words that differ are shown.
"""

import functools
from collections.abc import Iterator, Sequence, Set
from difflib import SequenceMatcher

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
FILLED = 8
"""The most words that may differ."""
SHARE = 0.45
"""The least share of either line's words that both must have."""
ALIKE = 4
"""Names with this many equal first letters are one name in different forms."""


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
