"""Leaving out what would be forgotten at once, and telling nobody anew of what was forgotten.

A scan compares posts of a slow channel that may be years old, an old post may be edited, and a
history may be asked for that lies before all that is kept. But what a scan reads for the first time
on its way from the cursor is taken in and told however old it is: nobody has been told of it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.intake.batch import Part, Read
from storage.connection import Connection
from storage.documents import groups
from storage.documents.reach import Horizon, find_horizon
from storage.retention.limits import Keeping, is_older
from storage.structs import replace

_YOUNG = timedelta(days=1)
"""Nothing that is younger is ever forgotten."""


class TooOld:
    """Leaves out posts that are older than they are kept."""

    def __init__(self, keeping: Keeping = Keeping()) -> None:  # noqa: B008  (it cannot be changed)
        self._keeping = keeping

    async def leave_out(self, tx: Connection, parts: Sequence[Part], now: datetime) -> None:
        """Take those posts out of the parts; what was forgotten before by another limit becomes
        history, which is told to nobody."""
        young = now - _YOUNG
        if not any(is_older(item.document, young) for part in parts for item in part.read):
            return
        horizon = await find_horizon(tx)
        for part in parts:
            kept = (self._kept(item, horizon, now) for item in part.read)
            part.read = [item for item in kept if item is not None]

    def _kept(self, item: Read, horizon: Horizon, now: datetime) -> Read | None:
        if is_first_met(item):
            return item
        of_group = groups.is_of_group(item.document)
        limit = self._keeping.of_posts(of_group=of_group)
        if limit is not None and is_older(item.document, now - limit):
            return None
        before = horizon.of_posts(of_group=of_group)
        if before is not None and is_older(item.document, before):
            return replace(item, post=replace(item.post, history=True))
        return item


def is_first_met(item: Read) -> bool:
    """Whether a post can't have been stored before: it stands behind what is read of its channel,
    or was set aside until now."""
    post = item.post
    if post.problem is not None:
        return True
    return not post.asked and bool(post.ids) and post.ids[-1] > post.channel.cursor
