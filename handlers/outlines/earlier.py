"""Finds the posts of a channel that a correction may be about, by what the correction names.
Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence, Set
from datetime import timedelta

from handlers.outlines.posted import Posted
from storage.document import Document

NEAR = timedelta(hours=12)
"""Without common words, a time that a correction names refers to at most this long before it."""
PAIRS = 50_000
FEWEST = 50
"""Limits the work for a channel that corrects itself all day: its corrections are compared with its
posts this many times in all, but each at least with this many, the last before it."""


class Earlier:
    """The posts of a channel that are not corrections, by time, number and links; ``corrections``:
    the number of its corrections."""

    def __init__(self, posts: Iterable[Posted], corrections: int) -> None:
        timed = [(at, post) for post in posts if (at := post.at) is not None]
        timed.sort(key=lambda one: one[0])
        self._posts = [post for _, post in timed]
        self._times = [at for at, _ in timed]
        self._most = max(FEWEST, PAIRS // max(1, corrections))
        self._numbers: dict[int, list[int]] = {}
        self._links: dict[str, list[int]] = {}
        self._minutes: dict[int, list[int]] = {}
        for place, (at, post) in enumerate(timed):
            self._minutes.setdefault(at.minute, []).append(place)
            for number in _numbers(post.document):
                self._numbers.setdefault(number, []).append(place)
            for link in _links_of(post.document):
                self._links.setdefault(link, []).append(place)

    def count_until(self, post: Posted) -> int:
        """How many posts are not later than a post whose time is known."""
        return 0 if (at := post.at) is None else bisect_right(self._times, at)

    def last(self, until: int) -> Sequence[Posted]:
        """The last of the first ``until`` posts, in order, as many as may be compared."""
        return self._posts[max(0, until - self._most) : until]

    def find_named(self, document: Document, until: int) -> Posted | None:
        """The last of the first ``until`` posts that a document replies or links to."""
        found = [self._links.get(address, ()) for address in _addresses(document)]
        reply = document.reply_to
        own = document.channel.id if document.channel is not None else None
        if reply is not None and reply.message_id and reply.channel_id in (None, own):
            found.append(self._numbers.get(reply.message_id, ()))
        place = max((_before(places, until) for places in found), default=-1)
        return None if place < 0 else self._posts[place]

    def of_minute(self, minute: int, until: int, post: Posted) -> Sequence[Posted]:
        """Those of the first ``until`` posts that were published in this minute of an hour, shortly
        before ``post``."""
        places = self._minutes.get(minute, ())
        end = bisect_right(places, until - 1)
        found = [self._posts[place] for place in places[max(0, end - self._most) : end]]
        return [one for one in found if one.at and post.at and post.at - one.at <= NEAR]


def _before(places: Sequence[int], until: int) -> int:
    """The largest of these indexes below ``until``; -1 if there is none."""
    end = bisect_right(places, until - 1)
    return places[end - 1] if end else -1


def _numbers(document: Document) -> Set[int]:
    return {*document.album_ids, *([] if document.message_id is None else [document.message_id])}


def _links_of(document: Document) -> Set[str]:
    """The addresses by which a post is linked."""
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
