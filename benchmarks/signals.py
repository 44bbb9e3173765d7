"""A generated year of channels: are silences and surges told falsely, and how soon is a burst?

``--channels N --days N --seed N``. Channels have rhythms of the day and the week of their own, busy
and slow days, posts that come in clusters; some posts are copied by others. Five queries find from
some to most of the posts. Bursts are planted: all channels post ``--times`` as much of a query as
they usually do at that hour, for an hour or two. In outages of six hours nothing is read; what was
posted meanwhile is read at their end. Each channel cannot be read for some days.

It is judged by ``handlers.rhythms``, as in the service: every two minutes, by what was read by
then. The first four weeks (surges) and eight weeks (silences) only teach. One figure a line.
"""

import argparse
import math
import random
import sys
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from handlers.rhythms import counts, pauses
from handlers.rhythms.counts import Seen, Weeks

MINUTE, HOUR, DAY = 60, 3600, 86400
BEGIN = 20_000 * DAY
LOOK_EVERY = 2 * MINUTE
ONCE_IN = 6 * HOUR
SHARES = (0.03, 0.08, 0.15, 0.3, 0.6)
"""Of all posts, those that each query finds."""
OUTAGES = 12
PLANTED = 40
COPIED = 0.25
SOON = 20 * MINUTE


@dataclass(frozen=True, slots=True)
class Post:
    """When it was published and read, of which channel; the queries that find it; whether it is the
    first of its story."""

    at: int
    read_at: int
    channel: int
    queries: frozenset[int]
    is_first: bool


@dataclass(slots=True)
class Rhythm:
    """What a channel is like: posts a day, how much of them at each hour, on each day of the week;
    how days vary, and how many posts come together."""

    a_day: float
    hours: list[float]
    days: list[float]
    varies: float
    cluster: float

    def rate(self, day: int, hour: int) -> float:
        """The posts that it usually has at an hour."""
        return self.a_day * self.days[day % 7] * self.hours[hour] / 24


@dataclass(slots=True)
class Made:
    """A year: posts in the order of reading, bursts (query, start), outages, and when each channel
    could not be read."""

    posts: list[Post] = field(default_factory=list)
    bursts: list[tuple[int, int]] = field(default_factory=list)
    outages: list[tuple[int, int]] = field(default_factory=list)
    unread: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))


def make_rhythm(rng: random.Random) -> Rhythm:
    """A channel: an office, a newsroom, one of evenings, or one that never sleeps."""
    kind = rng.choice(("office", "news", "evening", "always"))
    peaks = {
        "office": ((11, 2.5), (15, 2.5)),
        "news": ((9, 3.0), (14, 4.0), (19, 3.0)),
        "evening": ((20, 3.0),),
        "always": ((13, 7.0),),
    }[kind]
    shift, floor = rng.uniform(-3, 3), {"always": 0.3, "news": 0.04}.get(kind, 0.005)
    hours = [
        floor
        + sum(math.exp(-(_away(hour, top + shift) ** 2) / 2 / width**2) for top, width in peaks)
        for hour in range(24)
    ]
    weekend = rng.uniform(0.05, 0.5) if kind == "office" else rng.uniform(0.4, 1.1)
    days = [1.0] * 5 + [weekend, weekend * rng.uniform(0.7, 1.2)]
    return Rhythm(
        a_day=math.exp(rng.uniform(math.log(1.5), math.log(80))),
        hours=[24 * one / sum(hours) for one in hours],
        days=days,
        varies=rng.uniform(0.05, 0.25),
        cluster=rng.choice((0.0, 0.1, 0.3)),
    )


def _away(hour: float, top: float) -> float:
    return (hour + 0.5 - top + 12) % 24 - 12


def make_year(given: argparse.Namespace) -> Made:
    """Live through it."""
    rng, made = random.Random(given.seed), Made()
    rhythms = [make_rhythm(rng) for _ in range(given.channels)]
    tastes = [[share * rng.uniform(0.6, 1.4) for share in SHARES] for _ in rhythms]
    _plan(made, rhythms, given, rng)
    posts: list[Post] = []
    for day in range(given.days):
        busy = rng.gammavariate(1 / 0.02, 0.02)  # The world has busy days and slow ones.
        topics = [rng.gammavariate(1 / 0.04, 0.04) for _ in SHARES]
        for channel, rhythm in enumerate(rhythms):
            own = rng.gammavariate(1 / rhythm.varies, rhythm.varies)
            today = [
                min(1.0, taste * topic)
                for taste, topic in zip(tastes[channel], topics, strict=True)
            ]
            posts += _live(channel, rhythm, busy * own, day, today, rng)
    for query, start in made.bursts:
        for channel, rhythm in enumerate(rhythms):
            more = (given.times - 1) * tastes[channel][query]
            posts += _burst(channel, rhythm, more, query, start, rng)
    posts += _copies(posts, given.channels, rng)
    made.posts = sorted(
        (_read(post, made) for post in posts), key=lambda post: (post.read_at, post.at)
    )
    return made


def _plan(
    made: Made, rhythms: Sequence[Rhythm], given: argparse.Namespace, rng: random.Random
) -> None:
    """When bursts, outages and troubles of single channels are: bursts apart from outages."""
    end = BEGIN + given.days * DAY
    for _ in range(OUTAGES * given.days // 365):
        start = rng.randrange(BEGIN + 30 * DAY, end - DAY)
        made.outages.append((start, start + 6 * HOUR))
    for channel in range(given.channels):
        start = rng.randrange(BEGIN + 60 * DAY, end - 5 * DAY)
        made.unread[channel].append((start, start + rng.randrange(DAY, 4 * DAY)))
    for query in range(len(SHARES)):
        for _ in range(PLANTED * given.days // 365):
            day = rng.randrange(30, given.days - 1)
            start = BEGIN + day * DAY + rng.randrange(7 * HOUR, 21 * HOUR)
            near_outage = any(a - 2 * HOUR < start < b + 2 * HOUR for a, b in made.outages)
            near_other = any(
                q == query and abs(start - other) < 8 * HOUR for q, other in made.bursts
            )
            if not near_outage and not near_other:
                made.bursts.append((query, start))
    made.bursts.sort(key=lambda burst: burst[1])


def _live(
    channel: int,
    rhythm: Rhythm,
    times: float,
    day: int,
    tastes: Sequence[float],
    rng: random.Random,
) -> Iterator[Post]:
    """A channel's posts of a day: ``times`` its usual number."""
    midnight = BEGIN + day * DAY
    for hour in range(24):
        rate = times * rhythm.rate(day, hour) * rng.gammavariate(1 / 0.05, 0.05)
        for _ in range(_poisson(rate / (1 + 2 * rhythm.cluster), rng)):
            at = midnight + hour * HOUR + rng.randrange(HOUR)
            yield _post(at, channel, tastes, rng)
            if rng.random() < rhythm.cluster:
                yield _post(at + rng.randrange(30, 400), channel, tastes, rng)
                yield _post(at + rng.randrange(30, 800), channel, tastes, rng)


def _burst(
    channel: int, rhythm: Rhythm, more: float, query: int, start: int, rng: random.Random
) -> Iterator[Post]:
    """What a burst adds to a channel's posts: ``more`` times what it usually has of all."""
    for minute in range(rng.randrange(60, 120)):
        at = start + minute * MINUTE
        rate = rhythm.rate((at - BEGIN) // DAY, at // HOUR % 24) / 60
        for _ in range(_poisson(more * rate, rng)):
            moment = at + rng.randrange(MINUTE)
            yield Post(moment, 0, channel, frozenset((query,)), is_first=True)


def _post(at: int, channel: int, tastes: Sequence[float], rng: random.Random) -> Post:
    queries = frozenset(query for query, taste in enumerate(tastes) if rng.random() < taste)
    return Post(at, 0, channel, queries, is_first=True)


def _copies(posts: Sequence[Post], channels: int, rng: random.Random) -> Iterator[Post]:
    for post in posts:
        if rng.random() < COPIED / 3:
            for _ in range(rng.randrange(1, 6)):
                at = post.at + rng.randrange(MINUTE, 40 * MINUTE)
                yield Post(at, 0, rng.randrange(channels), post.queries, is_first=False)


def _read(post: Post, made: Made) -> Post:
    """When it is read: soon, or when what stands in the way has ended."""
    read_at = post.at + 5 + hash(post) % 25
    for start, end in (*made.outages, *made.unread[post.channel]):
        if start <= read_at < end:
            read_at = end + 10 + hash(post) % 600
    return Post(post.at, read_at, post.channel, post.queries, post.is_first)


def _poisson(rate: float, rng: random.Random) -> int:
    if rate > 30:
        return max(0, round(rng.gauss(rate, math.sqrt(rate))))
    limit, product, number = math.exp(-rate), rng.random(), 0
    while product > limit:
        product *= rng.random()
        number += 1
    return number


@dataclass(slots=True)
class Told:
    """What was told of a query: when, and what usually comes in an hour then."""

    surges: list[int]
    found: list[tuple[int, float]]
    missed: list[float]
    after_outage: int


def find_surges(query: int, made: Made, days: int) -> Told:
    """Look every two minutes, as the service does."""
    posts = [one for one in made.posts if query in one.queries and one.is_first]
    total: Counter[int] = Counter()
    told, last, place = [], 0, 0
    weeks, weeks_of = None, -1
    begin, end = BEGIN + 28 * DAY, BEGIN + days * DAY
    usual: dict[int, float] = {}
    starts = {start for q, start in made.bursts if q == query}
    lately: list[Seen] = []
    for now in range(BEGIN, end, LOOK_EVERY):
        while place < len(posts) and posts[place].read_at <= now:
            post = posts[place]
            total[post.at // counts.THIRD] += 1
            lately.append(Seen(post.at, post.channel, place))
            place += 1
        lately = [one for one in lately if one.at > now - HOUR]
        is_start = any(now - LOOK_EVERY < start <= now for start in starts)
        if now < begin or (len(lately) < counts.LEAST_POSTS and not is_start):
            continue
        if is_down(now, made) or (now - last < ONCE_IN and not is_start):
            continue
        if weeks is None or weeks_of != now // HOUR:
            hour = now // HOUR
            read = range(hour - counts.HOURS, hour)
            weeks, weeks_of = Weeks(total, read, until=hour), hour
        if is_start:
            usual[now] = weeks.usual(now, now + HOUR).mean
        if now - last >= ONCE_IN and counts.find_surge(lately, weeks, now=now) is not None:
            told.append(now)
            last = now
    return _judged(query, told, usual, made)


def is_down(now: int, made: Made) -> bool:
    """Whether nothing runs."""
    return any(start <= now < end for start, end in made.outages)


def _judged(query: int, told: list[int], usual: dict[int, float], made: Made) -> Told:
    found, missed, false = [], [], set(told)
    for start in (start for q, start in made.bursts if q == query and start >= BEGIN + 28 * DAY):
        a_hour = next(
            (one for at, one in usual.items() if start <= at < start + 2 * LOOK_EVERY), 0.0
        )
        within = [at for at in told if start < at <= start + 2 * HOUR + SOON]
        false -= set(within)
        if any(start - ONCE_IN < at <= start for at in told):
            continue  # Told of something else just before: once in six hours.
        if within and within[0] <= start + SOON:
            found.append(((within[0] - start) // MINUTE, a_hour))
        else:
            missed.append(a_hour)
    after = sum(any(end <= at <= end + 6 * HOUR for _, end in made.outages) for at in false)
    return Told(sorted(false), found, missed, after)


def find_silences(made: Made, channels: int, days: int) -> dict[int, int]:
    """How many silences of each channel were told that were none."""
    false = {}
    for channel in range(channels):
        times = sorted({post.at for post in made.posts if post.channel == channel})
        gone = made.unread[channel] + made.outages
        false[channel] = 0
        for number in range(1, len(times)):
            since, until = times[number - 1], times[number]
            if until - since <= pauses.LEAST or since < BEGIN + pauses.WEEKS * pauses.WEEK:
                continue
            first = bisect_left(times, since - pauses.WEEKS * pauses.WEEK)
            unusual = pauses.find_unusual(times[first:number])
            if unusual is not None and _known(unusual.at, until, gone) is not None:
                false[channel] += 1
    return false


def _known(at: int, until: int, gone: Sequence[tuple[int, int]]) -> int | None:
    """When it is known that a channel was silent until ``at``, if that is before it speaks."""
    for start, end in gone:
        if start <= at < end:
            at = end
    return at if at < until else None


def find_delays(made: Made, channels: int, days: int, rng: random.Random) -> list[float]:
    """Each channel falls silent once, for good, at a time of its own: after how many hours that is
    said, as a multiple of what is then the longest pause of its eight weeks."""
    delays = []
    for channel in range(channels):
        times = sorted({post.at for post in made.posts if post.channel == channel})
        until = rng.randrange(BEGIN + 70 * DAY, BEGIN + days * DAY)
        before = times[bisect_left(times, until - 56 * DAY) : bisect_right(times, until)]
        unusual = pauses.find_unusual(before)
        if unusual is not None:
            delays.append((unusual.at - before[-1]) / HOUR)
    return delays


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--channels", type=int, default=50)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--times", type=float, default=5.0)
    parser.add_argument("--short", action="store_true", help="some seconds: does it still run?")
    given = parser.parse_args()
    if given.short:
        given.channels, given.days = 12, 120
    made = make_year(given)
    print(f"posts {len(made.posts)} channels {given.channels} days {given.days} seed {given.seed}")
    months = (given.days - 28) / 30
    false, found, missed, after = [], [], [], 0
    for query, share in enumerate(SHARES):
        told = find_surges(query, made, given.days)
        false.append(len(told.surges) / months)
        found, missed, after = found + told.found, missed + told.missed, after + told.after_outage
        print(
            f"query_{share} false_a_month {false[-1]:.2f} bursts_found {len(told.found)}"
            f"/{len(told.found) + len(told.missed)}"
        )
    _say_bursts(found, missed)
    silences = find_silences(made, given.channels, given.days)
    a_month = [number / ((given.days - 56) / 30) for number in silences.values()]
    delays = find_delays(made, given.channels, given.days, random.Random(given.seed + 1))
    print(f"silences_told_after_hours median {median(delays):.1f} longest {max(delays):.1f}")
    print(f"false_surges_a_month_and_query mean {mean(false):.2f} worst {max(false):.2f}")
    print(f"surges_after_outage {after}")
    print(f"false_silences_a_month_and_channel mean {mean(a_month):.2f} worst {max(a_month):.2f}")


def _say_bursts(found: Sequence[tuple[int, float]], missed: Sequence[float]) -> None:
    """By how many posts an hour usually come: few cannot show a burst in 20 minutes."""
    for low, high in ((0, 3), (3, 6), (6, 9), (9, 12), (12, 20), (20, math.inf)):
        soon = [minutes for minutes, usual in found if low <= usual < high]
        late = sum(low <= usual < high for usual in missed)
        if soon or late:
            half = f"{median(soon):.0f}" if soon else "-"
            print(
                f"bursts_at_{low}_to_{high}_an_hour {len(soon)}/{len(soon) + late} minutes {half}"
            )


if __name__ == "__main__":
    main()
