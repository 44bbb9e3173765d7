"""What tests do to a database, and read from it, in one call."""

from datetime import datetime

from storage.connection import Connection
from storage.outbox import outbox
from storage.records import Alert
from storage.subscribers import alerts


async def mark_sent(tx: Connection, id: int, message_id: int | None, sent_at: datetime) -> None:
    """Mark one row of the outbox as sent, as ``message_id`` of its chat."""
    await outbox.mark_all_sent(tx, [(id, message_id, sent_at)])


async def list_active(conn: Connection) -> list[Alert]:
    """The alerts of all active subscribers, by id."""
    found = await alerts.list_active_texts(conn, after=0, limit=1000)
    return await alerts.list_active_of(conn, [id for id, _, _ in found])


async def list_event(conn: Connection, event: int) -> list[str]:
    """The ``doc_id`` of an event's posts, oldest first; ``event`` is any name that it ever had."""
    rows = await conn.fetch_all(
        "SELECT d.doc_id FROM event_post AS p JOIN document AS d ON d.id = p.document_id"
        " WHERE p.event = COALESCE((SELECT merged_into FROM event_alias WHERE event = ?), ?)"
        " ORDER BY d.id",
        (event, event),
    )
    return [row["doc_id"] for row in rows]
