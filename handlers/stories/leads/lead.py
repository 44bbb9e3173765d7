"""What the first sentence of a text says: what happened, to whom, and who reports it. Pure.

An event goes on in words that no list can hold ("sank", "signed", "in the last reading"). So every
noun, verb and adjective of the first sentence counts, except names and figures, which are compared
separately, and words that only say who reports it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence, Set

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

_ANY_OFFICE = frozenset(
    {
        "office", "official", "spokesman", "spokesperson", "spokeswoman", "state", "head", "deputi",
        "представитель", "официальный", "глава", "пресс", "служба", "заместитель", "ведомство",
    }
)  # fmt: skip
"""Words for those who speak for any office."""
_BEGINNING = 2
_REPORTING = 2  # words between those who report and their verb
_DASH = re.compile(r"\s[—–-]\s")


class Lead(Struct, frozen=True, kw_only=True):
    """How a text begins. ``words``: the words that say what happened, with their places; ``names``:
    the names in order, without the ``speakers``, who are quoted; ``offices``: those quoted by their
    office alone ("the army said")."""

    words: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    speakers: frozenset[str] = frozenset()
    offices: frozenset[str] = frozenset()


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
    tellers, offices = _named_alone(apart, named), set[str]()
    for place, verb in enumerate(inside):
        if wordings.says(verb.key):
            found_names = _beside(text, inside, place, named)
            tellers.update(found_names)
            offices.update(() if found_names else _offices(text, inside, place))
    others = [token for token in inside if token in named and token not in tellers]
    whom = set(_whom(first))
    return Lead(
        words={
            token.key: (start + token.start, start + token.end)
            for token in first
            if token not in named and token not in of_tellers and (token in whom or _tells(token))
        },
        names=tuple(map(_name, others)),
        speakers=frozenset(map(_name, tellers)),
        offices=frozenset(offices),
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


def _whom(first: Sequence[Token]) -> Iterator[Token]:
    """Words for people and what they do that often begin sentences, where they stand within one
    and are not those who report."""
    for place, token in enumerate(first):
        if place and not token.is_name and names.is_of_many(token.key):
            around = first[max(0, place - _REPORTING) : place + _REPORTING + 1]
            if not any(wordings.says(one.key) for one in around):
                yield token


def _offices(text: str, inside: Sequence[Token], place: int) -> set[str]:
    """The offices beside a verb of saying."""
    offices = {
        token
        for token in inside
        if shapes.is_office(token.key) and not (token.is_name or names.is_small(token.key))
    }
    return {
        lexeme
        for token in _beside(text, inside, place, offices)
        for lexeme in wordings.lexemes(token.key)
        if lexeme not in _ANY_OFFICE
    }


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
