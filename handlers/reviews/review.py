"""A span of time looked back upon, and how it is made of what was counted and read. Pure.

Every entry is of posts, which it names; where nothing is sure, nothing is told.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

from handlers.reviews.changes import LEAST, weigh_change
from handlers.reviews.tally import Tally, Trend, find_trends
from handlers.reviews.words import find_name, is_furniture, shown_form
from storage.query.words import forms, russian

ENTRIES = 5
"""The most entries of a section."""
LEAST_BEFORE = 50
"""Statements of the weeks before, below which they are nothing to compare with."""
NAMED_POSTS, NAMED_CHANNELS = 3, 2
"""What a new name must have."""
TOLD_BY = 3
"""In how many channels a statement is that was repeated."""
CANDIDATES = 6
"""How many times more statements are looked at, to tell one of each event."""
SAMPLE = 24
"""The number of posts that are read to see how a word is written."""
LEAST_WORDS = 5
"""A deleted post of fewer words said nothing."""
ONE_CHANNELS = 2
"""Deleted posts of one channel that are told, at most."""
_ADVERTISED = re.compile(r"\berid\b|\bреклам|\bsponsored\b|#ad\b", re.IGNORECASE)


class Term(Struct, frozen=True, kw_only=True):
    """Words that rose or fell: the numbers of posts and channels that have them, and ``before``, in
    a span of the same length. ``doc_id``: a post that has them."""

    words: tuple[str, ...]
    posts: int
    channels: int
    before: float
    doc_id: str


class Name(Struct, frozen=True, kw_only=True):
    """A name that no earlier post has; ``doc_id`` was the first."""

    name: str
    posts: int
    channels: int
    doc_id: str


class Repeated(Struct, frozen=True, kw_only=True):
    """A statement that many channels told in the same words; ``doc_id`` was the first."""

    doc_id: str
    posts: int
    channels: int


class Changed(Struct, frozen=True, kw_only=True):
    """A post that says something else than it did; ``at`` (ISO 8601): when that was seen."""

    doc_id: str
    old: str
    new: str
    at: str


class Deleted(Struct, frozen=True, kw_only=True):
    """A deleted post, and the number of other channels that still have its story."""

    doc_id: str
    at: str
    others: int


class Silent(Struct, frozen=True, kw_only=True):
    """A channel that published nothing: ``last`` (``doc_id``) is its last post, ``before`` how many
    it had in a span of the same length. ``is_read``: whether it could be looked at."""

    last: str
    before: float
    is_read: bool


class Review(Struct, frozen=True, kw_only=True):
    """What was published in a span. ``compared``: whether there is enough of before;
    ``changes`` and ``deletions`` count all of which some are told; ``older``: posts that were more
    than a review looks at."""

    posts: int
    channels: int
    compared: bool
    older: int = 0
    rising: tuple[Term, ...] = ()
    falling: tuple[Term, ...] = ()
    names: tuple[Name, ...] = ()
    repeated: tuple[Repeated, ...] = ()
    changed: tuple[Changed, ...] = ()
    changes: int = 0
    deleted: tuple[Deleted, ...] = ()
    deletions: int = 0
    silent: tuple[Silent, ...] = ()


def is_topical(word: str) -> bool:
    """Whether a lexeme can stand for what posts are about: a noun or a name, in Russian letters
    at least."""
    kinds = [russian.kind_of(one) for one in forms.readings_in(word) if re.match("[а-я]", one)]
    return not kinds or any(kind != "other" for kind in kinds)


def rank_trends(now: Tally, before: Tally) -> tuple[list[Trend], list[Trend]]:
    """What rose, and what fell."""
    return (
        find_trends(now, before, rising=True, most=2 * ENTRIES, is_topical=is_topical),
        find_trends(before, now, rising=False, most=2 * ENTRIES, is_topical=is_topical),
    )


def is_furnished(trend: Trend, tally: Tally, texts: Mapping[str, str]) -> bool:
    """Whether a trend is of what channels write around their posts."""
    word = trend.words[0]
    of_word = [texts[one] for one in sample(tally, tally.words[word]) if one in texts]
    return is_furniture(word, of_word)


def tell_trend(trend: Trend, tally: Tally, spans: float, texts: Mapping[str, str]) -> Term:
    """A trend in words. ``tally``: the one in which it is more; ``spans``: how many spans as long
    as that of the review were counted before; ``texts``: at least those of ``sample``."""
    written = [
        shown_form(word, [texts[one] for one in sample(tally, tally.words[word]) if one in texts])
        for word in trend.words
    ]
    return Term(
        words=tuple(dict.fromkeys(written)),
        posts=trend.posts,
        channels=tally.count_channels(trend.places),
        before=trend.before / spans,
        doc_id=tally.names[most_told(tally, trend.places)],
    )


def sample(tally: Tally, places: Sequence[int]) -> list[str]:
    """Posts (``doc_id``) spread over these places, one of each statement."""
    apart = list({tally.stories[place]: place for place in reversed(places)}.values())[::-1]
    step = max(1, len(apart) // SAMPLE)
    return [tally.names[place] for place in apart[::step][:SAMPLE]]


def most_told(tally: Tally, places: Sequence[int]) -> int:
    """The first post of the statement that most channels tell."""
    told: defaultdict[str, set[int]] = defaultdict(set)
    for place in places:
        told[tally.stories[place]].add(tally.channels[place])
    return max(places, key=lambda place: (len(told[tally.stories[place]]), -place))


def list_unmet(now: Tally, before: Tally) -> list[str]:
    """Lexemes written as names that no post of before has, those of most channels first."""
    found = [
        (now.count_channels(places), now.count_stories(places), word)
        for word, places in now.named.items()
        if len(places) >= NAMED_POSTS and word not in before.words
    ]
    enough = [one for one in found if one[0] >= NAMED_CHANNELS and one[1] >= NAMED_POSTS]
    return [word for _, _, word in sorted(enough, key=lambda one: (-one[0], -one[1], one[2]))]


def tell_names(words: Sequence[str], now: Tally, texts: Mapping[str, str]) -> list[Name]:
    """New names, each once whatever words it has."""
    found: list[tuple[Name, set[int]]] = []
    for word in words:
        places = now.named[word]
        of_word = [texts[one] for one in sample(now, places) if one in texts]
        name = find_name(word, of_word)
        theirs = set(places)
        if name is None or any(
            len(theirs & known) * 2 >= min(len(theirs), len(known)) and _share(name, one.name)
            for one, known in found
        ):
            continue
        told = Name(
            name=name,
            posts=now.count_stories(places),
            channels=now.count_channels(places),
            doc_id=now.names[places[0]],
        )
        found.append((told, theirs))
    return [name for name, _ in found[:ENTRIES]]


def _share(one: str, other: str) -> bool:
    return bool({*one.lower().split()} & {*other.lower().split()})


def rank_repeated(now: Tally) -> list[Repeated]:
    """The statements that most channels told, in the same words or nearly so."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, story in enumerate(now.stories):
        places[story].append(place)
    found = [(now.count_channels(them), them) for them in places.values() if len(them) >= TOLD_BY]
    ranked = sorted(
        (one for one in found if one[0] >= TOLD_BY), key=lambda one: (-one[0], -len(one[1]), one[1])
    )
    return [
        Repeated(doc_id=now.names[them[0]], posts=len(them), channels=channels)
        for channels, them in ranked[: CANDIDATES * ENTRIES]
    ]


def one_an_event(ranked: Sequence[Repeated], events: Mapping[str, int]) -> tuple[Repeated, ...]:
    """Of the statements on one event only that which most channels told. ``events``: by post."""
    chosen: dict[object, Repeated] = {}
    for one in ranked:
        chosen.setdefault(events.get(one.doc_id, one.doc_id), one)
    return tuple(chosen.values())[:ENTRIES]


def rank_changes(edits: Sequence[tuple[Changed, str, str]]) -> tuple[tuple[Changed, ...], int]:
    """The changes of most weight, and how many there are in all. With each what the post said of
    its own before and now."""
    weighed = [
        (weigh_change(old, new, russian.is_word), change)
        for change, old, new in edits
        if not _ADVERTISED.search(old)
    ]
    heavy = [one for one in weighed if one[0] >= LEAST]
    ranked = sorted(heavy, key=lambda one: (-one[0], one[1].doc_id))
    return tuple(change for _, change in ranked[:ENTRIES]), len(heavy)


def rank_deleted(
    found: Sequence[tuple[Deleted, int, str]],
) -> tuple[tuple[Deleted, ...], int]:
    """The deleted posts that most others tell still, and how many there are in all. With each its
    channel and its text; advertisements come and go."""
    telling = [
        one
        for one in found
        if len(one[2].split()) >= LEAST_WORDS and not _ADVERTISED.search(one[2])
    ]
    chosen: list[Deleted] = []
    by_channel: defaultdict[int, int] = defaultdict(int)
    for deleted, channel, _ in sorted(telling, key=lambda one: (-one[0].others, one[0].doc_id)):
        if by_channel[channel] < ONE_CHANNELS and len(chosen) < ENTRIES:
            by_channel[channel] += 1
            chosen.append(deleted)
    return tuple(chosen), len(telling)
