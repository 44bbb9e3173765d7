"""What each reader was sent of a story, and the posts that got no message of their own.

Such a post is *folded* into a message that the reader has, because it said nothing new, or *added*
to it, with what is new in it.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeAlias

from storage import times
from storage.connection import Connection, Query, Row, fetch_groups, fetch_in, queries_in
from storage.document import Document
from storage.documents import documents
from storage.records import Told
from storage.stories.slices import in_slices

Ranges: TypeAlias = tuple[tuple[int, int], ...]
ChatStory: TypeAlias = tuple[int, int | None, str]
"""A chat, a topic in it (None: General), and a story's name."""

MOST_VERSIONS = 6
"""A message with this many edits takes no more posts; its last edits are kept for the story's own
changes."""

_GOT = """
    SELECT chat_id, topic, story, post, created_at, instr(payload, '"follows":') > 0 AS follows,
        CASE WHEN instr(payload, '"follows":') > 0 THEN
            (SELECT count(*) FROM folded AS f
                WHERE f.delivery_id = d.id AND f.fresh IS NOT NULL) ELSE 0 END AS added,
        closed = 0 AND state <> 'bundled' AND bundle IS NULL AND versions < ? AS is_open
    FROM whole_alert AS d
    WHERE kind = 'alert' AND closed <> 1 AND post IS NOT NULL
        AND (state IN ('queued', 'sent') OR (state = 'bundled' AND NOT EXISTS
            (SELECT 1 FROM delivery AS b WHERE b.id = d.target AND b.state = 'dead')))
        AND story IN (:values)
    ORDER BY id
"""
_ADDED = """
    SELECT d.chat_id, d.topic, d.story, f.post, f.folded_at FROM folded AS f
    JOIN whole_alert AS d ON d.id = f.delivery_id
    WHERE f.fresh IS NOT NULL AND d.closed <> 1 AND d.state IN ('queued', 'sent', 'bundled')
        AND d.story IN (:values)
"""
_FOLD = """
    INSERT INTO folded (delivery_id, post, folded_at, fresh, key, alerts, event)
    SELECT id, ?, ?, ?, ?, ?, ? FROM whole_alert
    WHERE chat_id = ? AND coalesce(topic, 0) = ? AND story = ? AND kind = 'alert'
        AND (post = ? OR id IN (SELECT delivery_id FROM folded WHERE post = ?))
    ORDER BY post = ? DESC, id DESC LIMIT 1
    ON CONFLICT (delivery_id, post) DO NOTHING
"""


_write = json.JSONEncoder(separators=(",", ":")).encode


class Fold(NamedTuple):
    """A post that goes into a chat's message about post ``onto`` (or the message that ``onto``
    itself was folded into), and gets none of its own. ``fresh``: the ranges of its text that are
    new, if it is added. ``alerts`` (id and query) and ``key`` are those of its own message, in case
    the other is never sent. ``is_event``: it reports the same event in other words, and may be of
    another story."""

    chat_id: int
    story: str
    onto: str
    post: str
    fresh: Ranges | None = None
    key: str | None = None
    alerts: Sequence[Sequence[object]] = ()
    is_event: bool = False
    topic: int | None = None


async def list_told(conn: Connection, stories: Iterable[str]) -> Mapping[ChatStory, list[Told]]:
    """The messages about these stories that chats were sent, oldest first; without those that their
    readers are known to have deleted, and those that were given up. Chats that were sent the same
    share one record."""
    return await read_told(*await fetch_groups(conn, *told_queries(stories)))


def told_queries(stories: Iterable[str]) -> tuple[Iterator[Query], Iterator[Query]]:
    """The queries for ``read_told``."""
    names = sorted(set(stories))
    return queries_in(_GOT, names, before=(MOST_VERSIONS,)), queries_in(_ADDED, names)


async def read_told(got: Sequence[Row], added: Sequence[Row]) -> Mapping[ChatStory, list[Told]]:
    """``list_told``, of the rows of its queries."""
    told: defaultdict[ChatStory, list[Told]] = defaultdict(list)
    known: dict[tuple[object, ...], Told] = {}
    async for part in in_slices(got):
        for row in part:
            key = (row["post"], row["created_at"], row["follows"], row["added"], row["is_open"])
            one = known.get(key)
            if one is None:
                one = known[key] = _told(row)
            told[row["chat_id"], row["topic"], row["story"]].append(one)
    for row in added:
        at = times.from_epoch(row["folded_at"])
        place = (row["chat_id"], row["topic"], row["story"])
        told[place].append(Told(post=row["post"], at=at))
    return told


def _told(row: Row) -> Told:
    return Told(
        post=row["post"],
        at=times.from_epoch(row["created_at"]),
        follows=bool(row["follows"]),
        added=row["added"],
        is_open=bool(row["is_open"]),
    )


async def add_folds(tx: Connection, folds: Sequence[Fold], *, now: datetime) -> None:
    """Record posts that go into messages that are queued or sent."""
    when = times.to_epoch(now)
    await tx.execute_many(
        _FOLD, [_values(fold, when) async for part in in_slices(folds) for fold in part]
    )


def _values(fold: Fold, when: int) -> tuple[object, ...]:
    return (
        fold.post,
        when,
        None if fold.fresh is None else json.dumps(fold.fresh),
        fold.key,
        _write(fold.alerts),
        int(fold.is_event),
        fold.chat_id,
        fold.topic or 0,
        fold.story,
        *[fold.onto] * 3,
    )


async def list_hosts(conn: Connection, folds: Sequence[Fold]) -> list[int]:
    """The messages (row ids), each once, that took in posts of their event."""
    hosts = {
        (fold.chat_id, fold.topic or 0, fold.story, fold.onto) for fold in folds if fold.is_event
    }
    found = [
        await conn.fetch_one(
            "SELECT max(id) AS id FROM whole_alert"
            " WHERE chat_id = ? AND coalesce(topic, 0) = ? AND story = ? AND post = ?"
            " AND kind = 'alert'",
            host,
        )
        for host in sorted(hosts)
    ]
    return [row["id"] for row in found if row is not None and row["id"] is not None]


async def list_added(conn: Connection, delivery_id: int) -> list[tuple[str, Ranges]]:
    """The posts that were added to a message, in order, with the new ranges of each."""
    rows = await conn.fetch_all(
        "SELECT post, fresh FROM folded WHERE delivery_id = ? AND fresh IS NOT NULL"
        " ORDER BY folded_at, post",
        (delivery_id,),
    )
    return [
        (row["post"], tuple((start, end) for start, end in json.loads(row["fresh"])))
        for row in rows
    ]


async def list_posts(conn: Connection, delivery_id: int) -> list[str]:
    """All posts that were folded into or added to a message, in order."""
    rows = await conn.fetch_all(
        "SELECT post FROM folded WHERE delivery_id = ? ORDER BY folded_at, post", (delivery_id,)
    )
    return [row["post"] for row in rows]


async def list_of_event(conn: Connection, delivery_id: int) -> list[str]:
    """The posts that went into a message because they report the same event, in order."""
    rows = await conn.fetch_all(
        "SELECT post FROM folded WHERE delivery_id = ? AND event = 1 ORDER BY folded_at, post",
        (delivery_id,),
    )
    return [row["post"] for row in rows]


async def count_of_event(conn: Connection, ids: Sequence[int]) -> dict[int, int]:
    """How many posts went into each of these messages because they report the same event."""
    rows = await fetch_in(
        conn,
        "SELECT delivery_id, count(*) AS n FROM folded WHERE event = 1"
        " AND delivery_id IN (:values) GROUP BY delivery_id",
        ids,
    )
    return {row["delivery_id"]: int(row["n"]) for row in rows}


async def find_standing(conn: Connection, delivery_id: int) -> Document | None:
    """The first post folded into a message that is not deleted, for a message whose own post may
    be."""
    rows = await conn.fetch_all(
        "SELECT post FROM folded WHERE delivery_id = ? AND fresh IS NULL AND event = 0"
        " ORDER BY folded_at, post",
        (delivery_id,),
    )
    found = await documents.find_documents(conn, [row["post"] for row in rows])
    copies = (found[row["post"]] for row in rows if row["post"] in found)
    return next((copy for copy in copies if copy.deleted_at is None), None)


async def find_message(
    conn: Connection,
    chat_id: int,
    names: Sequence[str],
    post: str,
    *,
    topic: int | None = None,
) -> int | None:
    """The message id, in its chat, of the message in a topic about a post of one of these stories,
    or of the list that has it as a line; None if none was sent."""
    rows = await fetch_in(
        conn,
        "SELECT d.id, m.message_id FROM whole_alert AS d JOIN delivery AS m"
        " ON m.id = CASE d.state WHEN 'sent' THEN d.id WHEN 'bundled' THEN d.target END"
        " WHERE d.chat_id = ? AND coalesce(d.topic, 0) = ? AND d.post = ? AND d.kind = 'alert'"
        " AND m.state = 'sent'"
        " AND m.closed = 0 AND m.message_id IS NOT NULL AND d.story IN (:values)",
        names,
        before=(chat_id, topic or 0, post),
    )
    last = max(rows, key=lambda row: int(row["id"]), default=None)
    return None if last is None else int(last["message_id"])


async def hasten(tx: Connection, folds: Sequence[Fold], *, now: datetime) -> None:
    """Make the queued edits of messages to which posts were added due at once."""
    when = times.to_epoch(now)
    await tx.execute_many(
        "UPDATE delivery SET due_at = ? WHERE kind = 'update' AND state = 'queued' AND due_at > ?"
        " AND target IN"
        " (SELECT id FROM whole_alert WHERE chat_id = ? AND coalesce(topic, 0) = ?"
        " AND story = ? AND post = ?)",
        [
            (when, when, fold.chat_id, fold.topic or 0, fold.story, fold.onto)
            for fold in folds
            if fold.fresh is not None
        ],
    )
