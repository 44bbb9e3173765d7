"""The course of a story: its moments, and which of them contradict others. Pure."""

from collections import deque
from collections.abc import Sequence
from itertools import islice

from msgspec import Struct

from handlers.outlines import likewise
from handlers.outlines.greetings import is_call
from handlers.outlines.headlines import head_of
from handlers.outlines.posted import Posted
from handlers.stories import gist as gists
from handlers.stories.leads import stance

STEPS = 5
"""The most moments of a story that are shown."""
STEP_UNITS = 150
MOST_STEPS, LONG_STEP_UNITS = 12, 240
ANOTHER, ANOTHER_OF_FEW = 0.6, 0.8
"""A post less like each earlier moment of the course than that is another moment; of few posts also
one that has other figures."""
DISPUTED = 0.3
"""How like two moments must be for one to deny the other."""
COMPARED = 24
"""A moment is compared with at most this many others."""
APART = 600.0
"""The least seconds between two moments that do not contradict each other."""
_KNOWN = frozenset({"ru", "en", None})
"""The languages whose opposites and turns are known; an unknown one is taken for one of them."""


class Step(Struct, frozen=True, kw_only=True):
    """A moment of a story's course: a post, and half a line of its text, verbatim."""

    doc_id: str
    text: str


def says(post: Posted, other: Posted, likeness: float = ANOTHER, *, closely: bool = True) -> bool:
    """Whether two posts say the same; ``closely``: they are compared word by word, too."""
    if _differ(post, other):
        return False
    is_copy = post.story == other.story
    has_others = gists.figures(post.gist) != gists.figures(other.gist)
    if not is_copy and likeness > ANOTHER and has_others:
        return False
    is_alike = is_copy or gists.likeness(post.gist, other.gist) >= likeness
    return is_alike and not (closely and _reads_otherwise(post, other))


def course(posts: Sequence[Posted], best: Posted, *, few: bool) -> tuple[Step, ...]:
    """The moments that say something else than the head and than each other: the first and the
    last, between them those that deny, doubt or correct another, then those with most posts; of
    ``few`` posts all of them."""
    most, units = (MOST_STEPS, LONG_STEP_UNITS) if few else (STEPS, STEP_UNITS)
    likeness, apart = (ANOTHER_OF_FEW, 0.0) if few else (ANOTHER, APART)
    moments: list[list[Posted]] = []
    joined: deque[Posted] = deque(maxlen=COMPARED)
    for post in posts:
        if post.at is None or not post.gist or says(post, best, likeness):
            continue
        # Word by word it is compared with few others: a form may be filled in a thousand times.
        closely = len(moments) < COMPARED
        same = _find_moment(post, moments, likeness, apart, closely=closely)
        if same is None:
            moments.append([post])
            joined.clear()
        else:
            same.append(post)
            joined.append(post)
    if len(moments) >= COMPARED:  # what came last is shown, and so is told apart from all
        finding = (
            (post, _find_moment(post, moments, likeness, apart)) for post in reversed(joined)
        )
        moments += [[post] for post in islice((p for p, same in finding if same is None), 1)]
    if len(moments) > most:
        told = [best, *(one[0] for one in moments[:COMPARED])]
        ranked = sorted(moments[1:-1], key=lambda one: (not _is_turn(one[0], told), -len(one)))
        kept = [id(one) for one in ranked[: most - 2]]
        moments = [moments[0], *(one for one in moments if id(one) in kept), moments[-1]]
    steps = [step_of(one[0], units) for one in moments]
    return tuple(step for step in steps if step.text and not is_call(step.text))


def find_otherwise(posts: Sequence[Posted], best: Posted) -> Posted | None:
    """The last post whose line contradicts that of the post that speaks for the story: it denies,
    doubts or corrects it, or has another figure of the same thing; else the last one that turns it
    round, or has a few other words in a language in which they may do any of this.

    Only what a line shows is compared: a contradiction in a later sentence would not be visible
    there.
    """
    head = _line(best)
    for post in reversed(posts):
        if stance.contradict(_line(post), head) and not _are_of_others(best, post):
            return post if head_of(post.document, STEP_UNITS) else None
    others: dict[str, Posted] = {}
    for post in reversed(posts):  # copies of the last words push none out
        others.setdefault(post.document.content_hash, post)
    return next(
        (post for post in islice(others.values(), COMPARED) if _is_turned(post, best)), None
    )


def _is_turned(post: Posted, best: Posted) -> bool:
    lines = (head_of(one.document, likewise.LONGEST) for one in (best, post))
    return likewise.are_turned_round(*lines) or _is_worded_otherwise(best, post)


def newest_first(best: Posted, otherwise: Posted | None) -> tuple[Posted, Posted | None]:
    """The order of two posts that contradict each other: the present state first (talks that began
    have ended), but a denial, doubt or correction below what it is about."""
    if otherwise is None or best.at is None or otherwise.at is None or otherwise.at <= best.at:
        return best, otherwise
    said = _line(otherwise)
    return (best, otherwise) if said.denies or said.doubts else (otherwise, best)


def _line(post: Posted) -> stance.Stance:
    return stance.read(head_of(post.document, stance.READ))


def _is_disputed(post: Posted, told: Sequence[Posted]) -> bool:
    """Whether a post contradicts one of these about the same thing."""
    return any(
        _differ(post, one) and gists.likeness(post.gist, one.gist) >= DISPUTED for one in told
    )


def _are_of_others(post: Posted, other: Posted) -> bool:
    """Whether two posts say the same, or the opposite, of others: two places, two people."""
    if post.document.content_hash == other.document.content_hash:
        return False
    lines = (_begins(one)[: likewise.LONGEST] for one in (post, other))
    return likewise.are_of_others(*lines)


def _is_worded_otherwise(post: Posted, other: Posted) -> bool:
    """Whether two posts in a language whose opposites are not known differ in a few words."""
    if post.document.lang in _KNOWN or post.document.content_hash == other.document.content_hash:
        return False
    lines = (_begins(one)[: likewise.LONGEST] for one in (post, other))
    return likewise.is_worded_otherwise(*lines)


def step_of(post: Posted, units: int) -> Step:
    """A post as a moment, at most ``units`` long."""
    return Step(doc_id=post.document.doc_id, text=head_of(post.document, units))


def _find_moment(
    post: Posted,
    moments: Sequence[list[Posted]],
    likeness: float,
    apart: float,
    *,
    closely: bool = True,
) -> list[Posted] | None:
    """The moment that a post belongs to: one that says the same, or that came shortly before it,
    unless it contradicts a post of it; see ``says`` for ``closely``."""
    for one in moments:
        if says(post, one[0], likeness, closely=closely):
            return one
    if _is_disputed(post, [one[0] for one in moments[-COMPARED:]]):
        return None
    soon = (one for one in moments if not _is_apart(post, one[0], apart))
    return next(
        (
            one
            for one in soon
            if not (_differ(post, one[0]) or (closely and _reads_otherwise(post, one[0])))
        ),
        None,
    )


def _reads_otherwise(post: Posted, other: Posted) -> bool:
    """Whether the words of a post say the same of others, or something else."""
    return _are_of_others(post, other) or _is_worded_otherwise(post, other)


def _is_apart(post: Posted, earlier: Posted, apart: float) -> bool:
    if post.at is None or earlier.at is None:
        return False
    return (post.at - earlier.at).total_seconds() >= apart


def _is_turn(post: Posted, told: Sequence[Posted]) -> bool:
    return _stance(post).doubts or _is_disputed(post, told)


def _differ(post: Posted, other: Posted) -> bool:
    return stance.differ(_stance(post), _stance(other))


def _stance(post: Posted) -> stance.Stance:
    """The stance of a post's first words: its title, or its first sentences."""
    return stance.read(_begins(post))


def _begins(post: Posted) -> str:
    return next((text for text in post.document.texts() if text.strip()), "")
