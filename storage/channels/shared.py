"""What two channels have in common: which posts of one say what a post of the other says."""

from datetime import datetime

from msgspec import Struct

from storage import row_ids
from storage.connection import Connection

MOST = 5_000
"""The newest posts of a channel that are looked at."""

_POSTS = """
    SELECT id, doc_id, story, origin_channel_id FROM document
    WHERE channel_id = ? AND id >= ?
    ORDER BY message_id DESC NULLS LAST LIMIT ?
"""


class PublishedPost(Struct, frozen=True):
    """A post: when it was published, the name of the story of copies and forwards that it is of,
    and the channel that it was forwarded from."""

    at: datetime
    story: str
    origin: int | None


async def list_published(
    conn: Connection, channel_id: int, *, since: datetime
) -> list[PublishedPost]:
    """The newest ``MOST`` posts of a channel that were published since then."""
    rows = await conn.fetch_all(_POSTS, (channel_id, row_ids.first_id(since), MOST))
    return [
        PublishedPost(at, row["story"] or row["doc_id"], row["origin_channel_id"])
        for row in rows
        if (at := row_ids.time_of(row["id"])) is not None
    ]
