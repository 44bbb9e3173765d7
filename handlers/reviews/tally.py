"""How many posts have each word, in a span of time. Pure.

Copies of one statement count once, and channels one by one.
"""

import math
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from handlers.reviews.words import Said

LEAST_POSTS = 5
LEAST_CHANNELS = 3
"""What a term must have in the span in which it is told most; fewer channels where there are no
more of them."""
LEAST_RATIO = 2.0
LEAST_EVIDENCE = 12.0
"""How many times more often, and how surely so (twice the log likelihood ratio), a term must stand
in one span than in the other."""
SMOOTH = 0.5
SAME_POSTS = 0.4
"""Terms that share so much of their posts are told as one."""
TOGETHER = 4


@dataclass(slots=True)
class Tally:
    """Posts as they are counted: ``add`` them in the order of their publication."""

    names: list[str] = field(default_factory=list)
    channels: list[int] = field(default_factory=list)
    stories: list[str] = field(default_factory=list)
    words: defaultdict[str, "array[int]"] = field(
        default_factory=lambda: defaultdict(lambda: array("I"))
    )
    named: defaultdict[str, "array[int]"] = field(
        default_factory=lambda: defaultdict(lambda: array("I"))
    )

    def add(self, doc_id: str, channel: int, story: str, said: Said) -> None:
        """Count a post."""
        place = len(self.names)
        self.names.append(doc_id)
        self.channels.append(channel)
        self.stories.append(story)
        for word in said.words:
            self.words[word].append(place)
        for word in said.names:
            self.named[word].append(place)

    def count_stories(self, places: Iterable[int]) -> int:
        """How many statements these posts are."""
        return len({self.stories[place] for place in places})

    def count_channels(self, places: Iterable[int]) -> int:
        """In how many channels these posts are."""
        return len({self.channels[place] for place in places})


class Trend(Struct, frozen=True, kw_only=True):
    """Words that rose or fell together. ``places``: the posts of the first in the span in which it
    is told more; ``posts`` and ``before``: how many have it, now and before."""

    words: tuple[str, ...]
    places: tuple[int, ...]
    posts: int
    before: int


def find_trends(
    more: Tally, less: Tally, *, rising: bool, most: int, is_topical: Callable[[str], bool]
) -> list[Trend]:
    """The terms that stand in much more posts of one span than of the other, the surest first;
    ``rising``: the one is that of now. ``is_topical``: whether a word is looked at."""
    total, other = len(set(more.stories)), len(set(less.stories))
    channels = min(LEAST_CHANNELS, len(set(more.channels)))
    found: list[tuple[float, str, int, int]] = []
    for word, places in more.words.items():
        if len(places) < LEAST_POSTS or more.count_channels(places) < channels:
            continue
        n, b = more.count_stories(places), less.count_stories(less.words.get(word, ()))
        if n >= LEAST_POSTS and _ratio(n, total, b, other) >= LEAST_RATIO:
            found.append((_evidence(n, total, b, other), word, n, b))
    sure = [one for one in found if one[0] >= LEAST_EVIDENCE and is_topical(one[1])]
    sure.sort(key=lambda one: (-one[0], one[1]))
    return _together(sure, more, rising, most)


def _ratio(n: int, total: int, b: int, other: int) -> float:
    return ((n + SMOOTH) / (total + 2 * SMOOTH)) / ((b + SMOOTH) / (other + 2 * SMOOTH))


def _evidence(n: int, total: int, b: int, other: int) -> float:
    """Twice the log likelihood ratio of two rates against one."""
    shared = (n + b) / (total + other)
    parts = ((n, total * shared), (b, other * shared))
    rest = ((total - n, total * (1 - shared)), (other - b, other * (1 - shared)))
    return 2 * sum(
        seen * math.log(seen / expected) for seen, expected in (*parts, *rest) if seen and expected
    )


def _together(
    ranked: Sequence[tuple[float, str, int, int]], tally: Tally, rising: bool, most: int
) -> list[Trend]:
    groups: list[tuple[list[str], set[int], int, int]] = []
    for _, word, n, b in ranked:
        places = set(tally.words[word])
        for words, theirs, *_ in groups:
            if len(places & theirs) >= SAME_POSTS * min(len(places), len(theirs)):
                if len(words) < TOGETHER:
                    words.append(word)
                break
        else:
            if len(groups) < most:
                groups.append(([word], places, n, b))
    return [
        Trend(
            words=tuple(words),
            places=tuple(sorted(places)),
            posts=n if rising else b,
            before=b if rising else n,
        )
        for words, places, n, b in groups
    ]
