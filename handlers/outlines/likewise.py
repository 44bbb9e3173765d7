"""Posts that say in the same words the same of others: a form that is filled in anew, such as
greetings to one country and the next, or sanctions against one person and another. Pure.

One of them can head a story, but none tells what the others say: only what differs does.
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
"""So many characters of a line are compared."""
MOST = 40
"""So many posts of a story are compared with its head."""
SAME = 3
"""The fewest words that a form has besides what is filled in."""
FILLED = 8
"""The most words that are filled in."""
SHARE = 0.45
"""The least share of the words of either line that both have."""
ALIKE = 4
"""Names that begin with so many same letters are one name in other forms."""


def find_likewise(posts: Sequence[Posted], best: Posted) -> dict[str, Posted]:
    """Those of a story's posts that say of others what its head says, by the words that differ, as
    they are written; of those that differ in the same words the first."""
    head = head_of(best.document, LONGEST)
    found: dict[str, Posted] = {}
    for post in posts[:MOST]:
        filled = read_filled(head, head_of(post.document, LONGEST))
        if filled:
            found.setdefault(filled, post)
    return found


def read_filled(head: str, line: str) -> str:
    """The words of a line that stand where a head has others, if it says the same of others; else
    nothing."""
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
    """Whether a line has a name where another has another one."""
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
    """What one text has where the other has something else; either may be nothing."""
    keys = [token.key for token in one], [token.key for token in other]
    for tag, start, end, begin, stop in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if tag != "equal":
            yield one[start:end], other[begin:stop]


def _names(text: str, found: Sequence[Token]) -> Set[Token]:
    """The words that name somebody; a first word does if it is known to, or is all capitals."""
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
    """The names of either side of these pieces."""
    first, second = (
        [token.key for piece in pieces for token in piece[side] if token in both[side]]
        for side in (0, 1)
    )
    return first, second


def _are_others(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether both have names, and none of them in another form."""
    known = {name[:ALIKE] for name in one}
    return bool(one and other) and not any(name[:ALIKE] in known for name in other)


def _turns(pieces: Sequence[tuple[Sequence[Token], Sequence[Token]]]) -> bool:
    """Whether what differs denies, doubts, is one of two opposites or another turn of events."""
    one, other = ([token.key for piece in pieces for token in piece[side]] for side in (0, 1))
    happened = ({turn for key in side for turn in news.turns_of(key)} for side in (one, other))
    if len(set(map(frozenset, happened))) > 1:
        return True
    if any(statements.is_negation(key) or doubts.doubts(key) for key in (*one, *other)):
        return True
    return any(statements.are_opposed(mine, their) for mine in one for their in other)
