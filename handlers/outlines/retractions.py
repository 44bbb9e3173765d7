"""Posts in which a channel takes back or corrects what it posted itself, and the stories that they
are about. Pure.

Only a channel's own post is taken for what its correction corrects: by an answer or a link to it,
the time that is named, or the words of both. What somebody else denies is a moment of a story
(``handlers.outlines.courses``).
"""

from collections.abc import Iterator, Sequence, Set
from datetime import timedelta
from typing import TypeAlias

from handlers.outlines.posted import Posted, in_order
from handlers.stories import gist as gists
from handlers.stories.leads import retracting
from handlers.stories.officials import channel_key
from storage.document import Document

READ = 350
"""So many first characters are read."""
ALIKE = 0.15
"""How like a correction is to what it corrects, at least, where nothing but words tells; with
``SHARED`` words of both, and by ``MARGIN`` more than to any other story."""
SHARED = 2
MARGIN = 1.25
NEAR = timedelta(hours=12)
"""A time that is named is not further back, where no words are shared."""
MOST = 2
"""Of one channel so many corrections of what is not known stand by themselves, and of all of them
``MOST_ALONE``."""
MOST_ALONE = 5

Group: TypeAlias = tuple[Sequence[Posted], int | str]


def is_retraction(post: Posted) -> bool:
    """Whether a post that stands takes back or corrects what its channel posted."""
    return post.document.deleted_at is None and retracting.takes_back(_beginning(post.document))


def find_corrections(posts: Sequence[Posted]) -> list[Posted]:
    """Those of a story's posts that take back or correct; none where no other post is left."""
    found = [post for post in posts if is_retraction(post)]
    return found if len(found) < len(posts) else []


def gather_corrections(groups: Sequence[Group], *, whole: bool) -> list[Group]:
    """The stories, when each correction is of the one that it corrects, with its copies; where
    that can't be told it stays where it is. ``whole``: no post of the period was left out."""
    corrections = [post for posts, _ in groups for post in posts if is_retraction(post)]
    if not corrections:
        return list(groups)
    places = {id(post): n for n, (posts, _) in enumerate(groups) for post in posts}
    channels = {channel_key(post.document) for post in corrections}
    told: dict[str, list[Posted]] = {channel: [] for channel in channels}
    for posts, _ in groups:
        for post in posts:
            channel = channel_key(post.document)
            if channel in channels and post.at is not None and not is_retraction(post):
                told[channel].append(post)
    moved = dict[int, int]()
    for post in corrections:
        earlier = [
            one
            for one in told[channel_key(post.document)]
            if post.at is not None and one.at is not None and one.at <= post.at
        ]
        found = _corrected(post, earlier, places, whole=whole)
        if found is not None and (place := places[id(found)]) != places[id(post)]:
            copies = groups[places[id(post)]][0]
            for one in copies:
                if one is post or one.story == post.story:
                    moved.setdefault(id(one), place)
    return list(_moved(groups, places, moved))


def alone(groups: Sequence[Sequence[Posted]]) -> set[int]:
    """The places of stories that are corrections of what is not known, as many as are told above
    all others; the weightiest come first."""
    found: set[int] = set()
    counts: dict[str, int] = {}
    for place, posts in enumerate(groups):
        channel = channel_key(posts[0].document)
        is_one = len(found) < MOST_ALONE and counts.get(channel, 0) < MOST
        if is_one and all(map(is_retraction, posts)):
            found.add(place)
            counts[channel] = counts.get(channel, 0) + 1
    return found


def _moved(
    groups: Sequence[Group], places: dict[int, int], moved: dict[int, int]
) -> Iterator[Group]:
    everything = [post for posts, _ in groups for post in posts]
    coming: dict[int, list[Posted]] = {}
    for post in everything:
        if id(post) in moved:
            coming.setdefault(moved[id(post)], []).append(post)
    for place, (posts, name) in enumerate(groups):
        kept = [post for post in posts if id(post) not in moved]
        kept += coming.get(place, [])
        if kept:
            yield sorted(kept, key=in_order), name


def _beginning(document: Document) -> str:
    text = "\n".join(text for text in document.texts() if text.strip())
    return retracting.fold(text[:READ])


def _corrected(
    post: Posted, earlier: Sequence[Posted], places: dict[int, int], *, whole: bool
) -> Posted | None:
    """What a correction corrects, of what its channel posted earlier, the last one last; None
    where that can't be told."""
    text = _beginning(post.document)
    named = [one for one in earlier if _is_named(post.document, one.document)]
    if named:
        return named[-1]
    alike = _likest(post, earlier, places)
    if (minute := retracting.posted_at(text)) is not None:
        return _posted_at(post, earlier, minute, alike)
    if alike is None and whole and earlier and retracting.names_previous(text):
        return max(earlier, key=lambda one: one.document.published_at or "")
    return alike


def _is_named(document: Document, other: Document) -> bool:
    """Whether a document answers or links to another one of its channel."""
    reply = document.reply_to
    if reply is not None and reply.message_id is not None:
        own = document.channel.id if document.channel is not None else None
        if reply.channel_id in (None, own) and reply.message_id in _numbers(other):
            return True
    return not _links_of(other).isdisjoint(_addresses(document))


def _numbers(document: Document) -> Set[int]:
    return {*document.album_ids, *([] if document.message_id is None else [document.message_id])}


def _links_of(document: Document) -> Set[str]:
    """How a post is linked to."""
    channel = document.channel
    where = [] if channel is None else [channel.username, channel.id and f"c/{channel.id}"]
    links = {
        f"t.me/{one}/{number}".lower() for one in where if one for number in _numbers(document)
    }
    return links | ({_plain(document.url)} if document.url else set())


def _addresses(document: Document) -> Set[str]:
    spans = (span.url for block in document.body for span in block.spans)
    return {_plain(url) for url in (*spans, *(link.url for link in document.links)) if url}


def _plain(url: str) -> str:
    return url.partition("://")[2].partition("?")[0].rstrip("/").lower()


def _posted_at(
    post: Posted, earlier: Sequence[Posted], minute: int, alike: Posted | None
) -> Posted | None:
    """What was posted at a time that is named, in whatever time zone: the hour is not known."""
    if alike is not None and alike.at is not None and alike.at.minute == minute:
        return alike
    found = [
        one
        for one in earlier
        if one.at is not None
        and post.at is not None
        and one.at.minute == minute
        and post.at - one.at <= NEAR
    ]
    return found[0] if len(found) == 1 else None if found else alike


def _likest(post: Posted, earlier: Sequence[Posted], places: dict[int, int]) -> Posted | None:
    """The one that is most like it; None where two stories are nearly as like, or none is."""
    best: dict[int, tuple[float, Posted]] = {}
    for one in earlier:
        place = places[id(one)]
        likeness = gists.likeness(post.gist, one.gist)
        if likeness > best.get(place, (0.0, one))[0]:
            best[place] = likeness, one
    ranked = sorted(best.values(), key=lambda one: -one[0])
    if not ranked:
        return None
    likeness, found = ranked[0]
    shared = gists.words(post.gist) & gists.words(found.gist)
    if likeness < ALIKE or len(shared) < SHARED:
        return None
    is_sure = len(ranked) == 1 or likeness >= MARGIN * ranked[1][0]
    return found if is_sure else None
