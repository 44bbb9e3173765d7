"""Leaves out posts that retention would delete at once, and raises no alert for what it has
deleted.

A scan may compare posts of a slow channel that are years old, an old post may be edited, and a
requested history may reach back before all that is kept. But what a scan reads for the first time
on its way from the cursor is stored and raises alerts however old it is: nobody has been told of
it.
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
"""Nothing younger is ever deleted by retention."""


class TooOld:
    """Leaves out posts that are older than posts are kept."""

    def __init__(self, keeping: Keeping = Keeping()) -> None:  # noqa: B008  (it cannot be changed)
        self._keeping = keeping

    async def leave_out(self, tx: Connection, parts: Sequence[Part], now: datetime) -> None:
        """Remove those posts from the parts; posts that lie before what an earlier retention limit
        has deleted become history, which raises no alert."""
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
    """Whether a post cannot have been stored before: it lies after its channel's cursor, or was set
    aside until now."""
    post = item.post
    if post.problem is not None:
        return True
    return not post.asked and bool(post.ids) and post.ids[-1] > post.channel.cursor
