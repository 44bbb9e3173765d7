"""Pages whose extractor keeps blank lines and repeats nothing: where a post ends is a guess.

Inside a post paragraphs stand apart by blank lines; the next post follows after one line break.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from handlers.normalize.page.copies import Reading
from handlers.normalize.post import lines
from handlers.normalize.post.lines import Line
from storage.document import BlockType

_TAILS = ("cta", "hashtags")
# A call to action this far below the head ends a post though a blank line follows it.
_FAR = 4


def split(part: Sequence[Line]) -> tuple[Reading, ...]:
    """The posts of the lines between two certain marks, none with a copy."""
    if not part:
        return ()
    starts = [0, *_starts(part), len(part)]
    return tuple(
        Reading(
            head=start,
            body_end=end,
            copy="none",
            copy_end=end,
            end=end,
            cost=0.0,
            guessed=start > 0 and part[start].gap == 2,
        )
        for start, end in pairwise(starts)
    )


def _starts(part: Sequence[Line]) -> Iterator[int]:
    """Lines that seem to start a post: the first after a tail and a single line break.

    After a call to action at the end of a long post a blank line will do too, but that is a guess.
    """
    types = [_type(line) for line in part]
    head = 0
    for at in range(1, len(part)):
        above = at - 1 - head
        if types[at - 1] not in _TAILS or types[at] in _TAILS or not above:
            continue
        if part[at].gap == 1 or (types[at - 1] == "cta" and above >= _FAR):
            head = at
            yield at


def _type(line: Line) -> BlockType:
    """The type of a line; a call to action may stand behind any marker here."""
    block = lines.block(line)
    if block.marker is None:
        return block.type
    rest = line.text.strip().removeprefix(block.marker).strip()
    return "cta" if lines.block(Line(text=rest)).type == "cta" else block.type
