"""Queries of which chats are told when more is posted than usually is."""

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
    """A query (its canonical text) of a chat; ``told_at``: when a surge was told last, of this
    query; ``told_posts``: the rows of posts that surges were told of, also where the query was
    written anew since, or removed and asked for again; ``topic``: where in a group with topics it
    is told."""

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
    """Tell a chat of a query's surges, in a topic; whether that is new."""
    told = _write_told(await _told_before(tx, chat_id, query, now))
    added = await tx.execute(
        "INSERT INTO surge (chat_id, query, created_at, topic, told_posts) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (chat_id, query) DO NOTHING",
        (chat_id, query, times.to_epoch(now), topic, told),
    )
    return added > 0


async def set_topic(tx: Connection, id: int, topic: int | None) -> None:
    """Tell a query's surges in this topic of the chat; None: in General."""
    await tx.execute("UPDATE surge SET topic = ? WHERE id = ?", (topic, id))


async def change_query(
    tx: Connection, id: int, chat_id: int, query: str, *, now: datetime
) -> Surge | None:
    """Tell a chat of another query's surges from now on; gives it, None where the chat has no such.
    It must have no other one that asks the same. What the chat was told of that query before it
    was removed counts as told."""
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
    """Tell a chat no more of a query's surges; whether it was told. ``now``: it is kept from then
    on for an undo."""
    row = await tx.fetch_one("SELECT * FROM surge WHERE id = ? AND chat_id = ?", (id, chat_id))
    if row is None:
        return False
    if now is not None:
        columns = {name: row[name] for name in _COLUMNS}
        await removals.keep(tx, chat_id, "surge", str(id), columns, now=now)
    await tx.execute("DELETE FROM surge WHERE id = ?", (id,))
    return True


async def restore_surge(tx: Connection, id: int, chat_id: int, *, now: datetime) -> bool:
    """Tell a chat of a query's surges again as before, under its id; whether it is told of them:
    one that asks the same may be there by now."""
    row = await removals.take(tx, chat_id, "surge", str(id), now=now)
    if row is not None:
        await tx.execute(
            "INSERT INTO surge (id, chat_id, query, created_at, told_at, topic, told_posts)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (chat_id, query) DO NOTHING",
            # What an older version removed has no posts.
            tuple(chat_id if name == "chat_id" else row.get(name) for name in _COLUMNS),
        )
        return True
    sql = "SELECT 1 FROM surge WHERE id = ? AND chat_id = ?"
    return await tx.fetch_one(sql, (id, chat_id)) is not None


async def list_surges(conn: Connection, chat_id: int) -> list[Surge]:
    """What a chat asks for, the first first."""
    rows = await conn.fetch_all("SELECT * FROM surge WHERE chat_id = ? ORDER BY id", (chat_id,))
    return [_from_row(row) for row in rows]


async def list_asked(conn: Connection, *, told_before: datetime) -> list[Surge]:
    """What is asked for by chats that are not stopped, and was not told since then; by query."""
    rows = await conn.fetch_all(
        "SELECT s.* FROM surge AS s JOIN subscriber AS r ON r.chat_id = s.chat_id"
        " WHERE r.active = 1 AND (s.told_at IS NULL OR s.told_at <= ?) ORDER BY s.query, s.id",
        (times.to_epoch(told_before),),
    )
    return [_from_row(row) for row in rows]


async def note_told(
    tx: Connection, asked: Surge, posts: Collection[int] = (), *, now: datetime
) -> None:
    """Note that a chat is told of a surge of a query: of these posts (rows) too."""
    told = _write_told(asked.told_posts.union(posts))
    await tx.execute(
        "UPDATE surge SET told_at = ?, told_posts = ? WHERE chat_id = ? AND query = ?",
        (times.to_epoch(now), told, asked.chat_id, asked.query),
    )


async def find_present(conn: Connection, asked: Surge) -> Surge | None:
    """What a chat asks for by now of a query, which may have been removed and asked for anew; None
    where it asks no more."""
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
    """The posts that surges of a query were told of before the chat removed it."""
    removed = await removals.list_rows(tx, chat_id, "surge", now=now)
    return frozenset[int]().union(
        # What an older version removed has no posts.
        *(_read_told(row.get("told_posts")) for row in removed if row["query"] == query)
    )


def _read_told(written: str | None) -> frozenset[int]:
    return frozenset(json.loads(written or "[]"))


def _write_told(posts: Collection[int]) -> str | None:
    return json.dumps(sorted(posts)[-MOST_POSTS:]) if posts else None
