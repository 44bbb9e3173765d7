"""A post as a digest looks at it. Pure."""

from datetime import datetime

from msgspec import Struct, field

from handlers.stories.gist import Gist
from storage import times
from storage.document import Document


class Posted(Struct, frozen=True, kw_only=True):
    """A post of the period. ``story``: the name of its story of copies; ``event``: its event, None
    where it is of none; ``gist``: what it is about, empty where nobody knows; ``edited``: it says
    something else than when it came; ``mine``: it matches what the reader has alerts for."""

    document: Document
    story: str
    event: int | None = None
    gist: Gist = field(default_factory=dict)
    edited: bool = False
    mine: bool = False

    @property
    def at(self) -> datetime | None:
        """When it was published (aware), where that is known to the second or minute."""
        return times.from_instant(self.document.published_at)


def in_order(post: Posted) -> tuple[str, str]:
    """The order of publication, as a key to sort by."""
    return post.document.published_at or "", post.document.doc_id
