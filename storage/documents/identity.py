"""Whether two documents with the same id are the same post. Pure."""

from datetime import timedelta

from storage import times
from storage.document import Document

_SAME_POST = timedelta(minutes=1)
"""How much sources may differ in when a post was posted: an album has several times."""


def may_be_one(known: Document, new: Document) -> bool:
    """Whether two documents of one name may be one post; not where the user name moved between them
    from one channel to another."""
    ids = [document.channel.id if document.channel else None for document in (known, new)]
    if ids[0] == ids[1]:
        return True
    return None in ids and not _are_apart(known, new)


def _are_apart(known: Document, new: Document) -> bool:
    """Whether two posts are known to be of different minutes."""
    exact = [
        times.from_partial(document.published_at)
        for document in (known, new)
        if document.published_precision == "second" and "zone_unknown" not in document.flags
    ]
    if len(exact) < 2 or exact[0] is None or exact[1] is None:
        return False
    return abs(exact[0] - exact[1]) > _SAME_POST
