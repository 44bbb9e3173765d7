"""How busy channels are: a count of their posts and the time of the last one."""

from dataclasses import dataclass

from storage import documents
from storage.database import Connection

COUNTED = 1000
"""Posts are counted up to this many: nobody needs the exact number, and it costs a scan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """``posts`` stored of a channel, at most ``COUNTED``; ``newest`` is the publication time of
    its last message as the document has it (partial ISO 8601), or None."""

    posts: int
    newest: str | None = None


async def list_activity(conn: Connection) -> dict[int, Activity]:
    """The activity of every watched channel, by the row id of the channel."""
    rows = await conn.fetch_all(
        "SELECT c.id,"
        " (SELECT count(*) FROM (SELECT 1 FROM document d WHERE d.channel_id = c.channel_id"
        " LIMIT ?) AS counted) AS posts,"
        " (SELECT d.id FROM document d"
        " WHERE d.channel_id = c.channel_id ORDER BY d.message_id DESC LIMIT 1) AS newest"
        " FROM channel c WHERE c.watched = 1",
        (COUNTED,),
    )
    newest = await documents.list_documents(
        conn, [row["newest"] for row in rows if row["newest"] is not None]
    )
    return {
        row["id"]: Activity(
            posts=row["posts"],
            newest=newest[row["newest"]].published_at if row["newest"] in newest else None,
        )
        for row in rows
    }
