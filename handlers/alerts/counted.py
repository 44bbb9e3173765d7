"""What of an event came to the message of an alert that rings once for it."""

from handlers.render.alerts.story_lines import NAMED, Counted
from handlers.stories.officials import channel_key
from storage.connection import Connection
from storage.document import Document
from storage.documents import documents
from storage.stories import folded


async def read_counted(conn: Connection, row_id: int) -> Counted | None:
    """What came to the message of a row of the outbox; None for nothing."""
    posts = await folded.list_of_event(conn, row_id)
    if not posts:
        return None
    found = await documents.find_documents(conn, posts)
    first: dict[str, Document] = {}
    for post in posts:
        if post in found:
            first.setdefault(channel_key(found[post]), found[post])
    return Counted(posts=len(posts), channels=len(first), first=tuple(first.values())[:NAMED])
