"""A post as digests see it. Pure."""

from datetime import datetime

from msgspec import Struct, field

from handlers.stories.gist import Gist
from storage import times
from storage.document import Document


class Posted(Struct, frozen=True, kw_only=True):
    """A post of the period. ``story``: the name of its story of copies; ``event``: its event, None
    if it is in none; ``gist``: its gist, empty if unknown; ``edited``: it says something else than
    at first; ``mine``: it matches alerts of the reader."""

    document: Document
    story: str
    event: int | None = None
    gist: Gist = field(default_factory=dict)
    edited: bool = False
    mine: bool = False

    @property
    def at(self) -> datetime | None:
        """When it was published (aware), if known to the second or minute; else None."""
        return times.from_instant(self.document.published_at)


def in_order(post: Posted) -> tuple[str, str]:
    """A sort key for the order of publication."""
    return post.document.published_at or "", post.document.doc_id
