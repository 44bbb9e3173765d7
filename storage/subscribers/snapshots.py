"""Stored digests: what their buttons show, however long after."""

import zlib
from datetime import datetime, timedelta

from msgspec import Struct

from storage import times
from storage.connection import Connection

KEPT_FOR = timedelta(days=90)


class Snapshot(Struct, frozen=True, kw_only=True):
    """A chat's digest: ``token`` names it in buttons, ``outline`` is its outline as JSON;
    ``title``: the name of its plan; ``short``: its stories are heads only."""

    token: str
    chat_id: int
    since: datetime
    until: datetime
    query: str | None
    outline: str
    title: str = ""
    short: bool = False


async def add_snapshot(tx: Connection, snapshot: Snapshot, *, now: datetime) -> None:
    """Store a digest, in place of an earlier one with its token."""
    await tx.execute(
        "INSERT INTO digest_snapshot (token, chat_id, made_at, since, until, query, outline, title,"
        " short) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (token) DO UPDATE SET"
        " made_at = excluded.made_at, query = excluded.query, outline = excluded.outline,"
        " title = excluded.title, short = excluded.short",
        (
            snapshot.token,
            snapshot.chat_id,
            times.to_epoch(now),
            times.to_epoch(snapshot.since),
            times.to_epoch(snapshot.until),
            snapshot.query,
            zlib.compress(snapshot.outline.encode("utf-8", "surrogatepass")),
            snapshot.title,
            int(snapshot.short),
        ),
    )


async def find_snapshot(conn: Connection, token: str, *, chat_id: int) -> Snapshot | None:
    """A chat's digest; None if it has none with that token."""
    row = await conn.fetch_one(
        "SELECT since, until, query, outline, title, short FROM digest_snapshot"
        " WHERE token = ? AND chat_id = ?",
        (token, chat_id),
    )
    if row is None:
        return None
    return Snapshot(
        token=token,
        chat_id=chat_id,
        since=times.from_epoch(row["since"]),
        until=times.from_epoch(row["until"]),
        query=row["query"],
        outline=zlib.decompress(row["outline"]).decode("utf-8", "surrogatepass"),
        title=row["title"],
        short=bool(row["short"]),
    )


async def prune_snapshots(tx: Connection, *, now: datetime) -> int:
    """Forget digests that are older than they are kept; gives how many."""
    return await tx.execute(
        "DELETE FROM digest_snapshot WHERE made_at < ?", (times.to_epoch(now - KEPT_FOR),)
    )
