"""Which heads were stamped by an authority, and up to which head they were posted."""

from collections.abc import Mapping
from datetime import datetime

from storage import facts, times
from storage.connection import Connection

_POSTED = "chain_posted"


async def add_stamp(tx: Connection, head: int, answer: bytes, *, stamped_at: datetime) -> None:
    """Keep an authority's answer for the head of that number."""
    await tx.execute(
        "INSERT INTO chain_stamp (head, stamped_at, answer) VALUES (?, ?, ?)"
        " ON CONFLICT (head) DO NOTHING",
        (head, times.to_epoch(stamped_at), answer),
    )


async def is_stamped(conn: Connection, head: int) -> bool:
    """Whether the head of that number was stamped."""
    row = await conn.fetch_one("SELECT 1 FROM chain_stamp WHERE head = ?", (head,))
    return row is not None


async def list_stamps(conn: Connection) -> Mapping[int, bytes]:
    """All answers of authorities, by the numbers of the heads."""
    rows = await conn.fetch_all("SELECT head, answer FROM chain_stamp ORDER BY head")
    return {row["head"]: row["answer"] for row in rows}


async def is_posted(conn: Connection, chat_id: int, head_hash: bytes) -> bool:
    """Whether this head was the last one that was posted in a chat."""
    return await facts.find_value(conn, _POSTED) == f"{chat_id} {head_hash.hex()}"


async def note_posted(tx: Connection, chat_id: int, head_hash: bytes) -> None:
    """Note that this head is queued for a chat."""
    await facts.set_value(tx, _POSTED, f"{chat_id} {head_hash.hex()}")
