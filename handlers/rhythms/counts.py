"""Whether more posts came than usually do at that hour. Pure.

Posts are counted by the hour. How many an hour usually has follows from the four weeks before it:
from the same hour of other days, with its neighbours, from what that day of the week is like, and
from whether the last hours were busy ones. Counts vary more than posts that come at random would,
for some posts come together, and some hours are busy as a whole: how much more is read off the same
weeks, and a negative binomial has as much.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

HOUR = 3600
DAYS = 28
HOURS = DAYS * 24
RAREST = 1e-4
"""A surge is what comes less often than this, by the model, at that hour; in a part of an hour so
much less often as there are more of them."""
LEAST_POSTS = 5
LEAST_CHANNELS = 3
WINDOWS = (3600, 1200)
"""Seconds up to now that are looked at: the hour, and what began in it."""
KNOWN_HOURS = 14 * 24
"""With fewer hours of the four weeks nothing is said."""
_NEIGHBOURS = ((-1, 0.25), (0, 0.5), (1, 0.25))
_PRIOR_POSTS = 8.0
_LEAST_SPREAD = 0.02
_MOST = 6.0
_LATELY = 12
"""Hours that say whether it is a busy day or a slow one."""
_PRIOR_LEVEL = 20.0
_FAR = 4.0
"""So many times the usual deviation is no hour to learn from."""

_Kind: TypeAlias = Callable[[int], int]
"""The hour of the day, or the day of the week, of an hour since the epoch."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A post: when it was published (epoch seconds), of which channel; ``id`` names it."""

    at: int
    channel: int
    id: int


@dataclass(frozen=True, slots=True)
class Usual:
    """How many posts usually come in a time: their mean, and by how much it varies from one such
    time to another (the square of its relative deviation)."""

    mean: float
    spread: float


class Weeks:
    """What the four weeks before an hour say. ``counts``: posts by the hour since the epoch; hours
    that are not in ``read`` were not read, and say nothing."""

    def __init__(self, counts: Mapping[int, float], read: Sequence[int], *, until: int) -> None:
        hours = [hour for hour in read if until - HOURS <= hour < until]
        self._known = len(hours)
        self._learn(counts, hours)
        # What was a surge then does not make the next one usual.
        usual = [hour for hour in hours if not self._is_far_off(hour, counts.get(hour, 0.0))]
        if len(usual) < len(hours):
            self._learn(counts, usual)

    def _learn(self, counts: Mapping[int, float], hours: Sequence[int]) -> None:
        self._of_day = _smooth(_mean_of(counts, hours, 24, _by_hour))
        self._of_week = self._weigh_days(counts, hours)
        self._level = self._find_levels(counts, hours)
        self._spread = self._find_spread(counts, hours)

    def _is_far_off(self, hour: int, count: float) -> bool:
        mean = self._mean(hour)
        together, busy = self._spread
        return count > mean + _FAR * math.sqrt(mean * (1 + together) + busy * mean * mean)

    @property
    def is_known(self) -> bool:
        """Whether they say enough."""
        return self._known >= KNOWN_HOURS

    def usual(self, start: int, end: int) -> Usual:
        """What usually comes from one time (epoch seconds) to another."""
        mean = sum(
            self._mean(hour) * (min(end, (hour + 1) * HOUR) - max(start, hour * HOUR)) / HOUR
            for hour in range(start // HOUR, -(-end // HOUR))
        )
        together, busy = self._spread
        return Usual(mean, together / mean + busy + self._doubt(end // HOUR))

    def _mean(self, hour: int) -> float:
        return self._base(hour) * self._level.get(hour, 1.0)

    def _base(self, hour: int) -> float:
        least = 0.5 / max(1, self._known // 24)
        return (self._of_day[hour % 24] + least) * self._of_week[_by_day(hour)]

    def _find_levels(self, counts: Mapping[int, float], hours: Sequence[int]) -> dict[int, float]:
        """For each hour how busy those just before it were, as a multiple of what is usual; drawn
        towards 1 where they usually have few posts. Single hours do not weigh much."""
        seen, usual = [0.0], [0.0]
        known = set(hours)
        first, last = min(hours, default=0), max(hours, default=0) + 1
        for hour in range(first, last):
            mean = self._base(hour) if hour in known else 0.0
            seen.append(seen[-1] + min(counts.get(hour, 0.0) if mean else 0.0, 3 * mean + 1))
            usual.append(usual[-1] + mean)
        levels = {}
        for place in range(1, last - first + 2):
            now, before = min(place, last - first), max(0, place - _LATELY)
            ratio = (_PRIOR_LEVEL + seen[now] - seen[before]) / (
                _PRIOR_LEVEL + usual[now] - usual[before]
            )
            levels[first + place] = min(2.0, max(0.5, ratio))
        return levels

    def _doubt(self, hour: int) -> float:
        """How much the mean itself may be off, for it was read off few posts."""
        return 1 / (1 + 2.5 * self._of_day[hour % 24] * self._known / 24)

    def _weigh_days(self, counts: Mapping[int, float], hours: Sequence[int]) -> list[float]:
        posts, expected = [0.0] * 7, [0.0] * 7
        for hour in hours:
            posts[_by_day(hour)] += counts.get(hour, 0.0)
            expected[_by_day(hour)] += self._of_day[hour % 24]
        return [(posts[day] + _PRIOR_POSTS) / (expected[day] + _PRIOR_POSTS) for day in range(7)]

    def _find_spread(
        self, counts: Mapping[int, float], hours: Sequence[int]
    ) -> tuple[float, float]:
        """By how much counts vary beyond chance: as a multiple of their mean, for posts that come
        together, and of its square, for busy hours. By least squares; a single burst does not say
        how the others are."""
        a = b = c = x = y = 0.0
        for hour in hours:
            mean = self._mean(hour)
            off = min(counts.get(hour, 0.0), mean + _MOST * math.sqrt(mean)) - mean
            weight = 1 / (mean * mean)
            beyond = off * off - mean
            a, b, c = a + weight * mean**2, b + weight * mean**3, c + weight * mean**4
            x, y = x + weight * mean * beyond, y + weight * mean**2 * beyond
        determinant = a * c - b * b
        if not a or determinant <= 1e-9 * a * c:
            return 0.0, max(_LEAST_SPREAD, y / c if c else 0.0)
        together, busy = (c * x - b * y) / determinant, (a * y - b * x) / determinant
        if together < 0:
            return 0.0, max(_LEAST_SPREAD, y / c)
        if busy < _LEAST_SPREAD:
            return max(0.0, (x - _LEAST_SPREAD * b) / a), _LEAST_SPREAD
        return together, busy


@dataclass(frozen=True, slots=True)
class Surge:
    """Posts that are more than usually come in the ``seconds`` up to then."""

    posts: tuple[Seen, ...]
    seconds: int
    usual: float


def find_surge(posts: Sequence[Seen], weeks: Weeks, *, now: int) -> Surge | None:
    """A surge that runs ``now`` (epoch seconds), or None. ``posts``: those of the last hour at
    least, each story once."""
    for seconds in WINDOWS:
        lately = tuple(post for post in posts if now - seconds < post.at <= now)
        if len(lately) < LEAST_POSTS or len({one.channel for one in lately}) < LEAST_CHANNELS:
            continue
        usual = weeks.usual(now - seconds, now)
        if weeks.is_known and tail(len(lately), usual) < RAREST * seconds / HOUR:
            return Surge(lately, seconds, usual.mean)
    return None


def tail(count: int, usual: Usual) -> float:
    """How likely it is that so many or more come: the upper tail of the negative binomial."""
    if count <= 0:
        return 1.0
    if usual.mean <= 0:
        return 0.0
    shape = 1 / usual.spread
    share = usual.mean / (shape + usual.mean)
    log_share = math.log(share)
    first = shape * math.log1p(-share)
    below = math.fsum(
        math.exp(
            first
            + number * log_share
            + math.lgamma(shape + number)
            - math.lgamma(shape)
            - math.lgamma(number + 1)
        )
        for number in range(count)
    )
    if below < 0.999:
        return 1 - below
    return _far_tail(count, shape, share, first)


def _far_tail(count: int, shape: float, share: float, first: float) -> float:
    """The same where little is left: the terms from ``count`` on, which fall quickly."""
    log_term = (
        first
        + count * math.log(share)
        + math.lgamma(shape + count)
        - math.lgamma(shape)
        - math.lgamma(count + 1)
    )
    total, term, number = 0.0, math.exp(log_term), count
    while term > 1e-12 * total or number < count + 3:
        total += term
        term *= share * (shape + number) / (number + 1)
        number += 1
    return total


def _by_hour(hour: int) -> int:
    return hour % 24


def _by_day(hour: int) -> int:
    return hour // 24 % 7


def _mean_of(
    counts: Mapping[int, float], hours: Sequence[int], kinds: int, kind_of: _Kind
) -> list[float]:
    posts, known = [0.0] * kinds, [0] * kinds
    for hour in hours:
        posts[kind_of(hour)] += counts.get(hour, 0.0)
        known[kind_of(hour)] += 1
    return [total / number if number else 0.0 for total, number in zip(posts, known, strict=True)]


def _smooth(hours: Sequence[float]) -> list[float]:
    return [
        sum(share * hours[(hour + away) % len(hours)] for away, share in _NEIGHBOURS)
        for hour in range(len(hours))
    ]
