"""Which post of a story speaks for it, and what the others are besides. Pure."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from handlers.outlines.greetings import is_call
from handlers.outlines.headlines import head_of
from handlers.outlines.likewise import find_likewise
from handlers.outlines.posted import Posted
from handlers.outlines.retractions import Corrections
from handlers.stories import heads

LATER = 0.2
"""How much more the last post of a story counts to head it than the first: news gets stale."""
CORRECTIONS = 2
"""So many corrections of a story are told, the last ones."""
HEAD_UNITS = 240


class Arranged(Struct, frozen=True):
    """A story as it is told: all its posts; that which speaks for them (``_best``), those that say
    otherwise or more, those that say the same of others, by the words that differ, and those that
    are told as corrections."""

    group: Sequence[Posted]
    best: Posted
    others: Sequence[Posted]
    likewise: Mapping[str, Posted]
    corrections: Sequence[Posted]


def arrange(group: Sequence[Posted], known: Corrections) -> Arranged | None:
    """How these posts are told; None where none of them has words."""
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
    """The post that speaks for these, those of them that stand and have words, and apart from them
    those that are told as corrections, each once."""
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
    """The first of the copies of a post that has the words which would stand at the head: whose
    they are, not who handed them on."""
    head = head_of(best.document, HEAD_UNITS)
    copies = [
        post
        for post in standing
        if post is best or (post.story == best.story and head_of(post.document, HEAD_UNITS) == head)
    ]
    return next((post for post in copies if post.document.forwarded_from is None), copies[0])
