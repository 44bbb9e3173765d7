"""Events: posts that report the same happening in other words, from one story or several.

An event's number is that of the first post put into it (``event_post.id``, which counts up as posts
are stored). If two events turn out to be one, the older number stays and the other refers to it
(``event_alias``). With each post its ``terms`` are stored, what it is about, packed by the caller;
and the frequencies of terms in the archive. So a process that starts finds everything that it needs
here.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from storage import row_ids
from storage.connection import Connection, Query, Row, fetch_in
from storage.document_json import read_texts


class EventPost(Struct, frozen=True, kw_only=True):
    """A post in its event: its number, its document's row id, the event.

    ``event`` is None for a roundup, which reports many. ``terms`` is None for a post that cannot be
    compared: a roundup, or one whose publication time is unknown. ``russian``: whether it is in
    Cyrillic.
    """

    id: int
    document_id: int
    event: int | None
    russian: bool
    terms: bytes | None = None


class Tied(Struct, frozen=True, kw_only=True):
    """A post that belongs to an event already, and whose story other posts share."""

    story: str
    document_id: int
    channel_id: int | None
    event: int


class Unthreaded(Struct, frozen=True, kw_only=True):
    """A stored post that was not put into an event yet. ``story``: the name of its story, another
    post's if it ``is_copy``."""

    document_id: int
    channel_id: int | None
    story: str
    is_copy: bool
    text: str


_ADD = "INSERT INTO event_post (id, document_id, event, russian, terms) VALUES (?, ?, ?, ?, ?)"
_POSTS = "SELECT id, document_id, event, russian, terms FROM event_post"


async def list_since(conn: Connection, id: int) -> list[EventPost]:
    """The posts with this number and later ones."""
    return list(map(_post, await conn.fetch_all(*since_query(id))))


def since_query(id: int, *, most: int | None = None) -> Query:
    """What ``list_since`` asks, or ``list_first``."""
    bound = "" if most is None else f" LIMIT {most}"
    return f"{_POSTS} WHERE id >= ? ORDER BY id{bound}", (id,)


async def list_first(conn: Connection, id: int, *, most: int) -> list[EventPost]:
    """The first ``most`` of the posts with this number and later ones."""
    return list(map(_post, await conn.fetch_all(*since_query(id, most=most))))


async def list_published(conn: Connection, first: datetime, end: datetime) -> list[EventPost]:
    """The posts published from ``first`` until before ``end``, by number."""
    span = (row_ids.first_id(first), row_ids.first_id(end))
    sql = f"{_POSTS} WHERE document_id >= ? AND document_id < ? ORDER BY id"
    return list(map(_post, await conn.fetch_all(sql, span)))


async def list_others(
    conn: Connection, events: Collection[int | None], first: datetime, end: datetime
) -> list[EventPost]:
    """The posts of these events that were published outside that time."""
    span = (row_ids.first_id(first), row_ids.first_id(end))
    sql = f"{_POSTS} WHERE NOT (document_id >= ? AND document_id < ?) AND event IN (:values)"
    names = sorted(event for event in events if event is not None)
    return sorted(
        map(_post, await fetch_in(conn, sql, names, before=span)), key=lambda post: post.id
    )


async def find_next(conn: Connection) -> int:
    """The number of the next post, which no post and no event has had."""
    row = await conn.fetch_one(
        "SELECT (SELECT max(id) FROM event_post) AS post,"
        " (SELECT max(event) FROM event_alias) AS event,"
        " (SELECT max(counted_to) FROM event_frequency) AS counted"
    )
    return 1 + max([int(last) for last in row or () if last is not None], default=0)


def _post(row: Row) -> EventPost:
    return EventPost(
        id=row["id"],
        document_id=row["document_id"],
        event=row["event"],
        russian=bool(row["russian"]),
        terms=row["terms"],
    )


async def add_posts(tx: Connection, posts: Sequence[EventPost]) -> None:
    """Put posts into events."""
    rows = [(one.id, one.document_id, one.event, int(one.russian), one.terms) for one in posts]
    await tx.execute_later((_ADD, rows))


async def merge(tx: Connection, event: int, *, into: int) -> None:
    """Record that two events are one."""
    pair = (into, event)
    await tx.execute("UPDATE event_post SET event = ? WHERE event = ?", pair)
    await tx.execute("UPDATE event_alias SET merged_into = ? WHERE merged_into = ?", pair)
    await tx.execute("INSERT INTO event_alias (merged_into, event) VALUES (?, ?)", pair)


async def list_merges(conn: Connection, *, after: int) -> list[tuple[int, int, int]]:
    """The merges after the one with number ``after``, in order: number, event, the event it was
    merged into."""
    rows = await conn.fetch_all(
        "SELECT id, event, merged_into FROM event_alias WHERE id > ? ORDER BY id", (after,)
    )
    return [(row["id"], row["event"], row["merged_into"]) for row in rows]


async def list_tied(
    conn: Connection, stories: Sequence[str], *, near: tuple[int, int]
) -> list[Tied]:
    """The posts of these stories that are in events; ``near``: the range of their documents' row
    ids."""
    sql = (
        "SELECT d.story, d.id, d.channel_id, p.event"
        " FROM document AS d JOIN event_post AS p ON p.document_id = d.id"
        " WHERE d.id BETWEEN ? AND ? AND p.event IS NOT NULL AND d.story IN (:values)"
    )
    return [
        Tied(
            story=row["story"],
            document_id=row["id"],
            channel_id=row["channel_id"],
            event=row["event"],
        )
        for row in await fetch_in(conn, sql, stories, before=near)
    ]


async def find_frequencies(conn: Connection) -> tuple[int, dict[bool, tuple[int, bytes]]]:
    """The frequencies of terms: the number of the last post counted, and by script (True: Russian)
    the number of posts and the packed counts."""
    rows = await conn.fetch_all("SELECT russian, posts, counts, counted_to FROM event_frequency")
    found = {bool(row["russian"]): (row["posts"], row["counts"]) for row in rows}
    return max((row["counted_to"] for row in rows), default=0), found


async def set_frequencies(
    tx: Connection, found: Mapping[bool, tuple[int, bytes]], *, counted_to: int
) -> None:
    """Store the frequencies in the form that ``find_frequencies`` returns."""
    await tx.execute_many(
        "INSERT INTO event_frequency (russian, posts, counts, counted_to) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (russian) DO UPDATE SET posts = excluded.posts, counts = excluded.counts,"
        " counted_to = excluded.counted_to",
        [(int(russian), posts, counts, counted_to) for russian, (posts, counts) in found.items()],
    )


async def list_texts(
    conn: Connection, channel_ids: Sequence[int], *, limit: int
) -> dict[int, list[str]]:
    """The texts of each channel's last posts by message id, the last one last; in one hop."""
    sql = (
        "SELECT json FROM document WHERE channel_id = ? AND message_id IS NOT NULL"
        " ORDER BY message_id DESC LIMIT ?"
    )
    found = await conn.fetch_each(*((sql, (channel_id, limit)) for channel_id in channel_ids))
    return {
        channel_id: [read_texts(row["json"]) for row in reversed(rows)]
        for channel_id, rows in zip(channel_ids, found, strict=True)
    }


async def list_unthreaded(
    conn: Connection, *, after: int, limit: int
) -> tuple[int | None, list[Unthreaded]]:
    """Among the next documents after a row id those that were not put into events; and the row id
    of the last of these documents, None if there are no more."""
    rows = await conn.fetch_all(
        "SELECT d.id, d.doc_id, d.channel_id, d.story, d.json, p.id AS post"
        " FROM document AS d LEFT JOIN event_post AS p ON p.document_id = d.id"
        " WHERE d.id > ? ORDER BY d.id LIMIT ?",
        (after, limit),
    )
    found = [
        Unthreaded(
            document_id=row["id"],
            channel_id=row["channel_id"],
            story=row["story"] or row["doc_id"],
            is_copy=row["story"] not in (None, row["doc_id"]),
            text=read_texts(row["json"]),
        )
        for row in rows
        if row["post"] is None
    ]
    return (rows[-1]["id"] if rows else None), found


async def find_event(conn: Connection, doc_id: str) -> int | None:
    """The event of a document (``doc_id``); None for a roundup, or if it is not known yet."""
    row = await conn.fetch_one(
        "SELECT p.event FROM document AS d JOIN event_post AS p ON p.document_id = d.id"
        " WHERE d.doc_id = ?",
        (doc_id,),
    )
    return None if row is None else row["event"]
