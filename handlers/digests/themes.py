"""Which earlier stories the stories of a digest continue; read from the archive, compared in a
thread."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import combinations

from msgspec import Struct

from handlers.outlines import themes
from handlers.outlines.across import weigher
from handlers.outlines.outline import Continued, Outline, Story
from handlers.outlines.posted import Posted
from handlers.stories import gist, heads
from handlers.stories.gist import Frequencies, Gist
from storage import row_ids
from storage.connection import Connection
from storage.document import Document
from storage.documents import documents
from storage.stories import period
from storage.stories.period import Earlier
from storage.structs import replace

REACH = timedelta(days=4)
"""How long before the digest's period such an earlier story may have begun."""
EVENTS, POSTS = 120, 3_000
"""The most earlier stories that are compared, and the most posts of them."""


class _Told(Struct, frozen=True):
    """A story of the days before: the row ids of its posts, oldest first, their gists, and the gist
    of all of them."""

    ids: Sequence[int]
    gists: Sequence[Gist]
    middle: Gist


async def find_themes(
    conn: Connection,
    outline: Outline,
    posts: Mapping[str, Posted],
    *,
    after: datetime,
    frequencies: Mapping[bool, Frequencies],
) -> tuple[Outline, dict[str, Document]]:
    """The outline with links to the earlier stories that its stories continue, and with stories of
    one theme side by side; and the documents of those earlier stories.

    ``after``: where the digest's period begins.
    """
    rows = await period.list_earlier(
        conn, since=after - REACH, before=after, events=EVENTS, posts=POSTS
    )
    told, likely = await asyncio.to_thread(_compare, outline, posts, rows)
    wanted = {name for names in likely.values() for name in names}
    ids = [id for name in wanted for id in _shown(told[name])]
    known = await documents.list_documents(conn, ids)
    return await asyncio.to_thread(_link, outline, posts, told, likely, known, frequencies)


def _compare(
    outline: Outline, posts: Mapping[str, Posted], rows: Sequence[Earlier]
) -> tuple[dict[int, _Told], dict[int, list[int]]]:
    """The earlier stories by event, and for each story of the outline (by its index) the events
    that it is like."""
    gathered: defaultdict[int, list[Earlier]] = defaultdict(list)
    for row in rows:
        gathered[row.event].append(row)
    told = {name: _read(group) for name, group in gathered.items()}
    middles = {name: one.middle for name, one in told.items()}
    own = {post.event for post in posts.values()}
    others = {name: middle for name, middle in middles.items() if name not in own}
    likely = {
        place: themes.list_likely(_middle(story, posts), others | _own(story, posts, middles))
        for place, story in enumerate(outline.stories)
        if story.since is None
    }
    return told, likely


def _own(story: Story, posts: Mapping[str, Posted], middles: Mapping[int, Gist]) -> dict[int, Gist]:
    """The earlier posts of a story's own event. Where that event was split into several stories,
    each of them may continue it or not."""
    events = {posts[name].event for name in story.posts if name in posts}
    return {event: middles[event] for event in events if event is not None and event in middles}


def _read(rows: Sequence[Earlier]) -> _Told:
    found = [gist.unpack(row.terms) for row in rows]
    return _Told([row.document_id for row in rows], found, themes.middle(found))


def _middle(story: Story, posts: Mapping[str, Posted]) -> Gist:
    return themes.middle(posts[name].gist for name in story.posts if name in posts)


def _shown(told: _Told) -> list[int]:
    """The posts of an earlier story whose names are read: its first ones, and the one nearest to
    all."""
    return [*told.ids[: themes.READ], told.ids[heads.nearest(told.gists)]]


def _link(
    outline: Outline,
    posts: Mapping[str, Posted],
    told: Mapping[int, _Told],
    likely: Mapping[int, Sequence[int]],
    known: Mapping[int, Document],
    frequencies: Mapping[bool, Frequencies],
) -> tuple[Outline, dict[str, Document]]:
    weigh = weigher(frequencies)
    groups = [[posts[name] for name in story.posts if name in posts] for story in outline.stories]
    names = [themes.read_names(group, weigh) for group in groups]
    stories, besides = list(outline.stories), {}
    for place, candidates in likely.items():
        for name in candidates:
            earlier = themes.read_names(_posted(told[name], known), weigh)
            best = known.get(_shown(told[name])[-1])
            began = row_ids.time_of(told[name].ids[0])
            if best is None or began is None or not themes.share_names(names[place], earlier):
                continue
            since = Continued(doc_id=best.doc_id, since=began.isoformat())
            stories[place] = replace(stories[place], continues=since)
            besides[best.doc_id] = best
            break
    order = themes.in_themes(_alike(stories, posts, names), len(stories))
    return replace(outline, stories=tuple(stories[place] for place in order)), besides


def _posted(told: _Told, known: Mapping[int, Document]) -> list[Posted]:
    return [
        Posted(document=known[id], story="", gist=one)
        for id, one in zip(told.ids[: themes.READ], told.gists, strict=False)
        if id in known
    ]


def _alike(
    stories: Sequence[Story], posts: Mapping[str, Posted], names: Sequence[themes.Names]
) -> list[tuple[int, int]]:
    """The pairs of stories with one theme, by their indexes."""
    middles = [_middle(story, posts) for story in stories]
    return [
        (one, other)
        for one, other in combinations(range(len(stories)), 2)
        if stories[one].mine == stories[other].mine
        and themes.likeness(middles[one], middles[other]) >= themes.UNDER
        and themes.share_names(names[one], names[other])
    ]
