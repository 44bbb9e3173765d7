"""Who copies whom of two channels: what both say, who was first, and by how much. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from storage.channels.shared import Placed

FEWEST = 5
"""Of fewer common stories nothing is said of who copies whom."""


@dataclass(frozen=True, slots=True)
class Side:
    """One channel beside the other: its ``posts``, how many say what the other says (``same``), how
    often it was ``first``, by how much in the median (``lead``), and how many posts of the other it
    ``forwarded``."""

    posts: int
    same: int
    first: int
    lead: timedelta | None
    forwarded: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The two sides, the number of ``stories`` that both tell, and how many of these came in the
    same second."""

    one: Side
    other: Side
    stories: int
    together: int


def compare(
    one: Sequence[Placed], other: Sequence[Placed], *, one_id: int, other_id: int
) -> Comparison:
    """Two channels by their posts; the ids are their numbers."""
    first, second = _begun(one), _begun(other)
    common = first.keys() & second.keys()
    leads = [second[story] - first[story] for story in common]
    none = timedelta()
    return Comparison(
        one=_side(one, common, [lead for lead in leads if lead > none], other_id),
        other=_side(other, common, [-lead for lead in leads if lead < none], one_id),
        stories=len(common),
        together=sum(lead == none for lead in leads),
    )


def _side(
    posts: Sequence[Placed], common: set[str], leads: Sequence[timedelta], other: int
) -> Side:
    return Side(
        posts=len(posts),
        same=sum(post.story in common for post in posts),
        first=len(leads),
        lead=timedelta(seconds=median(lead.total_seconds() for lead in leads)) if leads else None,
        forwarded=sum(post.origin == other for post in posts),
    )


def _begun(posts: Sequence[Placed]) -> dict[str, datetime]:
    """When a channel first said what each story says."""
    begun: dict[str, datetime] = {}
    for post in posts:
        begun[post.story] = min(post.at, begun.get(post.story, post.at))
    return begun
