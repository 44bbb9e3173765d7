"""The weight of a story, and its parts, which are shown. Pure.

Every part is between 0 and 1. The number of independent channels weighs most (a forward is no
source of its own); then how much is said, whether an official channel says it, how recent it is,
and how new against the archive. The factors were fitted to editors' roundups (docs/stories.md).
A notice that one channel alone gives (hours, contacts) weighs less; it is never left out.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct, field

from handlers.outlines.newslike import is_notice, official_word
from handlers.outlines.posted import Posted
from handlers.stories.gist import Frequencies
from handlers.stories.officials import channel_key, is_official

SOURCES, OFFICIAL, NOVELTY, RECENCY, VOLUME = 30, 15, 5, 10, 40
"""What each part counts for in the total of 100."""
NOTICE = 10
"""What is taken off the total where one channel alone tells the story, and only in notices."""
HALF_LIFE = 12.0
"""Hours after which a story's recency is one half."""
TERMS = 6
"""Novelty is computed from this many of a story's heaviest terms."""
MOST_NOVEL = 5.0
"""The mean log ratio at which novelty is 1."""


class Weight(Struct, frozen=True, kw_only=True):
    """The parts of a story's weight, each between 0 and 1."""

    sources: float
    official: float
    novelty: float
    recency: float
    volume: float
    notice: float = 0.0

    @property
    def total(self) -> float:
        """The weight, at most 100."""
        return (
            SOURCES * self.sources
            + OFFICIAL * self.official
            + NOVELTY * self.novelty
            + RECENCY * self.recency
            + VOLUME * self.volume
            - NOTICE * self.notice
        )


class Period(Struct, frozen=True, kw_only=True):
    """What stories are weighed against.

    ``counts``: in how many of the period's ``posts`` each term stands; ``before`` and ``archive``:
    the same in the archive; ``official``: channels (by ``channel_key``) that are, or are not,
    official, whatever their titles say; ``frequencies``: word frequencies in the archive, for
    Russian letters (True) and others; ``asked``: a query selected the posts.
    """

    until: datetime
    channels: int
    posts: int
    counts: Mapping[int, int] = field(default_factory=dict)
    archive: int = 0
    before: Mapping[int, int] = field(default_factory=dict)
    official: Mapping[str, bool] = field(default_factory=dict)
    frequencies: Mapping[bool, Frequencies] = field(default_factory=dict)
    asked: bool = False


def count_terms(posts: Iterable[Posted]) -> Counter[int]:
    """In how many posts each term stands."""
    found: Counter[int] = Counter()
    for post in posts:
        found.update(post.gist.keys())
    return found


def weigh(group: Sequence[Posted], period: Period) -> Weight:
    """The weight of a story of these posts."""
    own = [post for post in group if post.document.forwarded_from is None]
    sources = len({channel_key(post.document) for post in own})
    return Weight(
        sources=math.log2(1 + sources) / math.log2(1 + max(1, period.channels)),
        official=max((_official(post, sources, period) for post in own), default=0.0),
        novelty=_novelty(group, period),
        recency=_recency(group, period.until),
        volume=math.log2(1 + len(group)) / math.log2(1 + max(1, period.posts)),
        notice=float(sources == 1 and all(map(is_notice, own))),
    )


def _official(post: Posted, sources: int, period: Period) -> float:
    if not is_official(post.document, period.official):
        return 0.0
    return official_word(post, confirmed=sources > 1)


def _novelty(group: Sequence[Posted], period: Period) -> float:
    total: Counter[int] = Counter()
    for post in group:
        total.update(post.gist)
    terms = [term for term, _ in total.most_common(TERMS)]
    if not terms:
        return 0.0
    return min(1.0, max(0.0, sum(_ratio(term, period) for term in terms) / len(terms) / MOST_NOVEL))


def _ratio(term: int, period: Period) -> float:
    now = (period.counts.get(term, 0) + 0.5) / (period.posts + 1)
    earlier = max(0, period.before.get(term, 0) - period.counts.get(term, 0))
    before = (earlier + 0.5) / (max(0, period.archive - period.posts) + 1)
    return math.log(now / before)


def _recency(group: Sequence[Posted], until: datetime) -> float:
    times = [post.at for post in group if post.at is not None]
    if not times:
        return 0.0
    # Whole minutes, so that a second does not decide between stories of the same weight.
    minutes = max(0, (until - max(times)) // timedelta(minutes=1))
    return float(0.5 ** (minutes / 60 / HALF_LIFE))
