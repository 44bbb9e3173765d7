"""The queries whose surges chats are notified of: more posts than usual."""

import json
from collections.abc import Collection
from datetime import datetime

from msgspec import Struct

from storage import times
from storage.connection import Connection, Row
from storage.undoing import removals

MOST_POSTS = 1000
"""The most posts, the latest, that are remembered as sent for a query."""


class Surge(Struct, frozen=True, kw_only=True):
    """A chat's query (canonical text). ``told_at``: when the last surge of this query was sent;
    ``told_posts``: row ids of the posts in its surges, also from before the query was edited or
    removed; ``topic``: the topic of the group that gets it."""

    id: int
    chat_id: int
    query: str
    created_at: datetime
    told_at: datetime | None = None
    told_posts: frozenset[int] = frozenset()
    topic: int | None = None


async def add_surge(
    tx: Connection, chat_id: int, query: str, *, now: datetime, topic: int | None = None
) -> bool:
    """Notify a chat of a query's surges, in a topic; whether that is new."""
    told = _write_told(await _told_before(tx, chat_id, query, now))
    added = await tx.execute(
        "INSERT INTO surge (chat_id, query, created_at, topic, told_posts) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (chat_id, query) DO NOTHING",
        (chat_id, query, times.to_epoch(now), topic, told),
    )
    return added > 0


async def set_topic(tx: Connection, id: int, topic: int | None) -> None:
    """Send a query's surges to this topic of the chat; None: to General."""
    await tx.execute("UPDATE surge SET topic = ? WHERE id = ?", (topic, id))


async def change_query(
    tx: Connection, id: int, chat_id: int, query: str, *, now: datetime
) -> Surge | None:
    """Replace the query from now on; gives the surge, None if the chat has no such. It must have no
    other one with that query. What the chat was sent for that query before its removal counts as
    sent."""
    sql = "SELECT * FROM surge WHERE id = ? AND chat_id = ?"
    row = await tx.fetch_one(sql, (id, chat_id))
    if row is None or row["query"] == query:
        return None if row is None else _from_row(row)
    one = _from_row(row)
    told = one.told_posts.union(await _told_before(tx, chat_id, query, now))
    await tx.execute(
        "UPDATE surge SET query = ?, told_at = NULL, told_posts = ? WHERE id = ? AND chat_id = ?",
        (query, _write_told(told), id, chat_id),
    )
    row = await tx.fetch_one(sql, (id, chat_id))
    return None if row is None else _from_row(row)


async def remove_surge(
    tx: Connection, id: int, chat_id: int, *, now: datetime | None = None
) -> bool:
    """Stop notifying a chat of a query's surges; whether it was notified. ``now``: keep it for an
    undo."""
    row = await tx.fetch_one("SELECT * FROM surge WHERE id = ? AND chat_id = ?", (id, chat_id))
    if row is None:
        return False
    if now is not None:
        columns = {name: row[name] for name in _COLUMNS}
        await removals.keep(tx, chat_id, "surge", str(id), columns, now=now)
    await tx.execute("DELETE FROM surge WHERE id = ?", (id,))
    return True


async def restore_surge(tx: Connection, id: int, chat_id: int, *, now: datetime) -> bool:
    """Undo the removal, under the same id; whether the chat is notified again: it is not if it has
    another one with that query by now."""
    row = await removals.take(tx, chat_id, "surge", str(id), now=now)
    if row is not None:
        await tx.execute(
            "INSERT INTO surge (id, chat_id, query, created_at, told_at, topic, told_posts)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (chat_id, query) DO NOTHING",
            # Removals by an older version have no posts.
            tuple(chat_id if name == "chat_id" else row.get(name) for name in _COLUMNS),
        )
        return True
    sql = "SELECT 1 FROM surge WHERE id = ? AND chat_id = ?"
    return await tx.fetch_one(sql, (id, chat_id)) is not None


async def list_surges(conn: Connection, chat_id: int) -> list[Surge]:
    """A chat's surges, oldest first."""
    rows = await conn.fetch_all("SELECT * FROM surge WHERE chat_id = ? ORDER BY id", (chat_id,))
    return [_from_row(row) for row in rows]


async def list_asked(conn: Connection, *, told_before: datetime) -> list[Surge]:
    """The surges of active chats that were not sent since ``told_before``, by query."""
    rows = await conn.fetch_all(
        "SELECT s.* FROM surge AS s JOIN subscriber AS r ON r.chat_id = s.chat_id"
        " WHERE r.active = 1 AND (s.told_at IS NULL OR s.told_at <= ?) ORDER BY s.query, s.id",
        (times.to_epoch(told_before),),
    )
    return [_from_row(row) for row in rows]


async def note_told(
    tx: Connection, asked: Surge, posts: Collection[int] = (), *, now: datetime
) -> None:
    """Note that a surge of a query was sent, with these posts (row ids)."""
    told = _write_told(asked.told_posts.union(posts))
    await tx.execute(
        "UPDATE surge SET told_at = ?, told_posts = ? WHERE chat_id = ? AND query = ?",
        (times.to_epoch(now), told, asked.chat_id, asked.query),
    )


async def find_present(conn: Connection, asked: Surge) -> Surge | None:
    """The present row of a request that may have been removed and made again; None if it does not
    exist any more."""
    sql = "SELECT * FROM surge WHERE chat_id = ? AND query = ?"
    row = await conn.fetch_one(sql, (asked.chat_id, asked.query))
    return None if row is None else _from_row(row)


_COLUMNS = ("id", "chat_id", "query", "created_at", "told_at", "topic", "told_posts")


def _from_row(row: Row) -> Surge:
    return Surge(
        id=row["id"],
        chat_id=row["chat_id"],
        query=row["query"],
        created_at=times.from_epoch(row["created_at"]),
        told_at=times.optional_from_epoch(row["told_at"]),
        told_posts=_read_told(row["told_posts"]),
        topic=row["topic"],
    )


async def _told_before(tx: Connection, chat_id: int, query: str, now: datetime) -> frozenset[int]:
    """The posts of this query's surges that were sent before the chat removed it."""
    removed = await removals.list_rows(tx, chat_id, "surge", now=now)
    return frozenset[int]().union(
        # Removals by an older version have no posts.
        *(_read_told(row.get("told_posts")) for row in removed if row["query"] == query)
    )


def _read_told(written: str | None) -> frozenset[int]:
    return frozenset(json.loads(written or "[]"))


def _write_told(posts: Collection[int]) -> str | None:
    return json.dumps(sorted(posts)[-MOST_POSTS:]) if posts else None
