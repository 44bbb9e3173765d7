"""How many planted bursts could anybody find within 20 minutes, who knew every rate beforehand?

``--channels N --days N --seed N``. The year is that of ``signals.py``, without outages and copies.
Who looks here knows how many posts every hour will have of a query but for chance: the hour, the
day, how busy each channel is in it, and by how much posts come together. It looks every two minutes
at the last 20 and tells of 5 posts of 3 channels that are rarer than a limit; the limit is set so
that the allowed number of surges a month and query is false. What it misses no method finds that
counts posts.
One figure a line: by how many posts an hour are usual, the share of bursts that is found.
"""

import argparse
import math
import random
import sys
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import signals
from benchmarks.signals import DAY, HOUR, LOOK_EVERY, MINUTE, ONCE_IN, SHARES, SOON, Rhythm
from handlers.rhythms import counts
from handlers.rhythms.counts import Usual

LOWEST = 3e-3
READ_AFTER = 17
"""Seconds until a post is read."""


@dataclass(slots=True)
class Known:
    """What is known of a query: what is usual in each hour, what this one will have but for chance,
    and the pairs that come together in it; and its posts (second, channel)."""

    usual: list[float]
    rate: list[float]
    pairs: list[float]
    posts: list[tuple[int, int]] = field(default_factory=list)

    def tail(self, now: int, posts: Sequence[tuple[int, int]]) -> float:
        """How unlikely the posts of the last 20 minutes are, from 0 to 1; 1 if too few."""
        first = bisect_right(posts, (now - SOON, 1 << 30))
        last = bisect_right(posts, (now - READ_AFTER, 1 << 30))
        mean = self._within(self.rate, now)
        if last - first < max(counts.LEAST_POSTS, mean):
            return 1.0
        if len({channel for _, channel in posts[first:last]}) < counts.LEAST_CHANNELS:
            return 1.0
        pairs = self._within(self.pairs, now)
        return counts.tail(last - first, Usual(mean, max(1e-6, pairs / mean / mean)))

    def _within(self, hours: Sequence[float], now: int) -> float:
        start = now - SOON
        return sum(
            hours[hour] * (min(now, (hour + 1) * HOUR) - max(start, hour * HOUR)) / HOUR
            for hour in range(start // HOUR, min(len(hours), -(-now // HOUR)))
        )


def live(
    rhythms: Sequence[Rhythm], tastes: Sequence[Sequence[float]], days: int, rng: random.Random
) -> list[Known]:
    """Each query's year."""
    hours = days * 24
    known = [Known([0.0] * hours, [0.0] * hours, [0.0] * hours) for _ in SHARES]
    for day in range(days):
        busy = rng.gammavariate(1 / 0.02, 0.02)
        topics = [rng.gammavariate(1 / 0.04, 0.04) for _ in SHARES]
        for channel, rhythm in enumerate(rhythms):
            times = busy * rng.gammavariate(1 / rhythm.varies, rhythm.varies)
            today = [
                min(1.0, taste * topic)
                for taste, topic in zip(tastes[channel], topics, strict=True)
            ]
            for hour in range(24):
                usual = rhythm.rate(day, hour)
                rate = usual * times * rng.gammavariate(1 / 0.05, 0.05)
                together = 6 * rhythm.cluster / (1 + 2 * rhythm.cluster)
                for query, one in enumerate(known):
                    one.usual[day * 24 + hour] += usual * tastes[channel][query]
                    one.rate[day * 24 + hour] += rate * today[query]
                    one.pairs[day * 24 + hour] += rate * together * today[query] ** 2
                _post(known, channel, rhythm, rate, (day * 24 + hour) * HOUR, today, rng)
    for one in known:
        one.posts.sort()
    return known


def _post(
    known: Sequence[Known],
    channel: int,
    rhythm: Rhythm,
    rate: float,
    start: int,
    tastes: Sequence[float],
    rng: random.Random,
) -> None:
    for _ in range(signals._poisson(rate / (1 + 2 * rhythm.cluster), rng)):
        moments = [start + rng.randrange(HOUR)]
        if rng.random() < rhythm.cluster:
            moments += [moments[0] + rng.randrange(30, most) for most in (400, 800)]
        for moment in moments:
            for query, taste in enumerate(tastes):
                if rng.random() < taste:
                    known[query].posts.append((moment, channel))


def look(known: Known, days: int) -> list[tuple[int, float]]:
    """When something rare was seen in which nothing was planted, and how rare it was."""
    looks = range(28 * DAY, days * DAY, LOOK_EVERY)
    found = ((now, known.tail(now, known.posts)) for now in looks)
    return [(now, rare) for now, rare in found if rare < LOWEST]


def plant(
    known: Known,
    rhythms: Sequence[Rhythm],
    tastes: Sequence[float],
    times: float,
    start: int,
    rng: random.Random,
) -> float:
    """How rare a burst that starts then looks at most within 20 minutes."""
    first = bisect_right(known.posts, (start - SOON, 0))
    posts = known.posts[first : bisect_right(known.posts, (start + SOON, 0))]
    for channel, rhythm in enumerate(rhythms):
        for minute in range(start, start + SOON, MINUTE):
            rate = rhythm.rate(minute // DAY, minute // HOUR % 24) / 60
            for _ in range(signals._poisson((times - 1) * tastes[channel] * rate, rng)):
                posts.append((minute + rng.randrange(MINUTE), channel))
    posts.sort()
    looks = range(start + LOOK_EVERY - start % LOOK_EVERY, start + SOON + 1, LOOK_EVERY)
    return min(known.tail(now, posts) for now in looks)


def find_limit(rare: Sequence[Sequence[tuple[int, float]]], allowed: float) -> float:
    """The limit at which ``allowed`` false surges come of all queries together."""
    low, high = 1e-9, LOWEST
    for _ in range(40):
        limit = math.sqrt(low * high)
        told = 0
        for one in rare:
            last = -ONCE_IN
            for now, tail in one:
                if tail < limit and now - last >= ONCE_IN:
                    told, last = told + 1, now
        low, high = (limit, high) if told <= allowed else (low, limit)
    return low


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--channels", type=int, default=50)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--times", type=float, default=5.0)
    parser.add_argument("--bursts", type=int, default=200, help="of each query")
    parser.add_argument("--short", action="store_true", help="some seconds: does it still run?")
    given = parser.parse_args()
    if given.short:
        given.channels, given.days, given.bursts = 12, 60, 20
    rng = random.Random(given.seed)
    rhythms = [signals.make_rhythm(rng) for _ in range(given.channels)]
    tastes = [[share * rng.uniform(0.6, 1.4) for share in SHARES] for _ in rhythms]
    known = live(rhythms, tastes, given.days, rng)
    rare = [look(one, given.days) for one in known]
    planted = []
    for query, one in enumerate(known):
        for _ in range(given.bursts):
            day = rng.randrange(30, given.days - 1)
            start = day * DAY + rng.randrange(7 * HOUR, 21 * HOUR)
            taste = [channel[query] for channel in tastes]
            seen = plant(one, rhythms, taste, given.times, start, rng)
            planted.append((one.usual[start // HOUR], seen))
    months = (given.days - 28) / 30 * len(SHARES)
    limits = {a: find_limit(rare, a * months) for a in (0.5, 1.0)}
    for name, limit in [*((f"false_{a}", one) for a, one in limits.items()), ("limit_1e-4", 1e-4)]:
        _say(name, limit, planted)


def _say(name: str, limit: float, planted: Sequence[tuple[float, float]]) -> None:
    every = [seen < limit for _, seen in planted]
    print(f"{name} limit {limit:.1e} found_of_all {sum(every) / len(every):.2f}")
    for low, high in ((0, 3), (3, 6), (6, 9), (9, 12), (12, 20), (20, math.inf)):
        found = [seen < limit for usual, seen in planted if low <= usual < high]
        if found:
            share = sum(found) / len(found)
            print(f"{name} bursts_at_{low}_to_{high}_an_hour {share:.2f} of {len(found)}")


if __name__ == "__main__":
    main()
