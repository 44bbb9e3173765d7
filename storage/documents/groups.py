"""Which chats that posts come from are groups."""

from collections.abc import Sequence

from storage.connection import Connection
from storage.document import Document

# A page that was saved names only who wrote: the channel itself, under an older title, perhaps.
_SURE = ("telethon", "desktop_json")


def is_of_group(document: Document) -> bool:
    """Whether a document, as its reader made it, is a group's post; a channel's has no author."""
    return document.author is not None and document.source.type in _SURE


async def note_groups(tx: Connection, documents: Sequence[Document]) -> None:
    """Record the groups among the documents' chats."""
    found = {
        document.channel.id
        for document in documents
        if is_of_group(document) and document.channel is not None
    }
    rows = [(channel_id,) for channel_id in sorted(filter(None, found))]
    sql = "INSERT INTO group_chat (channel_id) VALUES (?) ON CONFLICT DO NOTHING"
    await tx.execute_many(sql, rows)


async def list_groups(conn: Connection) -> list[int]:
    """The bare ids of the groups of which posts were ever stored."""
    rows = await conn.fetch_all("SELECT channel_id FROM group_chat ORDER BY channel_id")
    return [row["channel_id"] for row in rows]
