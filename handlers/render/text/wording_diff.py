"""How two texts differ, word by word: what was removed is struck out, what is new is bold, the rest
is shortened.

Pure; texts are compared as people read them, so other quotation marks or dashes are no change.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from handlers.render.text.names import without_turns
from handlers.render.text.rich import RichText, bold, join, strike

AROUND = 8
"""The number of unchanged words shown on each side of a change."""
MOST_CHANGES = 40
MOST_COMPARED = 1_000_000
"""The most pairs of words that are compared; beyond, all between the equal ends is one change."""
OLD_WORDS, NEW_WORDS = 60, 120

_WORD = re.compile(r"\w+(?:[.,:'’-]\w+)*|[^\w\s]")
_PLAIN = str.maketrans("«»„“”‟’‘‚–—−", '""""""\'\'\'---')

Change = tuple[str, int, int, int, int]


class _Word(NamedTuple):
    key: str
    start: int
    end: int


def word_diff(old: str, new: str) -> RichText:
    """The new text with the changes marked; empty if no word differs."""
    old, new = without_turns(old), without_turns(new)
    before, after = _words(old), _words(new)
    found = _changes([word.key for word in before], [word.key for word in after])
    if all(kind == "equal" for kind, *_ in found):
        return RichText()
    return join("", _pieces(old, new, before, after, found))


def _words(text: str) -> list[_Word]:
    return [
        _Word(match[0].casefold().translate(_PLAIN), match.start(), match.end())
        for match in _WORD.finditer(text)
    ]


def _changes(before: Sequence[str], after: Sequence[str]) -> list[Change]:
    start, most = 0, min(len(before), len(after))
    while start < most and before[start] == after[start]:
        start += 1
    end = 0
    while end < most - start and before[-1 - end] == after[-1 - end]:
        end += 1
    last, final = len(before) - end, len(after) - end
    middle: list[Change] = [("replace", start, last, start, final)]
    if (last - start) * (final - start) <= MOST_COMPARED:
        matcher = SequenceMatcher(None, before[start:last], after[start:final], autojunk=False)
        middle = [
            (kind, a + start, b + start, c + start, d + start)
            for kind, a, b, c, d in matcher.get_opcodes()
        ]
    same = [("equal", 0, start, 0, start), ("equal", last, len(before), final, len(after))]
    whole = [same[0], *middle, same[1]]
    return _together([one for one in whole if one[1] < one[2] or one[3] < one[4]])


def _together(found: Sequence[Change]) -> list[Change]:
    """The changes, with those merged that have at most one word between them."""
    joined: list[Change] = []
    for index, (kind, a, b, c, d) in enumerate(found):
        is_between = kind == "equal" and b - a <= 1 and 0 < index < len(found) - 1
        changed = "replace" if kind != "equal" or is_between else "equal"
        if joined and joined[-1][0] == changed:
            joined[-1] = (changed, joined[-1][1], b, joined[-1][3], d)
        else:
            joined.append((changed, a, b, c, d))
    return joined


def _pieces(
    old: str,
    new: str,
    before: Sequence[_Word],
    after: Sequence[_Word],
    found: Sequence[Change],
) -> Iterator[RichText | str]:
    shown = 0
    for index, (kind, a, b, c, d) in enumerate(found):
        if shown == MOST_CHANGES:
            yield " …"
            return
        if index:
            yield _gap(new, after, c) if c < d else " "
        if kind == "equal":
            yield _shortened(new, after[c:d], index > 0, index < len(found) - 1)
            continue
        shown += 1
        gone = strike(_cut(old, before[a:b], OLD_WORDS))
        came = bold(_cut(new, after[c:d], NEW_WORDS))
        yield join(" ", [part for part in (gone, came) if part])


def _gap(text: str, words: Sequence[_Word], at: int) -> str:
    """The white space before a word, or a blank if there is none."""
    between = text[words[at - 1].end : words[at].start] if at else ""
    return between or (" " if at == 0 else "")


def _shortened(text: str, words: Sequence[_Word], after_one: bool, before_one: bool) -> str:
    """The unchanged text between two changes, after the last, or before the first."""
    if len(words) <= AROUND * (after_one + before_one) + 2:
        return _slice(text, words)
    head = _slice(text, words[:AROUND]) + " " if after_one else ""
    tail = " " + _slice(text, words[-AROUND:]) if before_one else ""
    return f"{head}…{tail}"


def _cut(text: str, words: Sequence[_Word], most: int) -> str:
    if len(words) <= most:
        return _slice(text, words)
    return f"{_slice(text, words[: most * 2 // 3])} … {_slice(text, words[-most // 3 :])}"


def _slice(text: str, words: Sequence[_Word]) -> str:
    return text[words[0].start : words[-1].end] if words else ""
