"""Splits large events that consist of several: what a country, a ministry and its spokesman did all
day has all their names in common, and no more. Pure.

Posts were joined by words that are rare in the archive. A name that is rare there may be in a fifth
of a day's posts: here a word weighs less the more posts of the period have it. Figures do not: a
rate that rises is one story.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import combinations

from handlers.outlines.posted import Posted

LEAST = 6
"""Events of fewer posts stay whole."""
MOST = 100
"""So do events of more posts: splitting them takes long."""
TOGETHER = 0.1
"""Parts with at least this average likeness are merged."""


def part(
    group: Sequence[Posted], counts: Mapping[int, int], posts: int
) -> Sequence[Sequence[Posted]]:
    """The parts of an event, each with its posts in order. ``counts``: in how many of the period's
    ``posts`` each term stands. Copies stay together."""
    if not LEAST <= len(group) <= MOST:
        return [group]
    copies: dict[str, list[int]] = {}
    for place, post in enumerate(group):
        copies.setdefault(post.story, []).append(place)
    vectors = [_weigh(post.gist, counts, posts) for post in group]
    parts = _join(list(copies.values()), vectors)
    return [[group[place] for place in sorted(found)] for found in sorted(parts, key=min)]


def _weigh(gist: Mapping[int, int], counts: Mapping[int, int], posts: int) -> dict[int, float]:
    weights = {
        term: weight * max(0.0, math.log((posts + 2) / (counts.get(term, 0) + 1)))
        for term, weight in gist.items()
        if not term & 1
    }
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {term: weight / length for term, weight in weights.items()}


def _join(parts: list[list[int]], vectors: Sequence[Mapping[int, float]]) -> list[list[int]]:
    """The parts after merging the two most alike until no two are alike enough."""
    standing = dict(enumerate(parts))
    both = {
        pair: sum(
            _product(vectors[one], vectors[other])
            for one in parts[pair[0]]
            for other in parts[pair[1]]
        )
        for pair in combinations(standing, 2)
    }

    def mean(pair: tuple[int, int]) -> float:
        return both[pair] / (len(standing[pair[0]]) * len(standing[pair[1]]))

    while both and mean(likest := max(both, key=mean)) >= TOGETHER:
        kept, gone = likest
        del both[likest]
        for other in standing.keys() - {kept, gone}:
            both[_ordered(kept, other)] += both.pop(_ordered(gone, other))
        standing[kept] = standing[kept] + standing.pop(gone)
    return list(standing.values())


def _product(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    return sum(weight * other[term] for term, weight in one.items() if term in other)


def _ordered(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)
