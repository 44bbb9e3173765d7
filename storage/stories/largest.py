"""The stories with the most posts among some."""

from collections import defaultdict
from collections.abc import Sequence

from msgspec import Struct

from storage.connection import Connection, fetch_in

_POSTS = """
    SELECT d.id, d.doc_id, d.channel_id, d.story, p.event FROM document AS d
    LEFT JOIN event_post AS p ON p.document_id = d.id WHERE d.id IN (:values)
"""


class LargeStory(Struct, frozen=True):
    """A story with ``posts`` (row ids, ascending) in ``channels`` channels. ``key``: the number of
    its event, or else the name of its story."""

    key: int | str
    posts: tuple[int, ...]
    channels: int


async def list_largest(conn: Connection, row_ids: Sequence[int]) -> list[LargeStory]:
    """The stories of some posts, those with the most posts first; copies of one text, and posts of
    one event as far as that is known, are one story."""
    rows = await fetch_in(conn, _POSTS, row_ids)
    events = {row["story"]: row["event"] for row in rows if row["story"] and row["event"]}
    posts: defaultdict[int | str, list[int]] = defaultdict(list)
    channels: defaultdict[int | str, set[int | None]] = defaultdict(set)
    for row in rows:
        story = row["story"] or row["doc_id"]
        key = row["event"] or events.get(story, story)
        posts[key].append(row["id"])
        channels[key].add(row["channel_id"])
    told = [LargeStory(key, tuple(sorted(ids)), len(channels[key])) for key, ids in posts.items()]
    return sorted(told, key=lambda one: (-len(one.posts), one.posts))
