"""Equal posts as one: what a post shares with its copies, and in how many channels they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from storage.database import Connection, fetch_in
from storage.document_batch import name_key
from storage.records import Hit

COUNTED = 500
"""Copies are counted among this many at most."""

_SHARED = """
    SELECT hit.id, hit.doc_id, hit.story, hit.content_hash, hit.channel_id, hit.message_id,
        hit.origin_channel_id, hit.origin_message_id, (
            SELECT count(DISTINCT channel_id) FROM (
                SELECT other.channel_id FROM document AS other
                WHERE other.channel_id != hit.channel_id AND (
                    other.story = COALESCE(hit.story, hit.doc_id)
                    OR other.doc_id = hit.story
                    OR other.content_hash = CASE WHEN hit.id IN ({worded}) THEN hit.content_hash END
                    OR (other.origin_channel_id = COALESCE(hit.origin_channel_id, hit.channel_id)
                        AND other.origin_message_id
                            = COALESCE(hit.origin_message_id, hit.message_id))
                    OR (other.channel_id = hit.origin_channel_id
                        AND other.message_id = hit.origin_message_id)
                ) LIMIT ?
            )
        ) AS channels
    FROM document AS hit WHERE hit.id IN ({marks})
"""

_STORIES = """
    SELECT doc_id, COALESCE(story, doc_id) AS story FROM document WHERE doc_id IN (:values)
"""


@dataclass(frozen=True, slots=True)
class Fold:
    """Posts that share one of the ``keys`` are the same; ``channels`` counts the other channels
    that have one."""

    keys: frozenset[str]
    channels: int


async def list_folds(conn: Connection, hits: Sequence[Hit]) -> dict[int, Fold]:
    """What hits share with their copies, by row id: the story, the content (where there are words),
    the origin."""
    if not hits:
        return {}
    ids = [hit.id for hit in hits]
    worded = [hit.id for hit in hits if any(hit.document.texts())]
    sql = _SHARED.format(worded=_marks(worded), marks=_marks(ids))
    rows = await conn.fetch_all(sql, (*worded, COUNTED, *ids))
    return {
        row["id"]: Fold(
            frozenset(
                _keys(
                    row["story"] or row["doc_id"],
                    row["content_hash"] if row["id"] in worded else None,
                    (row["channel_id"], row["message_id"]),
                    (row["origin_channel_id"], row["origin_message_id"]),
                )
            ),
            int(row["channels"]),
        )
        for row in rows
    }


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
    """The names of the stories of documents, by their ``doc_id``; only of those that are there."""
    names = {name_key(doc_id): doc_id for doc_id in doc_ids}
    rows = await fetch_in(conn, _STORIES, tuple(names))
    return {names[row["doc_id"]]: row["story"] for row in rows}
