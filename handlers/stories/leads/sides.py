"""The sides of opposites that a text is on: by words like "opened", by what its figures measure,
and by signs like ▲. Pure.

Two texts on other sides of one thing say different things, whatever else they share.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from handlers.stories import statements, tokens
from handlers.stories.tokens import Token

Side: TypeAlias = tuple[int | str, int | str]
"""What it is about, and the side."""

_BY_OR_TO = {"на": 0, "by": 0, "до": 1, "to": 1, "с": 2, "from": 2}
"""Small words before a figure: how far something went, and where it came from."""
_UNIT = re.compile(
    "(?P<share>%|процент|percent|pct)|(?P<points>б$|бп$|пп$|п$|пункт|points?$|bps?$|basis)"
)


def read(text: str, words: Sequence[Token]) -> frozenset[Side]:
    """The sides that a text with these tokens is on: of opposites; for each figure whether it is
    one "by" or "to" which something went, and a share or points; and for each word and figure
    before a sign like ▲, which sign that is."""
    return frozenset((*_of_words(words), *_of_signs(text, words)))


def _of_words(words: Sequence[Token]) -> Iterator[Side]:
    for before, token, behind in zip([None, *words], words, [*words[1:], None], strict=False):
        yield from statements.sides_of(token.key)
        if token.is_figure:
            if before is not None and before.key in _BY_OR_TO:
                yield f"by or to {token.key}", _BY_OR_TO[before.key]
            if behind is not None and (unit := _UNIT.match(behind.key)) is not None:
                yield f"unit of {token.key}", unit.lastgroup or ""


def _of_signs(text: str, words: Sequence[Token]) -> Iterator[Side]:
    ends = [token.end for token in words]
    for place, sign in tokens.decisive_places(text):
        if (behind := bisect_right(ends, place)) > 0:
            yield f"sign of {words[behind - 1].key}", sign
