"""Stories: which posts are the same one. Until near copies are joined, that is a forward and its
original, and posts of the same words."""

from datetime import datetime

from storage.database import Connection
from storage.document import Document
from storage.moments import to_epoch


async def find_story(conn: Connection, document: Document, *, since: datetime) -> str:
    """The doc_id that names a stored document's story: that of the first one to be stored.

    Documents stored since ``since`` (aware) with the same words, of the same origin, or that
    origin itself belong to it. It is the document's own doc_id when it stands alone.
    """
    channel_id, message_id = _origin(document)
    row = await conn.fetch_one(
        """
        SELECT doc_id FROM (
            SELECT doc_id, stored_at FROM document WHERE content_hash = ?
            UNION ALL
            SELECT doc_id, stored_at FROM document
            WHERE origin_channel_id = ? AND origin_message_id = ?
            UNION ALL
            SELECT doc_id, stored_at FROM document WHERE channel_id = ? AND message_id = ?
        ) AS same
        WHERE stored_at >= ?
        ORDER BY stored_at, doc_id
        LIMIT 1
        """,
        (
            document.content_hash if any(document.texts()) else None,
            channel_id,
            message_id,
            channel_id,
            message_id,
            to_epoch(since),
        ),
    )
    return str(row["doc_id"]) if row else document.doc_id


def _origin(document: Document) -> tuple[int | None, int | None]:
    """Where the post was first: the original of a forward, else where it stands."""
    forward = document.forwarded_from
    if forward is not None and forward.channel_id is not None and forward.message_id is not None:
        return forward.channel_id, forward.message_id
    return (document.channel.id if document.channel else None), document.message_id
