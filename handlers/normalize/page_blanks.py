"""Pages whose extractor keeps blank lines and repeats nothing: where a post ends is a guess.

Inside a post paragraphs stand apart by blank lines; the next post follows after one line break.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from handlers.normalize import lines
from handlers.normalize.lines import Line
from handlers.normalize.page_copies import Reading

_TAILS = ("cta", "hashtags")


def split(part: Sequence[Line]) -> tuple[Reading, ...]:
    """The posts of the lines between two certain marks, none with a copy."""
    if not part:
        return ()
    starts = [0, *_starts(part), len(part)]
    return tuple(
        Reading(head=start, body_end=end, copy="none", copy_end=end, end=end, cost=0.0)
        for start, end in pairwise(starts)
    )


def _starts(part: Sequence[Line]) -> Iterator[int]:
    """Lines that seem to start a post: the first after a tail and a single line break."""
    types = [lines.block(line).type for line in part]
    head = 0
    for at in range(1, len(part)):
        is_tail_above = types[at - 1] in _TAILS and at - head > 1
        if is_tail_above and types[at] not in _TAILS and part[at].gap == 1:
            head = at
            yield at
