"""Stories: posts that say the same, in many channels or repeatedly in one.

A story is named by the ``doc_id`` of its first stored post, and that name stays. A post joins it by
its origin (a forward and its original), by the same words (``content_hash``), or as a near copy. To
find near copies, each recent post leaves a *sketch*: some hashes of its words, a few of which a
copy has too. The caller decides whether two texts are near copies (``Likeness``).
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from storage import row_ids, times
from storage.connection import (
    PLACE,
    Connection,
    Query,
    Row,
    fetch_groups,
    fetch_in,
    queries_in,
)
from storage.document import Document, name_key
from storage.document_json import read_texts
from storage.records import Stored
from storage.structs import replace

WINDOW = timedelta(days=7)
"""Posts published further apart than this are two stories, whatever they say."""

CANDIDATES = 4
"""The most posts that are compared with a new one; those with the most common hashes."""
COMMON = 2
"""The fewest hashes that two posts must have in common to be compared."""
HOLDERS = 48
"""The most posts that are stored for a hash: what more posts share is a phrase, not a story."""
_SLICE = 20
PRUNED = 20_000
"""The number of hashes that one step of ``prune_sketches`` looks at."""

_SAME_WORDS = """
    SELECT d.id, d.doc_id, d.stored_at, d.story, d.content_hash FROM document AS d
    WHERE d.id BETWEEN ? AND ? AND d.content_hash IN (:values)
"""
_SAME_ORIGIN = """
    WITH place (channel_id, message_id) AS (VALUES :places)
    SELECT d.id, d.doc_id, d.stored_at, d.story, p.channel_id, p.message_id
    FROM place AS p JOIN document AS d
        ON d.origin_channel_id = p.channel_id AND d.origin_message_id = p.message_id
    WHERE d.id BETWEEN ? AND ?
    UNION ALL
    SELECT d.id, d.doc_id, d.stored_at, d.story, p.channel_id, p.message_id
    FROM place AS p JOIN document AS d
        ON d.channel_id = p.channel_id AND d.message_id = p.message_id
    WHERE d.id BETWEEN ? AND ?
"""
_HOLDERS = "SELECT hash, document_id FROM sketch WHERE hash IN (:values)"
_JOIN = "UPDATE document SET story = ? WHERE id = ? AND story IS NULL"
_HOLD = "INSERT INTO sketch (hash, document_id) VALUES (?, ?) ON CONFLICT DO NOTHING"

LOWEST_HASH = -(1 << 63)
_HIGHEST_HASH = (1 << 63) - 1
_WINDOW = WINDOW // timedelta(microseconds=1)
_WINDOW_IDS = int(WINDOW.total_seconds()) << row_ids.BITS


class Likeness(Protocol):
    """Decides which texts are near copies."""

    @property
    def sketch(self) -> Callable[[str], Sequence[int]]:
        """Returns a text's hashes (signed, at most 64 bits); near copies have some in common."""
        ...

    @property
    def same_story(self) -> Callable[[str, str], bool]:
        """Whether two texts say the same."""
        ...


@dataclass(slots=True, eq=False)
class _Post:
    """A stored post. ``order``: sorts by the time of storing; ``at``: when it was published."""

    id: int
    doc_id: str
    order: tuple[int, int]
    at: int
    story: str | None = None
    text: str | None = None

    @property
    def name(self) -> str:
        """The name of its story."""
        return self.story or self.doc_id


async def join_stories(
    tx: Connection, stored: Sequence[Stored], likeness: Likeness, *, now: datetime, live: bool
) -> dict[int, str]:
    """Join documents that were just stored to stories; returns each one's story name by its row id.

    Call it in the transaction that stored them. Documents that were stored before keep their story.
    Of posts published before the window only ``live`` ones leave a sketch. A batch of hundreds
    takes about ten queries.
    """
    batch = _Batch(tx, likeness, stored)
    await batch.begin(now)
    await batch.sketch(since=None if live else now - WINDOW)
    await batch.find()
    await batch.join()
    return batch.names()


class _Batch:
    """The posts of one transaction that are being joined to stories."""

    def __init__(self, tx: Connection, likeness: Likeness, stored: Sequence[Stored]) -> None:
        self._tx = tx
        self._likeness = likeness
        self._documents = {item.id: item.document for item in stored}
        self._new = {item.id for item in stored if item.outcome == "new"}
        self._told = self._new | {item.id for item in stored if item.revised}
        self._posts: dict[int, _Post] = {}
        self._fresh: list[_Post] = []
        self._partners: dict[int, _Post] = {}
        self._sketches: dict[int, Sequence[int]] = {}
        self._holders: defaultdict[int, list[int]] = defaultdict(list)
        self._likely: dict[int, list[int]] = {}

    def names(self) -> dict[int, str]:
        """The stories' names by the documents' row ids."""
        return {row_id: self._posts[row_id].name for row_id in self._documents}

    async def begin(self, now: datetime) -> None:
        """Look at the posts that were stored: as they are if they were there before, else as they
        are to be."""
        self._posts = await _list_posts(self._tx, sorted(self._documents.keys() - self._new))
        when = times.to_epoch(now)
        for place, (row_id, document) in enumerate(self._documents.items()):
            if row_id in self._new:
                post = _Post(row_id, name_key(document.doc_id), (1, place), _time(row_id, when))
                self._posts[row_id] = post
                self._fresh.append(post)

    async def sketch(self, *, since: datetime | None) -> None:
        """Make the sketches of posts that are new or have another text now, unless they are too
        old."""
        oldest = 0 if since is None else row_ids.first_id(since)
        told = [row_id for row_id in self._told if row_id >= oldest]
        for number, row_id in enumerate(told, start=1):
            text = _text(self._documents[row_id])
            self._posts[row_id].text = text
            self._sketches[row_id] = self._likeness.sketch(text)
            if number % _SLICE == 0:
                await asyncio.sleep(0)  # others get their turn

    async def find(self) -> None:
        """Find the earlier posts of the same origin or with the same words as the new ones, in the
        same hop those that share hashes with the sketches, and read the likeliest of these."""
        hashes = {value for sketch in self._sketches.values() for value in sketch}
        keys = {key for post in self._fresh for key in _keys(self._documents[post.id])}
        *tied, holders = await fetch_groups(
            self._tx, *self._tied_queries(keys), queries_in(_HOLDERS, sorted(hashes))
        )
        self._find_same(*tied)
        for row in holders:
            self._holders[row["hash"]].append(row["document_id"])
        wanted = {
            row_id
            for post in self._fresh
            if post.id not in self._partners
            for row_id in self._candidates(post)
        }
        for post in await _list_texts(self._tx, sorted(wanted)):
            self._posts.setdefault(post.id, post).text = post.text

    def _tied_queries(
        self, keys: Set[str | tuple[int, int]]
    ) -> tuple[Iterable[Query], Iterable[Query]]:
        """The queries for posts with the same words as new ones, and for those of the same
        origin."""
        if not self._new:
            return (), ()
        dated = min(self._new) >= row_ids.FIRST_DATED
        first = min(self._new) - _WINDOW_IDS if dated else 0
        span = (first, max(self._new) + _WINDOW_IDS)
        hashes = sorted(key for key in keys if isinstance(key, str))
        places = sorted(key for key in keys if isinstance(key, tuple))
        sql = _SAME_ORIGIN.replace(":places", ", ".join([PLACE] * len(places)))
        values = [number for place in places for number in place]
        by_origin = [(sql, (*values, *span, *span))] if places else []
        return queries_in(_SAME_WORDS, hashes, before=span), by_origin

    def _find_same(self, same_words: Iterable[Row], same_origin: Iterable[Row]) -> None:
        """Give each new post the first one that it is tied to."""
        tied: defaultdict[object, list[_Post]] = defaultdict(list)
        for row in same_words:
            tied[row["content_hash"]].append(self._known(row))
        for row in same_origin:
            tied[row["channel_id"], row["message_id"]].append(self._known(row))
        for others in tied.values():
            others.sort(key=lambda other: other.order)
        for post in self._fresh:
            found = [
                first
                for key in _keys(self._documents[post.id])
                if (first := _first_near(post, tied[key])) is not None
            ]
            if found:
                self._partners[post.id] = min(found, key=lambda other: other.order)

    def _known(self, row: Row) -> _Post:
        return self._posts.setdefault(row["id"], _post(row))

    def _candidates(self, post: _Post) -> list[int]:
        """The likeliest posts to say the same; asked once more, after others of the batch were held
        (which forgets them), perhaps others."""
        found = self._likely.get(post.id)
        if found is None:
            found = _list_likely(self._sketches.get(post.id, ()), self._holders, post.id)
            self._likely[post.id] = found
        return found

    async def join(self) -> None:
        """Join the new posts in the order in which they came, and store the sketches."""
        joined: dict[int, str] = {}
        held: list[tuple[int, int]] = []
        for post in self._fresh:
            partner = self._partners.get(post.id) or self._find_copy(post)
            if partner is not None:
                partner.story = post.story = partner.name
                joined |= {partner.id: partner.name, post.id: post.name}
            held += self._hold(post.id)
        for row_id in self._sketches.keys() - {post.id for post in self._fresh}:
            held += self._hold(row_id)
        await self._tx.execute_later(
            (_JOIN, [(name, row_id) for row_id, name in joined.items()]),
            (_HOLD, sorted(held)),  # neighbours in the table go in together
        )

    def _find_copy(self, post: _Post) -> _Post | None:
        """The likeliest post that says the same, or None."""
        for row_id in self._candidates(post):
            other = self._posts.get(row_id)
            if other is None or other.text is None or post.text is None:
                continue
            near = abs(other.at - post.at) <= _WINDOW
            if near and self._likeness.same_story(post.text, other.text):
                return other
        return None

    def _hold(self, row_id: int) -> list[tuple[int, int]]:
        """The rows of a post's sketch, for later posts; hashes that enough posts have are left
        out."""
        free = [
            value
            for value in self._sketches.get(row_id, ())
            if len(self._holders[value]) < HOLDERS and row_id not in self._holders[value]
        ]
        if free:
            self._likely.clear()
        for value in free:
            self._holders[value].append(row_id)
        return [(value, row_id) for value in free]


def _first_near(post: _Post, others: Sequence[_Post]) -> _Post | None:
    """The first earlier post, in their order, that was published near this one; None if there is
    none.

    It is seldom far: thousands of posts may have the same words.
    """
    for other in others:
        if other.order >= post.order:
            return None
        if abs(other.at - post.at) <= _WINDOW:
            return other
    return None


def _list_likely(sketch: Sequence[int], holders: Mapping[int, list[int]], row_id: int) -> list[int]:
    """The posts near this one in time that share the most hashes with it."""
    found = [other for value in sketch if value in holders for other in holders[value]]
    if len(found) < COMMON:
        return []
    common = Counter(found)
    likely = [
        other
        for other, count in common.items()
        if count >= COMMON and other != row_id and abs(other - row_id) <= _WINDOW_IDS
    ]
    return sorted(likely, key=lambda other: (-common[other], other))[:CANDIDATES]


async def _list_posts(conn: Connection, row_ids: Sequence[int]) -> dict[int, _Post]:
    """Stored posts by row id, without texts."""
    sql = "SELECT id, doc_id, stored_at, story FROM document WHERE id IN (:values)"
    return {row["id"]: _post(row) for row in await fetch_in(conn, sql, row_ids)}


async def _list_texts(conn: Connection, row_ids: Sequence[int]) -> list[_Post]:
    """Stored posts with their texts."""
    sql = "SELECT id, doc_id, stored_at, story, json FROM document WHERE id IN (:values)"
    rows = await fetch_in(conn, sql, row_ids)
    return [replace(_post(row), text=read_texts(row["json"])) for row in rows]


def _post(row: Row) -> _Post:
    row_id, stored_at = row["id"], row["stored_at"]
    return _Post(row_id, row["doc_id"], (0, stored_at), _time(row_id, stored_at), row["story"])


def _time(row_id: int, stored_at: int) -> int:
    """When a post was published, by its row id, or else when it was stored; microseconds since
    1970."""
    published = row_ids.time_of(row_id)
    return stored_at if published is None else times.to_epoch(published)


def _text(document: Document) -> str:
    return "\n".join(document.texts())


def _keys(document: Document) -> list[str | tuple[int, int]]:
    """What links a post to others: its words, and the place of the post and of its original."""
    keys: list[str | tuple[int, int]] = [document.content_hash] if any(document.texts()) else []
    channel_id = document.channel.id if document.channel else None
    if channel_id is not None and document.message_id is not None:
        keys += [(channel_id, part) for part in {document.message_id, *document.album_ids}]
    origin = document.forwarded_from
    if origin is not None and origin.channel_id is not None and origin.message_id is not None:
        keys.append((origin.channel_id, origin.message_id))
    return keys


async def find_story(conn: Connection, doc_id: str) -> str:
    """The name of the story of the document with this ``doc_id``, which is its own if it has no
    copies."""
    name = name_key(doc_id)
    row = await conn.fetch_one("SELECT story FROM document WHERE doc_id = ?", (name,))
    return str(row["story"]) if row and row["story"] else name


async def list_members(conn: Connection, story: str) -> list[int]:
    """The row ids of a story's posts, in the order in which they were stored."""
    rows = await conn.fetch_all(
        "SELECT id, stored_at FROM document WHERE story = ?"
        " UNION SELECT id, stored_at FROM document WHERE doc_id = ? AND story IS NULL"
        " ORDER BY stored_at, id",
        (story, story),
    )
    return [row["id"] for row in rows]


async def list_channels(conn: Connection, names: Sequence[str]) -> dict[str, set[int]]:
    """The ids of the channels that have posts of each of these stories."""
    channels: dict[str, set[int]] = {name: set() for name in names}
    for sql in (
        "SELECT DISTINCT story AS name, channel_id FROM document WHERE story IN (:values)",
        "SELECT doc_id AS name, channel_id FROM document WHERE doc_id IN (:values)",
    ):
        for row in await fetch_in(conn, sql, sorted(channels)):
            if row["channel_id"] is not None:
                channels[row["name"]].add(row["channel_id"])
    return channels


async def prune_sketches(
    tx: Connection, *, before: datetime, start: int = LOWEST_HASH
) -> int | None:
    """Remove sketches of posts published before a time, looking at ``PRUNED`` hashes from ``start``
    on.

    Returns the hash to continue with in another transaction, or None at the end.
    """
    row = await tx.fetch_one(
        "SELECT hash FROM sketch WHERE hash >= ? ORDER BY hash LIMIT 1 OFFSET ?", (start, PRUNED)
    )
    end = None if row is None else int(row["hash"])
    await tx.execute(
        "DELETE FROM sketch WHERE hash >= ? AND hash < ? AND document_id < ?",
        (start, _HIGHEST_HASH if end is None else end + 1, row_ids.first_id(before)),
    )
    return None if end is None else end + 1
