"""Chooses the post that speaks for a story, and the roles of its other posts. Pure."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from handlers.outlines.greetings import is_call
from handlers.outlines.headlines import head_of
from handlers.outlines.likewise import find_likewise
from handlers.outlines.posted import Posted
from handlers.outlines.retractions import Corrections
from handlers.stories import heads

LATER = 0.2
"""By which share the last post of a story counts more than the first in choosing its head: news
gets stale."""
CORRECTIONS = 2
"""The most corrections of a story that are shown, the last ones."""
HEAD_UNITS = 240


class Arranged(Struct, frozen=True):
    """A story's posts by their roles: all of them; the one that speaks for them (``_best``); those
    that contradict it or say more; those that say the same of somebody else, by the words that
    differ; and those shown as corrections."""

    group: Sequence[Posted]
    best: Posted
    others: Sequence[Posted]
    likewise: Mapping[str, Posted]
    corrections: Sequence[Posted]


def arrange(group: Sequence[Posted], known: Corrections) -> Arranged | None:
    """These posts by their roles; None if none of them has words."""
    found = _best(group, known)
    if found is None:
        return None
    best, standing, corrections = found
    filled = find_likewise(standing, best)
    others = [post for post in standing if post not in filled.values()]
    return Arranged(group, best, others, filled, corrections)


def _best(
    group: Sequence[Posted], known: Corrections
) -> tuple[Posted, list[Posted], list[Posted]] | None:
    """The post that speaks for these, those of them that were not deleted and have words, and
    separately those shown as corrections, each once."""
    worded = [post for post in group if any(text.strip() for text in post.document.texts())]
    worded = [post for post in worded if not is_call(" ".join(post.document.texts()))] or worded
    standing = [post for post in worded if post.document.deleted_at is None] or worded
    if not standing:
        return None
    corrections = known.find(standing)
    speaking = [post for post in standing if not (corrections and known.has(post))]
    told = {post.story: post for post in reversed(corrections)}
    shown = list(reversed(told.values()))[-CORRECTIONS:]
    names = {post.story for post in shown}
    others = [post for post in standing if not known.has(post) or post.story not in names]
    best = speaking[heads.nearest([post.gist for post in speaking], later=LATER)]
    return _first_said(best, speaking), others, shown


def _first_said(best: Posted, standing: Sequence[Posted]) -> Posted:
    """The first copy of a post that has the words of the head: its author's rather than a
    forward."""
    head = head_of(best.document, HEAD_UNITS)
    copies = [
        post
        for post in standing
        if post is best or (post.story == best.story and head_of(post.document, HEAD_UNITS) == head)
    ]
    return next((post for post in copies if post.document.forwarded_from is None), copies[0])
