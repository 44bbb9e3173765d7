"""Where a copy of a text was cut, and whether the part that is missing changes the meaning of the
rest.

"Peace is near, they say. Nobody believes it." cut after "near" says something else. So a cut copy
must begin and end where sentences of the earlier text do, and must not be a quotation, something
doubted, or part of a list there. Pure.
"""

import re
from collections.abc import Sequence

from handlers.stories import statements, tokens
from handlers.stories.leads.doubts import denies
from handlers.stories.tokens import Token

_CLOSING = " \n\"'»“”’*_)]"
FRAME = 6
"""A sentence of fewer words above the part that was kept says what that part is: a drill, a memory,
a joke."""
REMARK = 8
"""A sentence of at most this many words right below the part that was kept may deny it: "Not
true.", "She did not come." """

# A line for each language or group of languages. Beginnings of words (whole words where "$" ends
# them) that say what the rest of a text is or is worth. ``doubts`` has more.
_DOUBT_WORDS = """
        fals deni disput alleg claim correct mistak erro wrong postpon invent satir april off$ joke
        drill exercis archiv apolog suppos lie[ds]?$
        лож неверн исправ перенес вымыс выдум сатир шутк розыгр отозва отбо учени[еийюя] учебн архив
        вброс вран[ьеуё] вр[её]т брех бред чушь ерунд
        nonsens bullshit rubbish lüg mentir mensong kłam كذب
        помилк відбі
        erfund übung irrtum
        faux erron prétend exercice
        fals rumor simulacro
        tatbikat
        (?:ال|و)?خطأ لغو رزمایش
"""
_DOUBT = re.compile("|".join(_DOUBT_WORDS.split()))
_DOUBTED_WITHIN = re.compile("演习")
"""For writing without spaces between words: found anywhere in a token."""
_ALSO_NEGATION = "ما"
"""In Arabic either a negation or "what". Only here it counts as a negation."""


def is_cut(text: str, found: Sequence[Token], first: int, last: int, *, is_truncated: bool) -> bool:
    """Whether the tokens ``first`` to ``last`` of a text are a cut copy of it, or all of it.

    ``found``: all tokens of the text; ``is_truncated``: the copy itself says that it goes on ("…").
    """
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
    """Whether the text above the kept part is one short sentence, or a question about it."""
    if not above or any(above[0].end <= end <= above[-1].start for end in ends):
        return False
    return len(above) < FRAME or above[-1].key == "?"


def _is_denied(ends: Sequence[int], below: Sequence[Token]) -> bool:
    """Whether the sentence right below the kept part is short and has a negation."""
    if not below:
        return False
    stops = min((end for end in ends if end >= below[0].end), default=below[-1].end)
    said = [token.key for token in below if token.start < stops]
    return len(said) <= REMARK and any(
        key == _ALSO_NEGATION or statements.is_negation(key) for key in said
    )


def _begins_well(text: str, found: Sequence[Token], first: int) -> bool:
    before, after = found[first - 1].end, found[first].start
    # A line with a colon at its end says whose words follow, or what they are worth.
    return ":" not in text[before:after] and _is_boundary(text, before, after)


def _ends_well(text: str, found: Sequence[Token], last: int) -> bool:
    before, after = found[last].end, found[last + 1].start
    return _is_boundary(text, before, after) and not _is_list(text, before, after)


def _is_boundary(text: str, before: int, after: int) -> bool:
    return any(before <= end <= after for end in (0, *tokens.sentence_ends(text)))


def _is_list(text: str, before: int, after: int) -> bool:
    """Whether the cut is between two lines of a list: lines that do not end as sentences do."""
    end = text.find("\n", before, after)
    if end < 0:
        return False
    next_end = text.find("\n", after)
    kept = text[:end].rstrip(_CLOSING)
    dropped = (text[after:] if next_end < 0 else text[after:next_end]).rstrip(_CLOSING)
    return kept.endswith((",", ";", ":")) or not (
        kept.endswith((".", "!", "?", "…")) or dropped.endswith((".", "!", "?", "…"))
    )
