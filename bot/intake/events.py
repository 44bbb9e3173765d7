"""Puts posts into events as they are stored: stories of the same happening in other words.

For this the posts of the days around, and the frequencies of terms, are cached in memory. The cache
is brought up to date with the database before posts are joined, and read anew after a transaction
that was rolled back; so a start, a crash, or another process that stores posts changes no result.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from handlers.stories import events as rules
from handlers.stories import gist, standing, threads
from handlers.stories.events import DAY, HOUR, LONGEST
from handlers.stories.gist import Frequencies
from handlers.stories.standing import Line
from handlers.stories.threads import PostTerms, Threads
from storage import row_ids
from storage.connection import Connection, Query
from storage.stories import events
from storage.stories.events import EventPost, Tied, Unthreaded
from storage.stories.slices import in_slices
from storage.structs import replace

LEARN_EVERY = 25
"""New posts of a channel after which its standing lines (signatures, adverts) are learned anew."""
KEEP_EVERY = 500
"""New posts after which the frequencies are written to the database."""
MOST_POSTS = 5_000
"""The most posts kept in memory of days that are not needed at the moment."""
REPEATED_AFTER = 6 * HOUR
"""Seconds after which the same words in the same channel are a new event (the next alarm, say)."""
LOOKED_AT = 50
"""The most posts of others that are read before it is known whether any post is new: of what only
edits posts, nothing is put into events, and an import beside may put thousands there a second."""
_SLICE = 20
_UNKNOWN: tuple[int, frozenset[Line]] = (0, frozenset())


class Events:
    """Puts posts into events, in the transaction that stores them."""

    def __init__(self) -> None:
        self._threads = Threads()
        self._last: EventPost | None = None
        self._next = 1
        self._merged = 0
        self._is_true = False
        self._days: dict[int, int] = {}
        self._asked_last = range(0)
        self._lines: dict[int, tuple[int, frozenset[Line]]] = {}
        self._learned: dict[int, tuple[int, frozenset[Line]]] = {}

    def expected(self) -> list[Query]:
        """What ``look`` asks."""
        if not self._is_true or self._last is None:
            return []
        return [events.since_query(self._last.id, most=LOOKED_AT)]

    async def look(self, tx: Connection) -> Sequence[EventPost] | None:
        """The first posts that others have put into events since, from the last one on that this
        put there; None if that is not known any more. For ``join``, before anything is written."""
        if not self._is_true or self._last is None:
            return None
        return await events.list_first(tx, self._last.id, most=LOOKED_AT)

    async def join(
        self,
        tx: Connection,
        posts: Sequence[Unthreaded],
        known: Mapping[str, PostTerms] | None = None,
        *,
        since: Sequence[EventPost] | None = None,
    ) -> None:
        """Put posts that were just stored into events, in their order. ``known``: readings of texts
        that were computed beforehand, by text; ``since``: what ``look`` gave in this transaction.
        """
        if not posts:
            return
        await self._keep_up(tx, await self.look(tx) if since is None else since)
        # Until this is done, and the transaction with it, memory holds what may never be.
        self._is_true = False
        await self._learn(tx, Counter([post.channel_id for post in posts]))
        readings = [await self._read(number, post, known) for number, post in enumerate(posts)]
        for reading in readings:
            if not reading.is_roundup:
                self._threads.count(reading.terms.times, russian=reading.terms.russian)
        ties = _Ties(await self._list_tied(tx, posts))
        pairs = zip(posts, readings, strict=True)
        joined = [await self._join(tx, post, reading, ties) for post, reading in pairs]
        await events.add_posts(tx, joined)
        for gone, kept in ties.merged:
            await events.merge(tx, gone, into=kept)
        self._merged += len(ties.merged)
        self._last = joined[-1]
        if joined[0].id // KEEP_EVERY != self._next // KEEP_EVERY:
            await self._keep_frequencies(tx)
        self._is_true = True

    async def _read(
        self, number: int, post: Unthreaded, known: Mapping[str, PostTerms] | None = None
    ) -> PostTerms:
        if number % _SLICE == _SLICE - 1:
            await asyncio.sleep(0)  # others get their turn
        return threads.read_post(post.text, self._lines_of(post.channel_id), known)

    async def _learn(self, tx: Connection, posts: Mapping[int | None, int]) -> None:
        """Learn the standing lines of the channels where that is due within the next posts
        (``posts``: how many each channel has), by their newest posts."""
        self._learned.clear()  # what others have stored since tells of it too
        due = [
            channel_id
            for channel_id, count in posts.items()
            if channel_id is not None and self._lines.get(channel_id, _UNKNOWN)[0] < count
        ]
        async for few in in_slices(due, _SLICE):
            texts = await events.list_texts(tx, few, limit=standing.REMEMBERED)
            for channel_id in few:
                said = texts[channel_id]
                # A channel with few posts shows its footer by each of the next ones.
                again = min(LEARN_EVERY, max(1, len(said) // 2))
                self._learned[channel_id] = (again, threads.learn(said))

    def _lines_of(self, channel_id: int | None) -> frozenset[Line]:
        """The standing lines of a channel for its next post."""
        if channel_id is None:
            return frozenset()
        left, lines = self._lines.get(channel_id, _UNKNOWN)
        if not left:
            left, lines = self._learned[channel_id]
        self._lines[channel_id] = (left - 1, lines)
        return lines

    async def _list_tied(self, tx: Connection, posts: Sequence[Unthreaded]) -> list[Tied]:
        stories = sorted({post.story for post in posts if post.is_copy})
        ids = [post.document_id for post in posts]
        reach = LONGEST << row_ids.BITS
        return await events.list_tied(tx, stories, near=(min(ids) - reach, max(ids) + reach))

    async def _join(
        self, tx: Connection, post: Unthreaded, reading: PostTerms, ties: "_Ties"
    ) -> EventPost:
        id, at, russian = self._next, _time(post.document_id), reading.terms.russian
        self._next += 1
        made = EventPost(id=id, document_id=post.document_id, event=None, russian=russian)
        if reading.is_roundup:
            return made
        told = ties.find(post)
        if at is None:
            return replace(made, event=told or id)
        await self._load(tx, rules.days_around(at))
        if id % _SLICE == 0:
            await asyncio.sleep(0)
        about = self._threads.weigh(reading)
        joined = self._threads.join(
            id, at, about, terms=reading.terms, told=told, barred=ties.list_repeated(post)
        )
        self._days[at // DAY] += 1
        ties.note(post, joined.event, joined.merged)
        return replace(made, event=joined.event, terms=gist.pack(about))

    async def _keep_up(self, tx: Connection, since: Sequence[EventPost] | None) -> None:
        """Bring the cache up to date with the database; ``since``: what ``look`` gave."""
        last = self._last
        told = (last.document_id, last.terms) if last is not None else None
        if since and (since[0].document_id, since[0].terms) == told:
            if len(since) == LOOKED_AT:
                since = await events.list_since(tx, since[0].id)
            if len(since) > 1:
                await self._take(tx, since[1:])
        else:
            await self._begin(tx)

    async def _take(self, tx: Connection, rows: Sequence[EventPost]) -> None:
        """Add to the cache what another process has stored."""
        for number, gone, kept in await events.list_merges(tx, after=self._merged):
            self._threads.window.merge(gone, kept)
            self._merged = number
        self._count(rows)
        self._add(rows)
        self._last = rows[-1]
        self._next = rows[-1].id + 1

    async def _begin(self, tx: Connection) -> None:
        """Read the cache anew; the posts of a day are read once that day is needed."""
        self._threads, self._days, self._asked_last = Threads(), {}, range(0)
        counted_to, found = await events.find_frequencies(tx)
        for russian, (posts, counts) in found.items():
            self._threads.frequencies[russian] = Frequencies.unpack(posts, counts)
        rows = await events.list_since(tx, counted_to)
        self._count(row for row in rows if row.id > counted_to)
        self._last = rows[-1] if rows else None
        self._next = await events.find_next(tx)
        merges = await events.list_merges(tx, after=0)
        self._merged = merges[-1][0] if merges else 0

    def _count(self, rows: Iterable[EventPost]) -> None:
        for row in rows:
            if row.terms is not None:
                self._threads.count(gist.unpack(row.terms), russian=row.russian)

    def _add(self, rows: Iterable[EventPost]) -> None:
        """Add posts to the window if their day or their event is loaded."""
        window = self._threads.window
        for row in rows:
            at = _time(row.document_id)
            if row.event is None or row.terms is None or at is None:
                continue
            is_near = at // DAY in self._days
            if is_near:
                self._days[at // DAY] += 1
            if is_near or row.event in window.events:
                window.add(row.id, at, gist.unpack(row.terms), row.event, is_near=is_near)

    async def _load(self, tx: Connection, days: range) -> None:
        """Load these days (numbers since 1970) into the window, and drop others if there are many
        posts."""
        if days == self._asked_last:
            return
        self._asked_last = days
        missing = [day for day in days if day not in self._days]
        for day in days:
            self._days[day] = self._days.pop(day, 0)  # the last ones asked for stand last
        if not missing:
            return
        self._let_go(days)
        span = (_begins(missing[0]), _begins(missing[-1] + 1))
        rows = [row for row in await events.list_published(tx, *span) if _day(row) in missing]
        self._add(rows)
        found = {row.event for row in rows if row.event in self._threads.window.events}
        self._complete(await events.list_others(tx, found, *span))

    def _complete(self, rows: Iterable[EventPost]) -> None:
        """Add to the loaded events their posts of other days."""
        for row in rows:
            at = _time(row.document_id)
            event = self._threads.window.events.get(row.event or 0)
            if event is None or at is None or row.terms is None or row.id in event.posts:
                continue
            self._threads.window.add(row.id, at, gist.unpack(row.terms), event.id, is_near=False)

    def _let_go(self, needed: range) -> None:
        others = [day for day in self._days if day not in needed]
        gone = []
        while others and sum(self._days[day] for day in others) > MOST_POSTS:
            gone.append(others.pop(0))
            del self._days[gone[-1]]
        if gone:
            self._threads.window.drop(gone)

    async def _keep_frequencies(self, tx: Connection) -> None:
        found = {}
        for russian, frequencies in self._threads.frequencies.items():
            frequencies.settle()
            found[russian] = (frequencies.posts, frequencies.pack())
        await events.set_frequencies(tx, found, counted_to=self._next - 1)


class _Ties:
    """The events of the stories of a batch, and the merges of events that the batch causes."""

    def __init__(self, tied: Iterable[Tied]) -> None:
        self.merged: list[tuple[int, int]] = []
        self._tied: defaultdict[str, list[Tied]] = defaultdict(list)
        self._names: dict[int, int] = {}
        for one in tied:
            self._tied[one.story].append(one)

    def find(self, post: Unthreaded) -> int | None:
        """The event of the copy of this post that was published nearest to it in time."""
        copies = [one for one in self._tied[post.story] if not _is_repeated(one, post)]
        nearest = min(copies, default=None, key=lambda one: abs(one.document_id - post.document_id))
        return None if nearest is None else self._names.get(nearest.event, nearest.event)

    def list_repeated(self, post: Unthreaded) -> frozenset[int]:
        """The events that a post must not join: its channel said the same long before (or
        after)."""
        found = (one.event for one in self._tied[post.story] if _is_repeated(one, post))
        return frozenset(self._names.get(event, event) for event in found)

    def note(self, post: Unthreaded, event: int, merged: Iterable[int]) -> None:
        """Record that a post went into an event, and which events were merged into that."""
        for gone in merged:
            self.merged.append((gone, event))
            self._names = {name: event if to == gone else to for name, to in self._names.items()}
            self._names[gone] = event
        self._tied[post.story].append(
            Tied(
                story=post.story,
                document_id=post.document_id,
                channel_id=post.channel_id,
                event=event,
            )
        )


def _is_repeated(one: Tied, post: Unthreaded) -> bool:
    apart = abs(one.document_id - post.document_id) >> row_ids.BITS
    return one.channel_id == post.channel_id and apart > REPEATED_AFTER


def _time(document_id: int) -> int | None:
    """When a post was published, in seconds since 1970, by its document's row id; None if
    unknown."""
    published = row_ids.time_of(document_id)
    return None if published is None else int(published.timestamp())


def _day(row: EventPost) -> int:
    return (_time(row.document_id) or 0) // DAY


def _begins(day: int) -> datetime:
    return datetime.fromtimestamp(day * DAY, UTC)
