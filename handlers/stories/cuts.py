"""Where a copy of a text was cut, and whether what was cut off turned the meaning of the rest.

"Peace is near, they say. Nobody believes it." cut after "near" says something else. So a cut copy
must begin and end where sentences of the earlier text do, and may not be somebody's quoted words, a
doubt, or items of a list there. Pure.
"""

import re
from collections.abc import Sequence

from handlers.stories import statements, tokens
from handlers.stories.leads.doubts import denies
from handlers.stories.tokens import Token

_CLOSING = " \n\"'»“”’*_)]"
FRAME = 6
"""Fewer words above all that was kept say what that is: a drill, a memory, a joke."""
REMARK = 8
"""Nor may one of no more words behind it say no: "Not true.", "She did not come." """

# Each line: a language, or a few near ones. What a word begins with, or all of it before "$", that
# says what all the rest is, or is worth; besides words of doubt.
_DOUBT_WORDS = """
        fals deni disput alleg claim correct mistak erro wrong postpon invent satir april off$ joke
        drill exercis archiv apolog suppos lie[ds]?$
        лож неверн исправ перенес вымыс выдум сатир шутк розыгр отозва отбо учени[еийюя] учебн архив
        вброс
        помилк відбі
        erfund übung irrtum
        faux erron prétend exercice
        fals rumor simulacro
        tatbikat
        (?:ال|و)?خطأ لغو رزمایش
"""
_DOUBT = re.compile("|".join(_DOUBT_WORDS.split()))
_DOUBTED_WITHIN = re.compile("演习")
"""Where words are not written apart."""
_ALSO_NEGATION = "ما"
"""In Arabic it is a negation, or "what", as which no other judgement takes it."""


def is_cut(text: str, found: Sequence[Token], first: int, last: int, *, is_truncated: bool) -> bool:
    """Whether the words ``first`` to ``last`` of a text are a cut copy of it, or all of it.
    ``is_truncated``: the copy says itself that it goes on."""
    if first > 0 and not _begins_well(text, found, first):
        return False
    ends_well = is_truncated or last == len(found) - 1 or _ends_well(text, found, last)
    above, below = found[:first], found[last + 1 :]
    if not ends_well or any(map(_is_doubt, (*above, *below))):
        return False
    ends = tokens.sentence_ends(text)
    return not (_is_framed(ends, above) or _is_denied(ends, below))


def _is_doubt(token: Token) -> bool:
    key = token.key
    return denies(key) or bool(_DOUBT.match(key) or _DOUBTED_WITHIN.search(key))


def _is_framed(ends: Sequence[int], above: Sequence[Token]) -> bool:
    """Whether all that stands above what was kept is one sentence, so short that it says what that
    is, or a question about it."""
    if not above or any(above[0].end <= end <= above[-1].start for end in ends):
        return False
    return len(above) < FRAME or above[-1].key == "?"


def _is_denied(ends: Sequence[int], below: Sequence[Token]) -> bool:
    """Whether the sentence right below what was kept is short and says no."""
    if not below:
        return False
    stops = min((end for end in ends if end >= below[0].end), default=below[-1].end)
    said = [token.key for token in below if token.start < stops]
    return len(said) <= REMARK and any(
        key == _ALSO_NEGATION or statements.is_negation(key) for key in said
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
