"""When a channel's pause is longer than any that it usually makes. Pure.

Two things are asked of a pause, both of the eight weeks before it. It must be longer than nearly
all pauses that ran at that time of the week: a night, or a Sunday, is no silence. And more must
have been missed in it than in nearly all pauses, whenever they were: a pause is weighed by how many
posts the channel usually makes at those hours, for eight weeks hold too few pauses of one hour to
know the longest of them.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from msgspec import Struct

HOUR = 3600
DAY = 24 * HOUR
WEEK = 7 * DAY
HOURS = 7 * 24
WEEKS = 8

LEAST = 6 * HOUR
"""A shorter pause is none that one tells of, in seconds."""
SHARE = 0.005
"""So small a part of the pauses may be as long as one that is told of."""
MONTHLY = 0.15
"""The pauses a month that a channel with many of them may have."""
NEAR = 30 * 60
"""Seconds to both sides that are the same time of the week."""
FEWEST = 20
"""Of fewer pauses nothing is known."""
KNOWN_FOR = 14 * DAY
"""Of a shorter time neither."""
LONGEST = 42 * DAY
"""If no pause of this many seconds would be unusual, none is."""
STEP = 15 * 60
_NEIGHBOURS = ((-1, 0.25), (0, 0.5), (1, 0.25))
_PRIOR_WEEKS = 3.0
_FLOOR = 0.03
_TAIL = 0.1


class Unusual(Struct, frozen=True):
    """From when on (epoch seconds) a pause is a silence; ``usual``: the seconds that pauses last at
    that time of the week, but for the rarest."""

    at: int
    usual: int


def find_unusual(posts: Sequence[int]) -> Unusual | None:
    """When the pause that runs since the last of the posts becomes a silence; None where too little
    is known. ``posts``: epoch seconds at which a channel posted, in order."""
    if not posts:
        return None
    since = posts[-1]
    lately = posts[bisect_left(posts, since - WEEKS * WEEK) :]
    spans = [(start, end) for start, end in pairwise(lately) if end > start]
    if len(spans) < FEWEST or since - lately[0] < KNOWN_FOR:
        return None
    rhythm = Rhythm(lately)
    most = _most_missed(sorted(rhythm.missed(*span) for span in spans), since - lately[0])
    pauses = _Pauses(spans)
    for at in range(since + LEAST, since + LONGEST, STEP):
        if rhythm.missed(since, at) <= most:
            continue
        usual = pauses.usual(at)
        if at - since > usual:
            return Unusual(at, usual)
    return None


class Rhythm:
    """How many posts a channel makes at each hour of the week, by those that it made. An hour
    counts with its neighbours, and is drawn towards what the hour of the day and the day are by
    themselves, for eight weeks are few."""

    def __init__(self, posts: Sequence[int]) -> None:
        weeks = max(1.0, (posts[-1] - posts[0]) / WEEK)
        counted = [0.0] * HOURS
        for at in posts:
            counted[hour_of(at)] += 1
        counted = [
            sum(share * counted[(hour + away) % HOURS] for away, share in _NEIGHBOURS)
            for hour in range(HOURS)
        ]
        expected = _product(counted, weeks)
        floor = _FLOOR * len(posts) / weeks / HOURS
        rates = [
            max(floor, (counted[hour] + _PRIOR_WEEKS * expected[hour]) / (weeks + _PRIOR_WEEKS))
            for hour in range(HOURS)
        ]
        self._rates = rates
        self._before = [0.0, *accumulate(rates)]

    def missed(self, start: int, end: int) -> float:
        """How many posts usually come from one time (epoch seconds) to another."""
        return self._until(end) - self._until(start)

    def _until(self, at: int) -> float:
        week, within = divmod(at, WEEK)
        hour, rest = divmod(within, HOUR)
        return week * self._before[-1] + self._before[hour] + self._rates[hour] * rest / HOUR


def hour_of(at: int) -> int:
    """The hour of the week (UTC, from Thursday on, as the epoch began) of an epoch second."""
    return at // HOUR % HOURS


def _product(counted: Sequence[float], weeks: float) -> list[float]:
    """What each hour would have a week if all days had the same hours."""
    total = sum(counted)
    days = [sum(counted[day * 24 : day * 24 + 24]) for day in range(7)]
    hours = [sum(counted[hour::24]) for hour in range(24)]
    return [days[hour // 24] * hours[hour % 24] / total / weeks for hour in range(HOURS)]


def _most_missed(missed: Sequence[float], length: int) -> float:
    """How much may be missed in a pause that is still usual: more than nearly all have missed
    (``missed``, in order, of ``length`` seconds), and so much that pauses that are as random as
    those pass it seldom in a month."""
    pauses_a_month = len(missed) * 30 * DAY / length
    rarest = min(SHARE, MONTHLY / pauses_a_month)
    long = missed[quantile_place(len(missed), 1 - _TAIL) :]
    excess = sum(one - long[0] for one in long) / max(1, len(long) - 1)
    spread = max(excess, 1.0)  # Posts that come at random have 1.
    beyond = long[0] + spread * math.log(_TAIL / rarest)
    return max(missed[quantile_place(len(missed), 1 - SHARE)], beyond)


def quantile_place(count: int, share: float) -> int:
    """The place of the least of ``count`` values in order that at least ``share`` do not pass."""
    return min(count - 1, max(0, math.ceil(share * count) - 1))


class _Pauses:
    """Pauses by the time of the week at which they ran."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._spans = spans
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]

    def usual(self, at: int) -> int:
        """The seconds that all but the rarest of those lasted that ran at that time of the week."""
        lengths = sorted(end - start for start, end in self._running(at))
        return lengths[quantile_place(len(lengths), 1 - SHARE)] if lengths else 0

    def _running(self, at: int) -> Iterator[tuple[int, int]]:
        found: set[int] = set()
        first = (at - self._starts[0]) // WEEK
        for week in range(max(1, first - WEEKS), first + 2):
            there = at - week * WEEK
            low = bisect_left(self._ends, there - NEAR)
            high = bisect_right(self._starts, there + NEAR)
            found.update(range(low, high))
        return (self._spans[place] for place in sorted(found))
