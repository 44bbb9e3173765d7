"""Where a copy of a text was cut, and whether what was cut off turned the meaning of the rest.

"Peace is near, they say. Nobody believes it." cut after "near" says something else. So a cut copy
must begin and end where sentences of the earlier text do, and may not be somebody's quoted words, a
doubt, or items of a list there. Pure.
"""

import re
from collections.abc import Sequence

from handlers.stories import tokens
from handlers.stories.tokens import Token

_CLOSING = " \n\"'»“”’*_)]"
_DOUBT = re.compile(
    r"(?:fake|hoax|false|untrue|deni|deny|refut|disput|rumou?r|alleg|reportedly|unconfirm|claim"
    r"|suppos|correct|retract|mistak|erro|wrong|cancel|postpon|withdr|invent|satir|april"
    r"|фейк|лож|опроверг|опроверж|неправд|неверн|слух|якобы|неподтвержд|отмен|перенес|ошиб|уточн"
    r"|исправ|вымыс|выдум|сатир|шутк|розыгр|отозва|спрост|брех|вигад)"
)


def is_cut(text: str, found: Sequence[Token], first: int, last: int, *, is_truncated: bool) -> bool:
    """Whether the words ``first`` to ``last`` of a text are a cut copy of it, or all of it.
    ``is_truncated``: the copy says itself that it goes on."""
    if first > 0 and not _begins_well(text, found, first):
        return False
    ends_well = is_truncated or last == len(found) - 1 or _ends_well(text, found, last)
    return ends_well and not any(
        _DOUBT.match(token.key) for token in (*found[:first], *found[last + 1 :])
    )


def _begins_well(text: str, found: Sequence[Token], first: int) -> bool:
    before, after = found[first - 1].end, found[first].start
    # What ends with a colon says whose words follow, or what they are worth.
    return ":" not in text[before:after] and _is_boundary(text, before, after)


def _ends_well(text: str, found: Sequence[Token], last: int) -> bool:
    before, after = found[last].end, found[last + 1].start
    return _is_boundary(text, before, after) and not _is_list(text, before, after)


def _is_boundary(text: str, before: int, after: int) -> bool:
    return any(before <= end <= after for end in (0, *tokens.sentence_ends(text)))


def _is_list(text: str, before: int, after: int) -> bool:
    """Whether a line that ends as no sentence does goes on in another such line."""
    end = text.find("\n", before, after)
    if end < 0:
        return False
    next_end = text.find("\n", after)
    kept = text[:end].rstrip(_CLOSING)
    dropped = (text[after:] if next_end < 0 else text[after:next_end]).rstrip(_CLOSING)
    return kept.endswith((",", ";", ":")) or not (
        kept.endswith((".", "!", "?", "…")) or dropped.endswith((".", "!", "?", "…"))
    )
