"""Collections: posts that a chat saved under a name, each with a note.

What is taken out, or removed whole, can be put back for a day.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from storage import times
from storage.connection import Connection, Row

KEPT_FOR = timedelta(days=1)
"""How long a removal can be undone."""
MOST = 50
"""The most collections of a chat."""
MOST_POSTS = 1000
"""The most posts of a collection."""

_LISTED = """
    SELECT c.id, c.chat_id, c.name, c.removed_at, (SELECT count(*) FROM collected AS p
        WHERE p.collection_id = c.id AND p.removed_at IS NULL) AS posts
    FROM collection AS c
"""


class Collection(Struct, frozen=True, kw_only=True):
    """A collection, with the number of its ``posts``."""

    id: int
    chat_id: int
    name: str
    posts: int
    removed_at: datetime | None = None


class Saved(Struct, frozen=True):
    """A post in a collection: its name (``doc_id``), the note, which may be empty, and when it was
    put there."""

    doc_id: str
    note: str
    saved_at: datetime


async def find_or_add(
    tx: Connection, chat_id: int, name: str, *, now: datetime
) -> Collection | None:
    """A chat's collection of that name, case ignored; a new one if there is none, None if it has
    the most allowed."""
    there = await list_collections(tx, chat_id)
    key = _key(name)
    found = next((one for one in there if _key(one.name) == key), None)
    if found is not None:
        return found
    if len(there) >= MOST:
        return None
    number = await tx.insert(
        "INSERT INTO collection (chat_id, name, name_key, used_at) VALUES (?, ?, ?, ?)",
        (chat_id, name, key, times.to_epoch(now)),
    )
    return Collection(id=number, chat_id=chat_id, name=name, posts=0)


async def list_collections(conn: Connection, chat_id: int) -> list[Collection]:
    """A chat's collections, the last used first."""
    rows = await conn.fetch_all(
        f"{_LISTED} WHERE c.chat_id = ? AND c.removed_at IS NULL"
        " ORDER BY c.used_at DESC, c.id DESC",
        (chat_id,),
    )
    return [_collection(row) for row in rows]


async def find_collection(conn: Connection, id: int, chat_id: int) -> Collection | None:
    """A chat's own collection, also a removed one that is still kept; or None."""
    row = await conn.fetch_one(f"{_LISTED} WHERE c.id = ? AND c.chat_id = ?", (id, chat_id))
    return None if row is None else _collection(row)


async def find_named(conn: Connection, chat_id: int, name: str) -> Collection | None:
    """A chat's collection of that name, case ignored; or None."""
    there = await list_collections(conn, chat_id)
    return next((one for one in there if _key(one.name) == _key(name)), None)


Outcome = Literal["new", "there", "full"]


async def save(tx: Connection, id: int, doc_id: str, note: str, *, now: datetime) -> Outcome:
    """Put a post into a collection, unless it is ``full``; if the post is ``there``, replace its
    note by the new one, if any."""
    found = await find_saved(tx, id, doc_id)
    if found is None:
        row = await tx.fetch_one(
            "SELECT count(*) AS n FROM collected WHERE collection_id = ? AND removed_at IS NULL",
            (id,),
        )
        if row is not None and row["n"] >= MOST_POSTS:
            return "full"
    when = times.to_epoch(now)
    await tx.execute(
        "INSERT INTO collected (collection_id, doc_id, note, saved_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (collection_id, doc_id) DO UPDATE SET"
        " note = CASE WHEN excluded.note = '' AND collected.removed_at IS NULL"
        " THEN collected.note ELSE excluded.note END,"
        " saved_at = CASE WHEN collected.removed_at IS NULL"
        " THEN collected.saved_at ELSE excluded.saved_at END, removed_at = NULL",
        (id, doc_id, note, when),
    )
    await tx.execute("UPDATE collection SET used_at = ? WHERE id = ?", (when, id))
    return "new" if found is None else "there"


async def find_saved(conn: Connection, id: int, doc_id: str) -> Saved | None:
    """A post of a collection with its note, or None."""
    row = await conn.fetch_one(
        "SELECT doc_id, note, saved_at FROM collected"
        " WHERE collection_id = ? AND doc_id = ? AND removed_at IS NULL",
        (id, doc_id),
    )
    return None if row is None else _saved(row)


async def list_saved(
    conn: Connection, id: int, *, limit: int = MOST_POSTS, offset: int = 0
) -> list[Saved]:
    """The posts of a collection, in the order in which they were saved."""
    rows = await conn.fetch_all(
        "SELECT doc_id, note, saved_at FROM collected"
        " WHERE collection_id = ? AND removed_at IS NULL"
        " ORDER BY saved_at, doc_id LIMIT ? OFFSET ?",
        (id, limit, offset),
    )
    return [_saved(row) for row in rows]


async def list_times_saved(conn: Connection, id: int, *, since: datetime) -> list[datetime]:
    """When posts were saved into a collection, since a time."""
    rows = await conn.fetch_all(
        "SELECT saved_at FROM collected WHERE collection_id = ? AND removed_at IS NULL"
        " AND saved_at >= ? ORDER BY saved_at",
        (id, times.to_epoch(since)),
    )
    return [times.from_epoch(row["saved_at"]) for row in rows]


async def take_out(tx: Connection, id: int, doc_id: str, *, now: datetime) -> bool:
    """Take a post out of a collection; whether it is out, now or before, and can be put back."""
    done = await tx.execute(
        "UPDATE collected SET removed_at = ?"
        " WHERE collection_id = ? AND doc_id = ? AND removed_at IS NULL",
        (times.to_epoch(now), id, doc_id),
    )
    sql = "SELECT 1 FROM collected WHERE collection_id = ? AND doc_id = ?"
    return done > 0 or await tx.fetch_one(sql, (id, doc_id)) is not None


async def put_back(tx: Connection, id: int, doc_id: str) -> bool:
    """Undo that, with its note and in its place; whether it is known still."""
    done = await tx.execute(
        "UPDATE collected SET removed_at = NULL WHERE collection_id = ? AND doc_id = ?",
        (id, doc_id),
    )
    return done > 0


async def remove_collection(tx: Connection, id: int, *, now: datetime) -> None:
    """Remove a collection with all that is in it."""
    await tx.execute(
        "UPDATE collection SET removed_at = ? WHERE id = ? AND removed_at IS NULL",
        (times.to_epoch(now), id),
    )


async def restore_collection(tx: Connection, removed: Collection) -> bool:
    """Undo a removal; False if the chat has another collection of that name by now, or the most
    allowed."""
    there = await list_collections(tx, removed.chat_id)
    if len(there) >= MOST or any(_key(one.name) == _key(removed.name) for one in there):
        return False
    await tx.execute("UPDATE collection SET removed_at = NULL WHERE id = ?", (removed.id,))
    return True


async def move_collections(tx: Connection, former: int, present: int) -> None:
    """Give a chat's collections to its new id; two of one name are merged."""
    there: Sequence[Row] = await tx.fetch_all(
        "SELECT a.id AS former, b.id AS present FROM collection AS a, collection AS b"
        " WHERE a.chat_id = ? AND b.chat_id = ? AND a.name_key = b.name_key"
        " AND a.removed_at IS NULL AND b.removed_at IS NULL",
        (former, present),
    )
    for row in there:
        await tx.execute(
            "UPDATE collected SET collection_id = ? WHERE collection_id = ? AND doc_id NOT IN"
            " (SELECT doc_id FROM collected WHERE collection_id = ?)",
            (row["present"], row["former"], row["present"]),
        )
        await tx.execute("DELETE FROM collection WHERE id = ?", (row["former"],))
    await tx.execute("UPDATE collection SET chat_id = ? WHERE chat_id = ?", (present, former))


async def prune_removed(tx: Connection, *, now: datetime) -> None:
    """Forget removals that cannot be undone any more."""
    before = times.to_epoch(now - KEPT_FOR)
    await tx.execute("DELETE FROM collection WHERE removed_at < ?", (before,))
    await tx.execute("DELETE FROM collected WHERE removed_at < ?", (before,))


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _collection(row: Row) -> Collection:
    return Collection(
        id=row["id"],
        chat_id=row["chat_id"],
        name=row["name"],
        posts=row["posts"],
        removed_at=times.optional_from_epoch(row["removed_at"]),
    )


def _saved(row: Row) -> Saved:
    return Saved(row["doc_id"], row["note"], times.from_epoch(row["saved_at"]))
