"""Which stories continue others: a course of events over days, of which each story is a part.

Two stories have one theme if their gists are alike and a post of each has two names of the other:
alike alone are two fires, two frosts or two nights of drones. The result is shown as a fact, so
precision matters more than recall: measured in docs/stories.md. Pure.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from handlers.outlines import bilingual
from handlers.outlines.bilingual import Term
from handlers.outlines.posted import Posted
from handlers.stories import gist as gists
from handlers.stories.gist import Gist

LEAST = 0.34
"""The least likeness of the middles of two stories."""
UNDER = 0.24
"""The same for stories of one digest to be shown one below the other."""
LEAST_NAMES = 2
RARE = 3.0
"""The least weight of a name that counts: what a tenth of the archive mentions says nothing."""
READ = 6
"""The most posts of a story whose names are read."""
LIKELY = 3
"""The most earlier stories that are compared by names with one."""

# Words for regions, which lists of a night's drones and of a day's weather name every day.
_ADJECTIVE = re.compile(r"\b\w+[сц]к(?:ой|ую|ом|ая|ими|их|им)\b")
Names = Sequence[Sequence[frozenset[str]]]
"""For each post of a story its names: for each word all its possible keys."""


def middle(members: Iterable[Gist]) -> Gist:
    """The gist of all posts of a story together."""
    total: Gist = {}
    for gist in members:
        for term, weight in gist.items():
            total[term] = total.get(term, 0) + weight
    return total


def likeness(one: Gist, other: Gist) -> float:
    """The likeness of two middles, from 0 to 1."""
    return gists.product(one, other) / (_length(one) * _length(other))


def list_likely(story: Gist, others: Mapping[int, Gist]) -> list[int]:
    """The stories most like one, by their middles, best first."""
    found = sorted(((likeness(story, other), name) for name, other in others.items()), reverse=True)
    return [name for alike, name in found[:LIKELY] if alike >= LEAST]


def read_names(posts: Sequence[Posted], weigh: Callable[[Term], float]) -> Names:
    """The rare names of a story's first posts, without their standing lines."""
    return [_names(post, weigh) for post in posts[:READ]]


def share_names(one: Names, other: Names) -> bool:
    """Whether a post of each of two stories has enough names of the other."""
    return _has(one, other) and _has(other, one)


def in_themes(alike: Sequence[tuple[int, int]], count: int) -> list[int]:
    """The indexes in order, with stories of one theme after the first of it."""
    above = list(range(count))
    for first, second in sorted(alike):
        one, other = sorted((above[first], above[second]))
        above = [one if place == other else place for place in above]
    return sorted(range(count), key=lambda place: (above[place], place))


def _length(gist: Gist) -> float:
    return math.sqrt(gists.product(gist, gist)) or 1.0


def _names(post: Posted, weigh: Callable[[Term], float]) -> list[frozenset[str]]:
    text = _ADJECTIVE.sub(" ", "\n".join(post.document.texts()))
    places: dict[int, set[str]] = {}
    for term, place in bilingual.read(text, is_russian=bilingual.is_russian(text)).values():
        if term.is_anchor and _is_told(term, post.gist) and weigh(term) >= RARE:
            places.setdefault(place, set()).add(term.key)
    return [frozenset(keys) for keys in places.values()]


def _is_told(term: Term, gist: Gist) -> bool:
    """Whether a name is no figure, and is in the post's gist."""
    if term.key.startswith("#"):
        return False
    return any(word in gist for words in term.words for word in words)


def _has(one: Names, other: Names) -> bool:
    known = {key for post in other for keys in post for key in keys}
    return any(sum(not keys.isdisjoint(known) for keys in post) >= LEAST_NAMES for post in one)
