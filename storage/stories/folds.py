"""Shows equal posts as one: how many copies a post has, in which channels, and which they are."""

from collections.abc import Sequence

from msgspec import Struct

from storage.connection import PLACE, Connection, Row, fetch_in
from storage.document import EMPTY_HASH, Document, name_key
from storage.documents.batch import find_rows
from storage.query.words import analysis
from storage.records import Hit

COUNTED = 500
"""The most copies that are counted and listed."""
_PICTURES = frozenset({"photo", "video", "round_video", "animation", "voice", "sticker"})
STEPS = 4
"""How many times copies of copies are looked for."""

# {same} stands for what makes two posts the same.
_SHARED = """
    SELECT hit.id, hit.doc_id, hit.story, hit.content_hash, hit.channel_id, hit.message_id,
        hit.origin_channel_id, hit.origin_message_id, (
            SELECT count(DISTINCT channel_id) FROM (
                SELECT other.channel_id FROM document AS other
                WHERE other.channel_id != hit.channel_id AND {same} LIMIT ?
            ) AS found
        ) AS channels, (
            SELECT count(*) FROM (
                SELECT other.channel_id AS owner FROM document AS other
                WHERE other.id != hit.id AND {same} LIMIT ?
            ) AS again WHERE owner = hit.channel_id
                OR (owner IS NULL AND hit.channel_id IS NULL)
        ) AS repeats
    FROM document AS hit WHERE hit.id IN ({marks})
"""
_SAME = """(
    other.story = COALESCE(hit.story, hit.doc_id)
    OR other.doc_id = hit.story
    OR other.content_hash = CASE WHEN hit.id IN ({worded}) THEN hit.content_hash END
    OR (other.origin_channel_id = COALESCE(hit.origin_channel_id, hit.channel_id)
        AND other.origin_message_id = COALESCE(hit.origin_message_id, hit.message_id))
    OR (other.channel_id = hit.origin_channel_id AND other.message_id = hit.origin_message_id)
)"""

_POSTS = """
    SELECT id, doc_id, story, content_hash, channel_id, message_id, origin_channel_id,
        origin_message_id FROM document
"""
_SOME = f"SELECT id FROM document WHERE {{}} IN (:values) LIMIT {COUNTED + 1}"  # noqa: S608
_BY_PLACE = """
    WITH place (channel, message) AS (VALUES :places)
    SELECT id FROM place JOIN document ON channel_id = channel AND message_id = message
    UNION SELECT id FROM place JOIN document
        ON origin_channel_id = channel AND origin_message_id = message
"""

_STORIES = """
    SELECT doc_id, COALESCE(story, doc_id) AS story FROM document WHERE doc_id IN (:values)
"""


class HitCopies(Struct, frozen=True):
    """Posts that share one of the ``keys`` are the same. ``channels``: the number of other channels
    that have such a post; ``repeats``: how often its own channel has it again."""

    keys: frozenset[str]
    channels: int
    repeats: int = 0


def brought(document: Document) -> frozenset[str]:
    """The names of a post's files: the same words with another file are another post.

    Pictures and films are left out, since their names say nothing, and so are linked pages.
    """
    names = [
        name
        for medium in document.media
        if medium.type != "webpage"
        for name in (medium.title, None if medium.type in _PICTURES else medium.name)
        if name
    ]
    return frozenset(map(analysis.label, names)) if names else frozenset()


async def list_folds(conn: Connection, hits: Sequence[Hit]) -> dict[int, HitCopies]:
    """What hits share with their copies, by row id: the story, the content (if there are words),
    the origin; each combined with their files."""
    if not hits:
        return {}
    ids = [hit.id for hit in hits]
    worded = [hit.id for hit in hits if any(hit.document.texts())]
    bring = {hit.id: " ".join(sorted(brought(hit.document))) for hit in hits}
    sql = _shared(_marks(worded), _marks(ids))
    rows = await conn.fetch_all(sql, (*worded, COUNTED, *worded, COUNTED, *ids))
    return {
        row["id"]: HitCopies(
            frozenset(
                f"{key} {bring[row['id']]}"
                for key in _keys(
                    row["story"] or row["doc_id"],
                    row["content_hash"] if row["id"] in worded else None,
                    (row["channel_id"], row["message_id"]),
                    (row["origin_channel_id"], row["origin_message_id"]),
                )
            ),
            int(row["channels"]),
            int(row["repeats"]),
        )
        for row in rows
    }


def _shared(worded: str, marks: str) -> str:
    return _SHARED.format(same=_SAME.format(worded=worded), marks=marks)


async def list_copies(conn: Connection, row_id: int) -> list[int]:
    """The row ids of the posts that are the same as this one, and of those that are the same as
    these: everything that one row of results stands for, by publication time."""
    found: set[int] = set()
    new = {row_id}
    for _ in range(STEPS):
        found |= new
        new = set() if len(found) > COUNTED else await _list_same(conn, sorted(new)) - found
        if not new:
            break
    return sorted(found - {row_id})[:COUNTED]


async def list_behind(
    conn: Connection, post: str, story: str | None, came: Sequence[str]
) -> tuple[list[int], set[int]]:
    """The posts behind an alert about a ``post``, by publication time: those of its story in other
    channels, and those that went into its message (``came``). Returns the row ids of all, and of
    the latter."""
    rows = await find_rows(conn, [name_key(name) for name in (post, *came)])
    hit = rows.get(name_key(post))
    own = {rows[name] for name in map(name_key, came) if name in rows} - {hit}
    names = sorted({story or post, post})
    members = [
        *await fetch_in(conn, f"{_POSTS} WHERE story IN (:values)", names),
        *await fetch_in(conn, f"{_POSTS} WHERE doc_id IN (:values)", names),
    ]
    channels = {row["id"]: row["channel_id"] for row in members}
    others = {id for id, channel in channels.items() if channel != channels.get(hit or 0)} - {hit}
    return sorted(own | others), own


async def _list_same(conn: Connection, row_ids: Sequence[int]) -> set[int]:
    """The posts that share a story, the words or an origin with one of these posts, and these
    posts."""
    rows = await fetch_in(conn, f"{_POSTS} WHERE id IN (:values)", row_ids)
    stories = sorted({row["story"] or row["doc_id"] for row in rows})
    hashes = {row["content_hash"] for row in rows} - {None, EMPTY_HASH}
    same = [
        *await fetch_in(conn, _SOME.format("story"), stories),
        *await fetch_in(conn, _SOME.format("doc_id"), stories),
        *await fetch_in(conn, _SOME.format("content_hash"), sorted(hashes)),
    ]
    places = sorted({place for row in rows if (place := _place(row)) is not None})
    if places:
        sql = _BY_PLACE.replace(":places", ", ".join([PLACE] * len(places)))
        same += await conn.fetch_all(sql, [number for place in places for number in place])
    return {row["id"] for row in same}


def _place(row: Row) -> tuple[int, int] | None:
    """The channel and message id of a post's original, or of the post itself; None if unknown."""
    for kind in ("origin_", ""):
        channel_id, message_id = row[f"{kind}channel_id"], row[f"{kind}message_id"]
        if channel_id is not None and message_id is not None:
            return channel_id, message_id
    return None


def _marks(values: Sequence[int]) -> str:
    return ", ".join("?" * len(values))


def _keys(
    story: str,
    content: str | None,
    own: tuple[int | None, int | None],
    origin: tuple[int | None, int | None],
) -> list[str]:
    keys = [f"s{story}"]
    if content:
        keys.append(f"h{content}")
    post = origin if origin[0] is not None and origin[1] is not None else own
    if post[0] is not None and post[1] is not None:
        keys.append(f"o{post[0]}/{post[1]}")
    return keys


async def list_stories(conn: Connection, doc_ids: Sequence[str]) -> dict[str, str]:
    """The names of the stories of documents, by ``doc_id``; unknown documents are left out."""
    names = {name_key(doc_id): doc_id for doc_id in doc_ids}
    rows = await fetch_in(conn, _STORIES, tuple(names))
    return {names[row["doc_id"]]: row["story"] for row in rows}
