"""Whether more posts came than usually do at that hour. Pure.

How many posts an hour usually has follows from the four weeks before it: from the same hour of
other days, with its neighbours, from what that day of the week and those hours of it are like, and
from whether the last hours were busy ones. Counts vary more than posts that come at random would,
for some posts come together, and some hours are busy as a whole: how much more is read off the same
weeks, and a negative binomial has as much. By how much posts come together shows in how unlike the
first and the last third of an hour are: whether the day is a busy one is the same for both.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import accumulate

from msgspec import Struct

HOUR = 3600
DAYS = 28
HOURS = DAYS * 24
THIRD = HOUR // 3
"""Posts are counted by thirds of an hour, since 1970."""
RAREST = 1e-4
"""A surge is what comes less often than this, by the model, at that hour."""
LEAST_POSTS = 5
LEAST_CHANNELS = 3
WINDOWS = ((HOUR, RAREST / 3), (THIRD, RAREST))
"""Seconds up to now that are looked at, and how rare a surge in them is: the hour, and what began
in it. What may be told falsely is spent on what is told soon: the hour seldom tells of more."""
KNOWN_HOURS = 14 * 24
"""With fewer hours of the four weeks nothing is said."""
_WEEK = 7 * 24
_NEIGHBOURS = ((-1, 0.25), (0, 0.5), (1, 0.25))
_PRIOR_POSTS = 8.0
_PRIOR_HOURS = 40.0
_NEAR = 2
"""The number of hours before and after that describe an hour of the week."""
_PRIOR_THIRDS = 16.0
_PRIOR_SQUARES = 140.0
_LEAST_SPREAD = 0.06
_MOST = 6.0
_LATELY = 9
"""Hours that say whether it is a busy day or a slow one."""
_PRIOR_LEVEL = 20.0
_FAR = 4.0
"""An hour that deviates by this many times the usual is not learned from."""


class Seen(Struct, frozen=True):
    """A post: when it was published (epoch seconds), of which channel; ``id`` names it."""

    at: int
    channel: int
    id: int


class Usual(Struct, frozen=True):
    """How many posts usually come in a time: their mean, and by how much it varies from one such
    time to another (the square of its relative deviation)."""

    mean: float
    spread: float


class Weeks:
    """What the four weeks before an hour say. ``counts``: posts by the third of an hour since the
    epoch; hours that are not in ``read`` were not read, and say nothing. ``weight``: what a post
    counts for, for some count for more than one (the sum of the squares, over the sum)."""

    def __init__(
        self,
        counts: Mapping[int, float],
        read: Sequence[int],
        *,
        until: int,
        weight: float = 1.0,
    ) -> None:
        hours = [hour for hour in read if until - HOURS <= hour < until]
        self._known = len(hours)
        self._thirds, self._weight = counts, weight
        self._counts = {
            hour: sum(counts.get(third, 0.0) for third in range(3 * hour, 3 * hour + 3))
            for hour in hours
        }
        self._learn(hours)
        # What was a surge then does not make the next one usual.
        usual = [hour for hour in hours if not self._is_far_off(hour)]
        if len(usual) < len(hours):
            self._learn(usual)

    def _learn(self, hours: Sequence[int]) -> None:
        self._add_up(hours)
        self._bases = {hour: self._find_base(hour) for hour in hours}
        self._level = self._find_levels(hours)
        means = {hour: self._mean(hour) for hour in hours}
        self._together = self._find_together(means)
        self._busy = self._find_busy(means)

    def _is_far_off(self, hour: int) -> bool:
        mean = self._mean(hour)
        usually = math.sqrt(mean * (1 + self._together) + self._busy[hour % 24] * mean * mean)
        return self._counts[hour] > mean + _FAR * usually

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
        of_hour = self._busy[end // HOUR % 24] + self._doubt(end // HOUR)
        return Usual(mean, self._together / mean + of_hour)

    def _mean(self, hour: int) -> float:
        return self._base(hour) * self._level.get(hour, 1.0)

    def _add_up(self, hours: Sequence[int]) -> None:
        """What every hour of the day and of the week had, every date, and the hours up to each."""
        days, known = [0.0] * 24, [0] * 24
        posts, times = [0.0] * _WEEK, [0] * _WEEK
        for hour in hours:
            posts[hour % _WEEK] += self._counts[hour]
            times[hour % _WEEK] += 1
        for hour in range(_WEEK):
            days[hour % 24] += posts[hour]
            known[hour % 24] += times[hour]
        mean = [total / max(1, number) for total, number in zip(days, known, strict=True)]
        least = 0.5 / max(1, self._known // 24)
        self._of_day = [one + least for one in _smooth(mean)]
        usual = [number * self._of_day[hour % 24] for hour, number in enumerate(times)]
        self._of_week = [
            (sum(posts[day : day + 24]), sum(usual[day : day + 24])) for day in range(0, _WEEK, 24)
        ]
        self._weekdays = [_ratio(seen, of, _PRIOR_POSTS) for seen, of in self._of_week]
        usual = [one * self._weekdays[hour // 24] for hour, one in enumerate(usual)]
        self._near = [(_around(posts, hour), _around(usual, hour)) for hour in range(_WEEK)]
        self._add_up_dates(hours)

    def _add_up_dates(self, hours: Sequence[int]) -> None:
        self._first = min(hours, default=0)
        self._dates: dict[int, tuple[float, float]] = {}
        span = range(self._first, max(hours, default=-1) + 1)
        known = set(hours)
        seen = [self._counts[hour] if hour in known else 0.0 for hour in span]
        usual = [self._of_day[hour % 24] if hour in known else 0.0 for hour in span]
        for start in range(-(self._first % 24), len(span), 24):
            day = slice(max(0, start), start + 24)
            self._dates[(self._first + start) // 24] = (sum(seen[day]), sum(usual[day]))
        usual = [
            one * self._weekdays[hour // 24 % 7] for hour, one in zip(span, usual, strict=True)
        ]
        self._seen = [0.0, *accumulate(seen)]
        self._usually = [0.0, *accumulate(usual)]

    def _find_base(self, hour: int) -> float:
        """What usually comes in an hour, of which its own date says nothing: what that hour of the
        day has, times what the day of the week is like, times what the hours around it are like on
        that day; each is drawn towards 1 where there are few posts."""
        day = hour // 24 % 7
        posts, usual = self._of_week[day]
        own, own_usual = self._dates.get(hour // 24, (0.0, 0.0))
        ratio = _ratio(posts - own, usual - own_usual, _PRIOR_POSTS)
        posts, usual = self._near[hour % _WEEK]
        last = len(self._seen) - 1
        start = min(last, max(0, hour - _NEAR - self._first))
        end = min(last, max(0, hour + _NEAR + 1 - self._first))
        posts = max(0.0, posts - self._seen[end] + self._seen[start])
        usual = max(0.0, usual - self._usually[end] + self._usually[start])
        around = _ratio(posts, usual * ratio / self._weekdays[day], _PRIOR_HOURS)
        return self._of_day[hour % 24] * ratio * around

    def _base(self, hour: int) -> float:
        found = self._bases.get(hour)
        return self._find_base(hour) if found is None else found

    def _find_levels(self, hours: Sequence[int]) -> dict[int, float]:
        """For each hour how busy those just before it were, as a multiple of what is usual; drawn
        towards 1 where they usually have few posts. Single hours do not weigh much."""
        first, last = min(hours, default=0), max(hours, default=0) + 1
        seen, usual = [0.0], [0.0]
        for hour in range(first, last):
            mean = self._bases.get(hour, 0.0)
            seen.append(seen[-1] + (min(self._counts[hour], 3 * mean + 1) if mean else 0.0))
            usual.append(usual[-1] + mean)
        levels = {}
        for place in range(1, last - first + 2):
            now, before = min(place, last - first), max(0, place - _LATELY)
            ratio = _ratio(seen[now] - seen[before], usual[now] - usual[before], _PRIOR_LEVEL)
            levels[first + place] = min(2.0, max(0.5, ratio))
        return levels

    def _doubt(self, hour: int) -> float:
        """How much the mean itself may be off, for it was read off few posts."""
        return 1 / (1 + 2.5 * self._of_day[hour % 24] * self._known / 24)

    def _find_together(self, means: Mapping[int, float]) -> float:
        """By how much counts vary beyond chance, as a multiple of their mean, for posts that come
        together: as far as the first and the last third of an hour differ by more than chance. How
        busy a day is says nothing here, and so this holds for a part of an hour as for the hour."""
        beyond, posts = 0.0, 0.0
        for hour in means:
            first, last = self._thirds.get(3 * hour, 0.0), self._thirds.get(3 * hour + 2, 0.0)
            most = _MOST * math.sqrt(means[hour])
            beyond += (min(abs(first - last), most) ** 2 - self._weight * (first + last)) / 2
            posts += (first + last) / 2
        return max(0.0, beyond / (posts + _PRIOR_THIRDS))

    def _find_busy(self, means: Mapping[int, float]) -> list[float]:
        """By how much they vary beyond that, as a multiple of the square of their mean, for busy
        hours: at each hour of the day, for how busy a day will be is known in its evening, not
        before its morning. A single burst does not say how the others are."""
        beyond, squares = [0.0] * 24, [0.0] * 24
        for hour in means:
            mean = means[hour]
            off = min(self._counts[hour], mean + _MOST * math.sqrt(mean)) - mean
            beyond[hour % 24] += off * off - mean * (self._weight + self._together)
            squares[hour % 24] += mean * mean
        of_all = max(_LEAST_SPREAD, sum(beyond) / sum(squares) if means else 0.0)
        return [
            max(
                _LEAST_SPREAD,
                (_PRIOR_SQUARES * of_all + _around(beyond, hour))
                / (_PRIOR_SQUARES + _around(squares, hour)),
            )
            for hour in range(24)
        ]


class Surge(Struct, frozen=True):
    """Posts that are more than usually come in the ``seconds`` up to then."""

    posts: tuple[Seen, ...]
    seconds: int
    usual: float


def find_surge(posts: Sequence[Seen], weeks: Weeks, *, now: int) -> Surge | None:
    """A surge that runs ``now`` (epoch seconds), or None. ``posts``: those of the last hour at
    least, each story once."""
    for seconds, rarest in WINDOWS:
        lately = tuple(post for post in posts if now - seconds < post.at <= now)
        if len(lately) < LEAST_POSTS or len({one.channel for one in lately}) < LEAST_CHANNELS:
            continue
        usual = weeks.usual(now - seconds, now)
        if weeks.is_known and tail(len(lately), usual) < rarest:
            return Surge(lately, seconds, usual.mean)
    return None


def tail(count: int, usual: Usual) -> float:
    """The probability of this number or more: the upper tail of the negative binomial
    distribution."""
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


def _ratio(posts: float, usual: float, prior: float) -> float:
    """How much more there is than usually, as if ``prior`` posts more had come of as many."""
    return (prior + posts) / (prior + usual)


def _around(hours: Sequence[float], hour: int) -> float:
    return sum(hours[(hour + away) % len(hours)] for away in range(-_NEAR, _NEAR + 1))


def _smooth(hours: Sequence[float]) -> list[float]:
    return [
        sum(share * hours[(hour + away) % len(hours)] for away, share in _NEIGHBOURS)
        for hour in range(len(hours))
    ]
