"""What the first sentence of a text says: what happened, to whom, and who reports it. Pure.

An event goes on in words that no list can hold ("sank", "signed", "in the last reading"). So every
noun, verb and adjective of the first sentence counts, except names and figures, which are compared
separately, and words that only say who reports it.
"""

import re
from collections.abc import Mapping, Sequence, Set

from msgspec import Struct, field

from handlers.stories import shapes, statements, tokens
from handlers.stories.leads import names, wordings
from handlers.stories.tokens import Token

LEAST = 3
"""Words of fewer letters are ignored."""
FEW = 5
"""The lead is the first sentence with at least this many words."""
MOST_OF_TELLER = 5
"""The most words before a colon, or behind a dash at the end, that can name the speaker."""
BESIDE = 3
"""A name within this many words of a verb of saying is the speaker's."""

_BEGINNING = 2
_DASH = re.compile(r"\s[—–-]\s")


class Lead(Struct, frozen=True, kw_only=True):
    """How a text begins. ``words``: the words that say what happened, with their places; ``names``:
    the names in order, without the ``speakers``, who are quoted."""

    words: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    speakers: frozenset[str] = frozenset()


def read(text: str, found: Sequence[Token], start: int) -> Lead:
    """The lead of a text; ``found`` are all its tokens, ``start`` is where it begins in the
    post."""
    first = _first(text, found)
    shaped = dict(zip(first, shapes.of(text, first), strict=True))
    named = {
        token
        for token in first
        if names.is_name(token, shaped[token]) and not statements.is_number(token.key)
    }
    inside = _without_tellers(text, first)
    apart = frozenset(first).difference(inside)
    of_tellers = apart if _is_of_who([token for token in first if token in apart]) else frozenset()
    tellers = _named_alone(apart, named)
    for place, verb in enumerate(inside):
        if wordings.says(verb.key):
            tellers.update(_beside(text, inside, place, named))
    others = [token for token in inside if token in named and token not in tellers]
    return Lead(
        words={
            token.key: (start + token.start, start + token.end)
            for token in first
            if token not in named and token not in of_tellers and _tells(token)
        },
        names=tuple(map(_name, others)),
        speakers=frozenset(map(_name, tellers)),
    )


def _is_of_who(apart: Sequence[Token]) -> bool:
    """Whether the words set apart begin with a word for those who report."""
    return any(wordings.tells_who(token.key) for token in apart[:_BEGINNING])


def _named_alone(told: Set[Token], named: Set[Token]) -> set[Token]:
    """The names among the words set apart, if these name somebody and say nothing else."""
    if not all(token in named or shapes.is_office(token.key) for token in told):
        return set()
    return {token for token in told if token in named}


def _beside(text: str, inside: Sequence[Token], place: int, named: Set[Token]) -> Sequence[Token]:
    """The names beside a verb of saying, in its clause: those before it, else those behind it."""
    verb = inside[place]
    before, behind = inside[max(0, place - BESIDE) : place], inside[place + 1 :][:BESIDE]
    return [one for one in before if one in named and "," not in text[one.end : verb.start]] or [
        one for one in behind if one in named and "," not in text[verb.end : one.start]
    ]


def _name(token: Token) -> str:
    return token.key.removesuffix("'s")


def _tells(token: Token) -> bool:
    key = token.key
    if token.is_figure or len(key) < LEAST or statements.is_number(key):
        return False
    if names.is_common(key) or shapes.is_office(key):
        return False
    return wordings.tells(key)


def _first(text: str, found: Sequence[Token]) -> Sequence[Token]:
    for end in tokens.sentence_ends(text):
        inside = [token for token in found if token.end <= end]
        if len(inside) >= FEW:
            return inside
    return found


def _without_tellers(text: str, first: Sequence[Token]) -> Sequence[Token]:
    """The tokens without those that name the speaker: before a colon, or behind a dash at the
    end."""
    for place in range(min(MOST_OF_TELLER, len(first) - FEW + 1)):
        if ":" in text[first[place].end : first[place + 1].start]:
            first = first[place + 1 :]
            break
    for place in range(max(FEW - 1, len(first) - MOST_OF_TELLER), len(first)):
        if _DASH.search(text, first[place - 1].end, first[place].start + 1):
            return first[:place]
    return first
