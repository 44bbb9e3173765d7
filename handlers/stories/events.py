"""Groups posts into events, in whatever words they report them: one pass over posts, which may come
in any order of their times.

A post joins the event that it is most like. Its score is its likeness to the event's nearest post,
and, with more weight, its likeness to all posts of the event together. The more time between them,
the higher the score must be: reports of one event come within hours, and tomorrow's report of a
series reads like today's. A wrong join shows two events as one, a missed one shows one event twice;
the first is worse, so the thresholds are high. Pure; no alert is folded because of events.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from msgspec import Struct

from handlers.stories import gist as gists
from handlers.stories.gist import Gist

HOUR = 3600
DAY = 24 * HOUR
LONGEST = 48 * HOUR
"""The longest time between the first post of an event and its last, in seconds."""

ENOUGH = 0.25
ENOUGH_LATIN = 0.22
ENOUGH_FOREIGN = 0.45
"""The likeness that joins posts of the same hours, in Russian letters and in others: English forms
differ less, but so do its words for everything else. Where words can't be weighed, as nearly
nothing is known in their language, a third of two texts are its smallest words."""
AT_ONCE = 6
SLOPE = 0.02
MOST_ASKED = 0.7
"""The score above is enough for gaps up to ``AT_ONCE`` hours; each further hour requires ``SLOPE``
more, up to this maximum."""
LATE = 10
OTHER_FIGURES = 0.15
"""Subtracted from the score of two posts more than ``LATE`` hours apart that both have figures, but
none in common."""
BLANKS = 2
LEAST_FORM = 3
"""Two posts with at least ``LEAST_FORM`` words in common, at most ``BLANKS`` different words each,
and no figure in common are one form filled in twice, not one event: "In Olda 12 houses burned", "In
Marby 5 houses burned"."""
NEAREST_WEIGHS = 0.3
ALL_WEIGH = 1 - NEAREST_WEIGHS
"""The weights of the nearest post of an event and of all its posts in the score."""
ONE = 0.45
"""The likeness from which two events that a post could join are merged."""

HEAVIEST = 20
HOLDERS = 48
COMPARED = 16
"""Limits on candidates. A candidate has one of the post's ``HEAVIEST`` terms; for each term at most
``HOLDERS`` posts of the last days are looked at; at most ``COMPARED`` candidates are scored."""
LEAST = round(0.06 * gists.ONE**2)
"""The least product over these terms for a candidate, in units of ``gists.ONE`` squared."""


@dataclass(slots=True, eq=False)
class Post:
    """A post that has joined an event: its row id, its time in seconds, its gist."""

    id: int
    at: int
    gist: Gist
    event: "Event"


@dataclass(slots=True, eq=False)
class Event:
    """An event, named by the number of its first post; times are in seconds."""

    id: int
    first: int
    last: int
    posts: dict[int, Post] = field(default_factory=dict)
    _total: Gist = field(default_factory=dict)
    _square: int = 0
    _length: float = 1.0

    def likeness(self, gist: Gist, nearest: float) -> float:
        """The likeness of a gist to the posts of this event together, about 0 to 1. ``nearest``:
        its likeness to one of them, from which that of an event with a single post is computed."""
        if len(self.posts) == 1:
            return nearest * gists.ONE / self._length
        return gists.evidence(gist, self._total) / (gists.ONE * self._length)

    def is_like(self, other: "Event") -> bool:
        """Whether two events are the same, by the gists of all their posts."""
        scale = math.sqrt(self._square * other._square)
        return gists.evidence(self._total, other._total) >= ONE * scale > 0

    def spans(self, first: int, last: int) -> bool:
        """Whether the event would still be short enough with posts from ``first`` to ``last``."""
        return max(self.last, last) - min(self.first, first) <= LONGEST

    def take(self, posts: Iterable[Post]) -> None:
        """Add posts to this event."""
        for post in posts:
            post.event = self
            self.first, self.last = min(self.first, post.at), max(self.last, post.at)
            self._total = self._with(post.gist) if self.posts else post.gist
            self.posts[post.id] = post
        self._square = sum([weight * weight for weight in self._total.values()])
        self._length = math.sqrt(self._square or 1)

    def _with(self, gist: Gist) -> Gist:
        # A single post shares its gist with its event, without a copy: most events stay single.
        total = dict(self._total) if len(self.posts) == 1 else self._total
        for term, weight in gist.items():
            total[term] = total.get(term, 0) + weight
        return total


class Joined(Struct, frozen=True, kw_only=True):
    """The event that a post joined, and the events that were merged into it."""

    event: int
    merged: tuple[int, ...] = ()


class Window:
    """The posts of the last days, indexed by their terms, and their events."""

    def __init__(self) -> None:
        self.events: dict[int, Event] = {}
        # By day and term the posts that have it, and the term's weight in each.
        self._days: defaultdict[int, defaultdict[int, tuple[list[Post], bytearray]]] = defaultdict(
            lambda: defaultdict(lambda: ([], bytearray()))
        )

    def add(self, id: int, at: int, gist: Gist, event: int, *, is_near: bool = True) -> None:
        """Add a post whose event is known. Where ``is_near`` is false, it is not a candidate for
        new posts."""
        known = self.events.get(event)
        if known is None:
            known = self.events[event] = Event(event, at, at)
        post = known.posts.get(id)
        if post is None:
            post = Post(id, at, gist, known)
            known.take([post])
        if is_near:
            self._hold(post)

    def _hold(self, post: Post) -> None:
        day = self._days[post.at // DAY]
        for term, weight in islice(post.gist.items(), HEAVIEST):
            holders, weights = day[term]
            holders.append(post)
            weights.append(weight)
            if len(holders) > HOLDERS:
                del holders[0], weights[0]

    def merge(self, event: int, into: int) -> None:
        """Make two events one, under the name of the second."""
        gone, kept = self.events.pop(event, None), self.events.get(into)
        if gone is None:
            return
        if kept is None:
            gone.id = into
            self.events[into] = gone
        else:
            kept.take(gone.posts.values())

    def join(
        self,
        id: int,
        at: int,
        gist: Gist,
        *,
        asked: float,
        told: int | None = None,
        barred: Collection[int] = (),
    ) -> Joined:
        """Add a new post and find its event.

        ``asked``: the score that joins at once (``asked_of``); ``told``: its event for another
        reason (it is a forward or a copy), which is ignored if that event is over; ``barred``:
        events that it must not join, however like them it is.
        """
        found = [event for event in self._find(at, gist, asked) if event.id not in barred]
        known = None if told is None else self.events.get(told)
        if known is not None and known.spans(at, at):
            found = [known, *(event for event in found if event is not known)]
        event = min(found[:1], default=None, key=lambda event: event.id)
        self.add(id, at, gist, id if event is None else event.id)
        if event is None:
            return Joined(event=id)
        kept, merged = self._merge_alike(event, found[1:])
        return Joined(event=kept, merged=merged)

    def _merge_alike(self, event: Event, others: Sequence[Event]) -> tuple[int, tuple[int, ...]]:
        """Merge ``event`` with those ``others`` that are the same; gives the oldest, which remains,
        and the names of the rest."""
        merged = []
        for other in others:
            if event.is_like(other) and event.spans(other.first, other.last):
                gone, kept = sorted((event, other), key=lambda one: -one.id)
                self.merge(gone.id, kept.id)
                merged.append(gone.id)
                event = kept
        return event.id, tuple(merged)

    def _find(self, at: int, gist: Gist, asked: float) -> list[Event]:
        """The events that a post is like, best first."""
        likely: dict[Event, float] = {}
        whole: dict[Event, float] = {}
        least = enough(0.0, asked)
        for likeness, near in self._compare(at, gist):
            event = near.event
            if event not in whole:
                whole[event] = event.likeness(gist, likeness)
            score = NEAREST_WEIGHS * likeness + ALL_WEIGH * whole[event]
            if score < least:
                continue
            gap = abs(at - near.at) / HOUR
            margin = score - enough(gap, asked)
            if margin < 0 or margin <= likely.get(event, 0.0) or not event.spans(at, at):
                continue
            if _is_filled_otherwise(gist, near.gist):
                continue
            if gap <= LATE or not _have_other_figures(gist, near.gist):
                likely[event] = margin
            elif margin >= OTHER_FIGURES:
                likely[event] = max(likely.get(event, 0.0), margin - OTHER_FIGURES)
        return sorted(likely, key=lambda event: (-likely[event], event.id))

    def _compare(self, at: int, gist: Gist) -> list[tuple[float, Post]]:
        """The best candidates for a gist with their likeness, in any order."""
        common = self._share(at, gist)
        likely = [(-shared, -post.id, post) for post, shared in common.items() if shared >= LEAST]
        if len(likely) > COMPARED:
            likely = sorted(likely)[:COMPARED]
        square = gists.ONE * gists.ONE
        return [(gists.evidence(gist, post.gist) / square, post) for _, _, post in likely]

    def _share(self, at: int, gist: Gist) -> dict[Post, int]:
        """Recent posts that share some of a gist's heaviest terms, with the product over these
        terms."""
        days = [self._days[day] for day in reversed(days_around(at)) if day in self._days]
        common: dict[Post, int] = {}
        so_far = common.get  # the loop below is most of what threading costs
        for term, weight in islice(gist.items(), HEAVIEST):
            room = HOLDERS
            for day in days:
                found = day.get(term)
                if found is not None and room > 0:
                    holders, weights = found
                    for post, theirs in zip(holders[-room:], weights[-room:], strict=True):
                        common[post] = so_far(post, 0) + weight * theirs
                    room -= len(holders)
        return common

    def drop(self, days: Iterable[int]) -> None:
        """Forget these days, and events that began and ended in them."""
        for day in days:
            self._days.pop(day, None)
        kept = set(self._days)
        over = [
            event.id
            for event in self.events.values()
            if event.first // DAY not in kept and event.last // DAY not in kept
        ]
        for id in over:
            del self.events[id]


def enough(gap: float, asked: float) -> float:
    """The score that joins a post to an event that is ``gap`` hours away."""
    return min(MOST_ASKED, asked + SLOPE * max(0.0, gap - AT_ONCE))


def asked_of(*, russian: bool, is_foreign: bool = False) -> float:
    """How much likeness joins at once."""
    if is_foreign:
        return ENOUGH_FOREIGN
    return ENOUGH if russian else ENOUGH_LATIN


def days_around(at: int) -> range:
    """The days in which posts of the same event can lie."""
    return range((at - LONGEST) // DAY, (at + LONGEST) // DAY + 1)


def _is_filled_otherwise(one: Gist, other: Gist) -> bool:
    if abs(len(one) - len(other)) > 2 * BLANKS:
        return False
    mine, theirs = gists.words(one), gists.words(other)
    lost, gained = len(mine - theirs), len(theirs - mine)
    is_form = 0 < lost <= BLANKS and 0 < gained <= BLANKS and len(mine) - lost >= LEAST_FORM
    return is_form and _have_other_figures(one, other)


def _have_other_figures(one: Gist, other: Gist) -> bool:
    mine, theirs = gists.figures(one), gists.figures(other)
    return bool(mine and theirs) and mine.isdisjoint(theirs)
