"""Finds posts in which a channel takes back or corrects its own posts, and the stories that they
are about. Pure.

A correction is linked only to a post of its own channel: by a reply or a link, by the time that it
names, or by common words. What somebody else denies is a moment of a story
(``handlers.outlines.courses``).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from handlers.outlines.earlier import Earlier
from handlers.outlines.posted import Posted, in_order
from handlers.stories import gist as gists
from handlers.stories.leads import retracting
from handlers.stories.officials import channel_key
from storage.document import Document

READ = 350
"""The number of characters of a text that are read."""
ALIKE = 0.15
"""The least likeness of a correction and its post if only words link them; with ``SHARED`` common
words, and ``MARGIN`` more than with any other story."""
SHARED = 2
MARGIN = 1.25
MOST = 2
"""The most corrections of unknown posts that are shown for one channel, and ``MOST_ALONE`` for
all."""
MOST_ALONE = 5

Group: TypeAlias = tuple[Sequence[Posted], int | str]


def is_retraction(post: Posted) -> bool:
    """Whether a post that was not deleted takes back or corrects one of its channel."""
    return post.document.deleted_at is None and retracting.takes_back(_beginning(post.document))


class Corrections:
    """The corrections among a period's posts; each post is read once."""

    def __init__(self, posts: Iterable[Posted]) -> None:
        self._ids = {id(post) for post in posts if is_retraction(post)}

    def has(self, post: Posted) -> bool:
        """Whether one of these posts is a correction."""
        return id(post) in self._ids

    def find(self, posts: Sequence[Posted]) -> list[Posted]:
        """The corrections among a story's posts; none if no other post would be left."""
        found = [post for post in posts if self.has(post)]
        return found if len(found) < len(posts) else []

    def gather(self, groups: Sequence[Group], *, whole: bool) -> list[Group]:
        """The stories with each correction, and its copies, moved to the story that it corrects;
        where that is unknown it stays. ``whole``: no post of the period was left out."""
        if not self._ids:
            return list(groups)
        everything = [(place, post) for place, (posts, _) in enumerate(groups) for post in posts]
        places = {id(post): place for place, post in everything}
        copies: dict[tuple[int, str], list[Posted]] = {}
        for place, post in everything:
            copies.setdefault((place, post.story), []).append(post)
        told = self._list_earlier([post for _, post in everything])
        moved: dict[int, int] = {}
        for mine, post in everything:
            if not self.has(post) or post.at is None or id(post) in moved:
                continue
            found = _corrected(post, told[channel_key(post.document)], places, whole=whole)
            if found is not None and (place := places[id(found)]) != mine:
                moved |= {
                    id(one): place for one in copies[mine, post.story] if id(one) not in moved
                }
        return list(_moved(groups, moved))

    def _list_earlier(self, posts: Sequence[Posted]) -> dict[str, Earlier]:
        """The other posts of channels with corrections."""
        counts = Counter(channel_key(post.document) for post in posts if self.has(post))
        told: dict[str, list[Posted]] = {channel: [] for channel in counts}
        for post in posts:
            if (channel := channel_key(post.document)) in told and not self.has(post):
                told[channel].append(post)
        return {channel: Earlier(found, counts[channel]) for channel, found in told.items()}

    def alone(self, groups: Sequence[Sequence[Posted]]) -> set[int]:
        """The indexes of stories that are corrections of unknown posts, as many as are shown above
        all others, the weightiest first."""
        found: set[int] = set()
        counts: dict[str, int] = {}
        for place, posts in enumerate(groups):
            channel = channel_key(posts[0].document)
            is_one = len(found) < MOST_ALONE and counts.get(channel, 0) < MOST
            if is_one and all(map(self.has, posts)):
                found.add(place)
                counts[channel] = counts.get(channel, 0) + 1
        return found


def _moved(groups: Sequence[Group], moved: dict[int, int]) -> Iterator[Group]:
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
    post: Posted, told: Earlier, places: dict[int, int], *, whole: bool
) -> Posted | None:
    """The earlier post of its channel that a correction corrects; None if that is unknown."""
    text = _beginning(post.document)
    until = told.count_until(post)
    if (named := told.find_named(post.document, until)) is not None:
        return named
    alike = _likest(post, told.last(until), places)
    if (minute := retracting.posted_at(text)) is not None:
        return _posted_at(told.of_minute(minute, until, post), minute, alike)
    if alike is None and whole and retracting.names_previous(text):
        return next(iter(told.last(until)[-1:]), None)
    return alike


def _posted_at(found: Sequence[Posted], minute: int, alike: Posted | None) -> Posted | None:
    """The post of a time that is named, in whatever time zone: the hour is unknown."""
    if alike is not None and alike.at is not None and alike.at.minute == minute:
        return alike
    return found[0] if len(found) == 1 else None if found else alike


def _likest(post: Posted, earlier: Sequence[Posted], places: dict[int, int]) -> Posted | None:
    """The post most like it; None if two stories are nearly as like, or none is."""
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
