"""Makes the outline of a period: its posts as stories, the weightiest first. Pure.

A story is everything about one event, from any number of channels, in any words. Nothing is left
out: a post in no story is a roundup, or belongs to the rest.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from msgspec import Struct

from handlers.outlines.across import find_counterparts, speaks_russian
from handlers.outlines.briefs import Brief, Briefs
from handlers.outlines.courses import (
    LONG_STEP_UNITS,
    STEP_UNITS,
    Step,
    course,
    find_otherwise,
    newest_first,
    says,
    step_of,
)
from handlers.outlines.greetings import is_call, tells_nothing
from handlers.outlines.headlines import cut_words, head_of
from handlers.outlines.parting import part
from handlers.outlines.posted import Posted, in_order
from handlers.outlines.retractions import Corrections
from handlers.outlines.speaking import HEAD_UNITS, Arranged, arrange
from handlers.outlines.tongues import find_families
from handlers.outlines.weight import Period, Weight, weigh
from handlers.stories import roundups
from handlers.stories.officials import channel_key, is_official
from storage.document import Document
from storage.query.words import quotes
from storage.structs import replace

STORIES = 10
"""The stories of a digest, unless it is asked for fewer."""
FEW = 30
"""From at most this many posts everything is shown, at more length."""
LEAST_OF_BRIEF = 3
"""The fewest words of a brief line."""
BRIEFS = 4
"""The most brief lines for each story that is shown at length."""
QUOTE_UNITS = 220
_MARKS = ' «»“”"'
_UNPARTED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]{5}")
"""Writing without spaces between words."""


_Ranked: TypeAlias = tuple[Weight, Sequence[Posted], int | str]


class Teller(Struct, frozen=True, kw_only=True):
    """A channel's part in a story: its first post there, and how many it has."""

    doc_id: str
    posts: int


class Quote(Struct, frozen=True, kw_only=True):
    """A statement, verbatim; ``speaker``: as the post names them."""

    speaker: str
    text: str


class Across(Struct, frozen=True, kw_only=True):
    """A post that may be about the same in another language (ISO 639-1), with half a line of it,
    verbatim."""

    doc_id: str
    text: str
    language: str


class Continued(Struct, frozen=True, kw_only=True):
    """A post of the earlier story that a story continues, and when that one began."""

    doc_id: str
    since: str


class Story(Struct, frozen=True, kw_only=True):
    """A story.

    ``head``: verbatim from the post ``doc_id``; ``posts``: all of it (``doc_id``), in order;
    ``tellers``: its channels, in order of their first posts; ``head_first``: the first of the posts
    says what the head says; ``edited``, ``deleted``: how many posts say something else now, or are
    gone; ``since``: when it began, if before the period; ``mine``: the reader has alerts for it;
    ``across``: a post that may be the same in another language; ``continues``: the story that it
    continues; ``likewise``: posts that say the same of somebody else, by the words that differ;
    ``abroad``: further stories that may be the same in other languages; ``corrections``: the last
    posts in which a channel takes back or corrects something of it.
    """

    head: str
    doc_id: str
    posts: tuple[str, ...]
    tellers: tuple[Teller, ...]
    weight: Weight
    head_first: bool = True
    steps: tuple[Step, ...] = ()
    quote: Quote | None = None
    since: str | None = None
    edited: int = 0
    deleted: int = 0
    mine: bool = False
    across: Across | None = None
    continues: Continued | None = None
    likewise: tuple[Step, ...] = ()
    abroad: tuple[Brief, ...] = ()
    corrections: tuple[Step, ...] = ()


class Outline(Struct, frozen=True, kw_only=True):
    """The outline of a period.

    ``posts`` (``doc_id``, in order) came from ``channels`` (a number). Each post is in one of the
    stories, or a roundup, or in the ``rest``, whose weightiest stories are the ``briefs``; the rest
    includes ``corrections`` of unknown posts. ``older``: how many earlier posts of the period are
    more than a digest can hold.
    """

    posts: tuple[str, ...]
    channels: int
    older: int = 0
    stories: tuple[Story, ...] = ()
    roundups: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    briefs: tuple[Brief, ...] = ()
    corrections: tuple[Brief, ...] = ()


def make_outline(
    posts: Sequence[Posted],
    period: Period,
    *,
    began: Collection[tuple[int, datetime]] = (),
    most: int = STORIES,
) -> Outline:
    """The outline of posts. ``began``: events that began before the period, and when."""
    ordered = sorted(posts, key=in_order)
    kept, lists = _parted(ordered)
    known = dict(began)
    stories, shown, rest = list[Story](), list[Sequence[Posted]](), list[Posted]()
    corrections = Corrections(kept)
    ranked = _rank(corrections.gather(_gather(kept, period), whole=not period.asked), period)
    above = corrections.alone([group for _, group, _ in ranked])
    families = find_families([group for _, group, _ in ranked])
    briefs = Briefs(BRIEFS * most, families)
    for place in _in_families(ranked, families, period):
        weight, group, name = ranked[place]
        if place in above:
            rest += group
            continue
        has_room = len(stories) < most or briefs.has_room(place)
        told = arrange(group, corrections) if has_room else None
        story = _story(told, weight, period, len(ordered)) if len(stories) < most else None
        if story is None:
            rest += group
            if briefs.has_room(place):
                briefs.take(place, _brief(told))
            continue
        since = known.get(name) if isinstance(name, int) else None
        briefs.head(place)
        stories.append(_since(story, since))
        shown.append(group)
    counterparts = find_counterparts(shown, [one[1] for one in ranked], period.frequencies)
    return Outline(
        posts=_ids(ordered),
        channels=len({channel_key(post.document) for post in posts}),
        stories=tuple(
            _across(story, briefs.abroad(place), counterparts.get(place))
            for place, story in enumerate(stories)
        ),
        roundups=_ids(lists),
        rest=_ids(sorted(rest, key=in_order)),
        briefs=briefs.lines(),
        corrections=tuple(_in_a_line(ranked[place][1]) for place in sorted(above)),
    )


def _in_families(
    ranked: Sequence[_Ranked], families: Mapping[int, Sequence[int]], period: Period
) -> Sequence[int]:
    """The indexes of stories in order, each weighed with its whole family."""

    def weight(place: int) -> float:
        members = families.get(place, ())
        if not members:
            return ranked[place][0].total
        groups = [ranked[one][1] for one in (place, *members)]
        return weigh([post for group in groups for post in group], period).total

    return sorted(
        range(len(ranked)),
        key=lambda place: (*_last(ranked[place][1]), -weight(place), place),
    )


def _last(group: Sequence[Posted]) -> tuple[bool, bool]:
    """A sort key for what comes last: stories that the reader has no alerts for, and greetings."""
    is_empty = all(tells_nothing("\n".join(post.document.texts())) for post in group)
    return not any(post.mine for post in group), is_empty


def _gather(
    posts: Sequence[Posted], period: Period
) -> Sequence[tuple[Sequence[Posted], int | str]]:
    """The posts of each event, with its id; posts of no event by their story.

    An event that consists of several is split, and each part gets the name of a story; not if there
    are few posts, or if a query selected them: its words, which all posts have, say nothing about
    how they belong together.
    """
    gathered: dict[int | str, list[Posted]] = defaultdict(list)
    events = {post.story: post.event for post in posts if post.event is not None}
    for post in posts:
        event = post.event if post.event is not None else events.get(post.story)
        gathered[post.story if event is None else event].append(post)
    found: list[tuple[Sequence[Posted], int | str]] = []
    for name, group in gathered.items():
        is_whole = period.asked or period.posts <= FEW
        parts = [group] if is_whole else part(group, period.counts, period.posts)
        found += [(one, name if len(parts) == 1 else one[0].story) for one in parts]
    return found


def _rank(
    gathered: Iterable[tuple[Sequence[Posted], int | str]], period: Period
) -> Sequence[_Ranked]:
    """The reader's own stories first, then by weight; greetings last."""
    return sorted(
        ((weigh(group, period), group, name) for group, name in gathered),
        key=lambda one: (
            *_last(one[1]),
            -one[0].total,
            in_order(one[1][0]),
        ),
    )


def _parted(posts: Iterable[Posted]) -> tuple[list[Posted], list[Posted]]:
    """The posts, and separately the roundups."""
    kept: list[Posted] = []
    lists: list[Posted] = []
    for post in posts:
        text = "\n".join(post.document.texts())
        is_list = post.event is None and roundups.is_roundup(text)
        (lists if is_list else kept).append(post)
    return kept, lists


def _ids(posts: Iterable[Posted]) -> tuple[str, ...]:
    return tuple(post.document.doc_id for post in posts)


def _story(told: Arranged | None, weight: Weight, period: Period, posts: int) -> Story | None:
    """The story of these posts; None if none of them has words for a head. ``posts``: the number of
    posts of the whole outline."""
    head = head_of(told.best.document, HEAD_UNITS) if told is not None else ""
    if told is None or not head:
        return None
    group, best = told.group, told.best
    return Story(
        head=head,
        doc_id=best.document.doc_id,
        posts=_ids(group),
        tellers=_tellers(group),
        weight=weight,
        head_first=says(group[0], best),
        steps=course(told.others, best, few=posts <= FEW),
        likewise=_steps(told.likewise),
        corrections=tuple(step_of(post, LONG_STEP_UNITS) for post in told.corrections),
        quote=_quote(best.document, head, is_official=is_official(best.document, period.official)),
        edited=sum(post.edited and post.document.deleted_at is None for post in group),
        deleted=sum(post.document.deleted_at is not None for post in group),
        mine=any(post.mine for post in group),
    )


def _since(story: Story, since: datetime | None) -> Story:
    return story if since is None else replace(story, since=since.isoformat())


def _across(story: Story, abroad: Sequence[Brief], post: Posted | None) -> Story:
    """A story with posts in other languages that may be the same; those of a third language are
    among ``abroad``."""
    if post is not None and post.document.lang in (None, "ru", "en"):
        doc_id = post.document.doc_id
        text = head_of(post.document, STEP_UNITS)
        language = "ru" if speaks_russian((post,)) else "en"
        story = replace(story, across=Across(doc_id=doc_id, text=text, language=language))
        abroad = [line for line in abroad if line.doc_id != doc_id]
    return replace(story, abroad=tuple(abroad))


def _brief(told: Arranged | None) -> tuple[Brief, ...]:
    """A story in a line, if it has enough words that are not a call to follow a channel."""
    text = head_of(told.best.document, STEP_UNITS) if told is not None else ""
    few = text.count(" ") < LEAST_OF_BRIEF - 1 and not _UNPARTED.search(text)
    if told is None or few or is_call(text) or tells_nothing(text):
        return ()
    best, otherwise = newest_first(told.best, find_otherwise(told.others, told.best))
    return (
        Brief(
            doc_id=best.document.doc_id,
            text=head_of(best.document, STEP_UNITS),
            channels=len({channel_key(post.document) for post in told.group}),
            posts=len(told.group),
            otherwise=None if otherwise is None else step_of(otherwise, STEP_UNITS),
            likewise=_steps(told.likewise),
            corrections=tuple(step_of(post, LONG_STEP_UNITS) for post in told.corrections),
        ),
    )


def _in_a_line(group: Sequence[Posted]) -> Brief:
    """A correction in a line, however few words it has."""
    channels = len({channel_key(post.document) for post in group})
    first, text = group[0].document.doc_id, head_of(group[0].document, LONG_STEP_UNITS)
    return Brief(doc_id=first, text=text, channels=channels, posts=len(group))


def _steps(filled: Mapping[str, Posted]) -> tuple[Step, ...]:
    return tuple(Step(doc_id=post.document.doc_id, text=text) for text, post in filled.items())


def _tellers(group: Sequence[Posted]) -> tuple[Teller, ...]:
    counts = Counter(channel_key(post.document) for post in group)
    first: dict[str, Posted] = {}
    for post in group:
        first.setdefault(channel_key(post.document), post)
    return tuple(
        Teller(doc_id=post.document.doc_id, posts=counts[key]) for key, post in first.items()
    )


def _quote(document: Document, head: str, *, is_official: bool) -> Quote | None:
    """The first words of the post with a named speaker; of an official channel's post also those
    attributed within its sentences. What the head says is left out."""
    for block in document.body:
        said = block.text.partition(block.speaker)[2].lstrip(" :") if block.speaker else ""
        if block.speaker and said.strip():
            return Quote(speaker=block.speaker, text=cut_words(said.strip(_MARKS), QUOTE_UNITS))
    text = "\n".join(document.texts()) if is_official else ""
    for quote in quotes.find_quotes(text):
        said = cut_words(text[quote.start : quote.end].strip(_MARKS), QUOTE_UNITS)
        if said and said.rstrip("…") not in head and head not in said:
            return Quote(speaker=text[slice(*quote.who)], text=said)
    return None
