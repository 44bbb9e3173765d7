"""For how long each thing is kept, and how old a document is. Pure."""

from datetime import datetime, timedelta

from msgspec import Struct

from storage import times
from storage.document import Document, Precision

LEAST_SENT = timedelta(days=8)
"""Messages are kept so long whatever is set: what was told of a story is looked up for a week,
or its next copy would be told anew."""

_MAY_BE_LATER: dict[Precision, timedelta] = {
    "second": timedelta(0),
    "minute": timedelta(minutes=1),
    "day": timedelta(days=2),  # in whatever zone
    "month": timedelta(days=33),
    "year": timedelta(days=368),
}


class Keeping(Struct, frozen=True, kw_only=True):
    """For how long each thing is kept; None: for ever."""

    documents: timedelta | None = None
    group_posts: timedelta | None = None
    revisions: timedelta | None = None
    sent: timedelta | None = timedelta(days=90)
    problems: timedelta | None = timedelta(days=90)

    def of_posts(self, *, of_group: bool) -> timedelta | None:
        """For how long posts are kept: those of groups for the shorter of two times."""
        both = (self.documents, self.group_posts if of_group else None)
        return min((time for time in both if time is not None), default=None)


def published_by(document: Document) -> datetime | None:
    """The latest moment at which a document may have been published; None where that is unknown."""
    earliest = times.from_partial(document.published_at)
    later = _MAY_BE_LATER.get(document.published_precision)
    if earliest is None or later is None:
        return None
    return earliest + later


def is_older(document: Document, before: datetime) -> bool:
    """Whether a document was published before a time, as far as its date tells for certain."""
    published = published_by(document)
    return published is not None and published < before
