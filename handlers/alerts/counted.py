"""The posts of an event that were added to the message of an alert which rings once per event."""

from handlers.render.alerts.story_lines import NAMED, Counted
from handlers.stories.officials import channel_key
from storage.connection import Connection
from storage.document import Document
from storage.documents import documents
from storage.stories import folded


async def read_counted(conn: Connection, row_id: int) -> Counted | None:
    """The posts added to the message of an outbox row; None if there are none."""
    posts = await folded.list_of_event(conn, row_id)
    if not posts:
        return None
    found = await documents.find_documents(conn, posts)
    first: dict[str, Document] = {}
    for post in posts:
        if post in found:
            first.setdefault(channel_key(found[post]), found[post])
    return Counted(posts=len(posts), channels=len(first), first=tuple(first.values())[:NAMED])
