"""Who copies whom of two channels: what both say, who was first, and by how much. Pure."""

from collections.abc import Sequence, Set
from datetime import datetime, timedelta
from statistics import median

from msgspec import Struct

from storage.channels.shared import PublishedPost

FEWEST = 5
"""Of fewer common stories nothing is said of who copies whom."""


class Side(Struct, frozen=True):
    """One channel beside the other: its ``posts``, how many say what the other says (``same``), how
    often it was ``first``, by how much in the median (``lead``), and how many posts of the other it
    ``forwarded``."""

    posts: int
    same: int
    first: int
    lead: timedelta | None
    forwarded: int


class Comparison(Struct, frozen=True):
    """The two sides, the number of ``stories`` that both tell, and how many of these came in the
    same second."""

    one: Side
    other: Side
    stories: int
    together: int


def compare(
    one: Sequence[PublishedPost],
    other: Sequence[PublishedPost],
    *,
    one_id: int,
    other_id: int,
    since: datetime,
) -> Comparison:
    """Two channels by their posts since then; the ids are their numbers. Posts of before say when
    a story began that is told on."""
    first, second = _begun(one), _begun(other)
    told = {post.story for post in (*one, *other) if post.at >= since}
    common = first.keys() & second.keys() & told
    leads = [second[story] - first[story] for story in common]
    none = timedelta()
    recent = [[post for post in posts if post.at >= since] for posts in (one, other)]
    return Comparison(
        one=_side(recent[0], common, [lead for lead in leads if lead > none], other_id),
        other=_side(recent[1], common, [-lead for lead in leads if lead < none], one_id),
        stories=len(common),
        together=sum(lead == none for lead in leads),
    )


def _side(
    posts: Sequence[PublishedPost], common: Set[str], leads: Sequence[timedelta], other: int
) -> Side:
    return Side(
        posts=len(posts),
        same=sum(post.story in common for post in posts),
        first=len(leads),
        lead=timedelta(seconds=median(lead.total_seconds() for lead in leads)) if leads else None,
        forwarded=sum(post.origin == other for post in posts),
    )


def _begun(posts: Sequence[PublishedPost]) -> dict[str, datetime]:
    """When a channel first said what each story says."""
    begun: dict[str, datetime] = {}
    for post in posts:
        begun[post.story] = min(post.at, begun.get(post.story, post.at))
    return begun
