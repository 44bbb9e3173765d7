"""Which heads an authority has stamped, and which head was posted last."""

from collections.abc import Mapping
from datetime import datetime

from storage import facts, times
from storage.connection import Connection

_POSTED = "chain_posted"


async def add_stamp(tx: Connection, head: int, answer: bytes, *, stamped_at: datetime) -> None:
    """Store an authority's answer for the head with this number."""
    await tx.execute(
        "INSERT INTO chain_stamp (head, stamped_at, answer) VALUES (?, ?, ?)"
        " ON CONFLICT (head) DO NOTHING",
        (head, times.to_epoch(stamped_at), answer),
    )


async def is_stamped(conn: Connection, head: int) -> bool:
    """Whether the head with this number was stamped."""
    row = await conn.fetch_one("SELECT 1 FROM chain_stamp WHERE head = ?", (head,))
    return row is not None


async def list_stamps(conn: Connection) -> Mapping[int, bytes]:
    """All answers of authorities, by the number of the head."""
    rows = await conn.fetch_all("SELECT head, answer FROM chain_stamp ORDER BY head")
    return {row["head"]: row["answer"] for row in rows}


async def is_posted(conn: Connection, chat_id: int, head_hash: bytes) -> bool:
    """Whether this head is the last one posted in this chat."""
    return await facts.find_value(conn, _POSTED) == f"{chat_id} {head_hash.hex()}"


async def note_posted(tx: Connection, chat_id: int, head_hash: bytes) -> None:
    """Record that this head was queued for a chat."""
    await facts.set_value(tx, _POSTED, f"{chat_id} {head_hash.hex()}")
