"""Which channels the stored posts forward from, and which they name: those that one might watch."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from storage import row_ids
from storage.connection import Connection, fetch_in
from storage.document import Forward
from storage.document_json import parse

_FORWARDED = """
    SELECT origin_channel_id, channel_id, count(*) AS posts, max(id) AS newest FROM document
    WHERE id >= ? AND origin_channel_id IS NOT NULL AND channel_id IS NOT NULL
    AND origin_channel_id <> channel_id
    GROUP BY origin_channel_id, channel_id
"""
_WRITTEN = """
    SELECT id, channel_id, json FROM document
    WHERE id >= ? AND id < ? AND channel_id IS NOT NULL ORDER BY id DESC LIMIT ?
"""


class Forwarded(Struct, frozen=True):
    """How many ``posts`` of the channel ``by`` were forwarded from ``channel_id``, and the row id
    of the ``newest`` of them."""

    channel_id: int
    by: int
    posts: int
    newest: int


class Written(Struct, frozen=True):
    """A post as it is stored: its row id, its channel, its JSON."""

    id: int
    channel_id: int
    json: str


async def list_forwarded(conn: Connection, *, since: datetime) -> list[Forwarded]:
    """From which channels the posts that were published since then were forwarded, and by which."""
    rows = await conn.fetch_all(_FORWARDED, (row_ids.first_id(since),))
    return [
        Forwarded(row["origin_channel_id"], row["channel_id"], row["posts"], row["newest"])
        for row in rows
    ]


async def list_origins(conn: Connection, ids: Sequence[int]) -> dict[int, Forward]:
    """What the posts with these row ids say of where they were forwarded from."""
    rows = await fetch_in(conn, "SELECT id, json FROM document WHERE id IN (:values)", ids)
    read = ((row["id"], parse(row["json"]).forwarded_from) for row in rows)
    return {id: origin for id, origin in read if origin is not None}


async def list_written(
    conn: Connection, *, since: datetime, below: int, limit: int
) -> list[Written]:
    """The posts published since then, the newest first, of those with row ids ``below`` one."""
    rows = await conn.fetch_all(_WRITTEN, (row_ids.first_id(since), below, limit))
    return [Written(row["id"], row["channel_id"], row["json"]) for row in rows]
