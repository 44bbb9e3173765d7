"""Telling of surges: more was posted of a query than usually is at that hour.

Posts count when they were published, so what an outage held up is no surge. Channels that are
watched for less than two weeks do not count, and of others what was before they were watched
neither: a channel of three weeks counts for the fourth too.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

import structlog

from handlers.render.answers import surges as shown
from handlers.render.text.dates import Here
from handlers.render.text.messages import Message
from handlers.rhythms import counts
from handlers.rhythms.counts import Seen, Weeks
from handlers.signals.recipients import Recipients
from handlers.texts.words import Words
from storage.channels import channels
from storage.connection import Connection, Database
from storage.documents import counted
from storage.documents.counted import Counted
from storage.documents.documents import list_documents
from storage.errors import QueryError
from storage.query.reading import syntax
from storage.query.tree import Query
from storage.subscribers import surges
from storage.subscribers.surges import Surge

ONCE_IN = timedelta(hours=6)
WATCHED_FOR = timedelta(days=14)
WEEKS = timedelta(days=counts.DAYS)
HOUR = timedelta(hours=1)
MOST = 300
"""The queries that are looked at each time; the others come first the next time."""

log = structlog.get_logger("signals")


@dataclass(slots=True)
class Surges:
    """Looks at the queries whose surges somebody wants to be told of."""

    database: Database
    recipients: Recipients
    clock: Callable[[], datetime]
    _weeks: dict[str, tuple[int, Weeks]] = field(default_factory=dict)
    _read: tuple[int, list[int]] = (-1, [])
    _last: str = ""

    async def run(self) -> None:
        """Tell what is to be told by now. Raises StorageError."""
        now = self.clock()
        async with self.database.reader() as conn:
            asked = await surges.list_asked(conn, told_before=now - ONCE_IN)
            known = await channels.list_channels(conn)
        since = {
            one.channel_id: one.added_at
            for one in known
            if one.channel_id is not None and now - one.added_at >= WATCHED_FOR
        }
        by_query: defaultdict[str, list[Surge]] = defaultdict(list)
        for one in asked:
            by_query[one.query].append(one)
        for written in self._turn(sorted(by_query)):
            await self._look(written, by_query[written], since, now)

    def _turn(self, queries: Sequence[str]) -> Sequence[str]:
        """Those that are looked at this time."""
        if len(queries) <= MOST:
            return queries
        after = [one for one in queries if one > self._last]
        taken = (after + [one for one in queries if one <= self._last])[:MOST]
        self._last = taken[-1]
        return taken

    async def _look(
        self, written: str, wanted: Sequence[Surge], since: dict[int, datetime], now: datetime
    ) -> None:
        try:
            query = syntax.parse(written)
        except QueryError:
            return  # Only an older version read it.
        async with self.database.reader() as conn:
            found = await counted.list_counted(conn, query, after=now - HOUR, until=now + HOUR)
            seen = [
                Seen(int(one.at.timestamp()), one.channel_id, one.id)
                for one in found
                if one.channel_id in since
            ]
            if not _is_enough(seen):
                return
            weeks = await self._find_weeks(conn, written, query, since, now)
            surge = counts.find_surge(seen, weeks, now=int(now.timestamp()))
            if surge is None:
                return
            ids = sorted((post.id for post in surge.posts), reverse=True)
            documents = await list_documents(conn, ids)
        posts = [documents[id] for id in ids if id in documents]
        named = "\0".join([written, *sorted(post.doc_id for post in posts)])
        event = f"surge:{sha256(named.encode()).hexdigest()[:32]}"
        told = 0
        async with self.database.transaction() as tx:
            for asked in wanted:
                one = await surges.find_present(tx, asked)
                if one is None or _is_told(one, surge.posts):
                    continue  # It was removed, or written anew, since the run began, or is told.

                def say(here: Here, words: Words, one: Surge = one) -> Message:
                    return shown.surge_told(one, posts, surge.seconds, surge.usual, here, words)

                if await self.recipients.tell(
                    tx, one.chat_id, event, say, now=now, topic=one.topic
                ):
                    ids = [post.id for post in surge.posts]
                    await surges.note_told(tx, one, ids, now=now)
                    told += 1
        log.info("a surge", posts=len(posts), told=told)

    async def _find_weeks(
        self,
        conn: Connection,
        written: str,
        query: Query,
        since: dict[int, datetime],
        now: datetime,
    ) -> Weeks:
        """What the four weeks before this hour say: read once an hour."""
        hour = int(now.timestamp()) // counts.HOUR
        known = self._weeks.get(written)
        if known is not None and known[0] == hour:
            return known[1]
        if self._read[0] != hour:
            self._weeks = {}
            self._read = (hour, await counted.list_read_hours(conn, since=now - WEEKS))
        begin = now - WEEKS - HOUR
        found = await counted.list_counted(conn, query, after=begin, until=now)
        total, weight = _by_third(found, since, self._read[1])
        weeks = Weeks(total, self._read[1], until=hour, weight=weight)
        self._weeks[written] = (hour, weeks)
        return weeks


def _is_told(one: Surge, posts: Sequence[Seen]) -> bool:
    """Whether a chat was told of this surge before its query was written anew, or removed and
    asked for again: what it was not told of is none."""
    told = one.told_posts
    return bool(told) and not _is_enough([post for post in posts if post.id not in told])


def _is_enough(seen: Sequence[Seen]) -> bool:
    """Whether there may be a surge: most often there is none, and no more need be read."""
    return (
        len(seen) >= counts.LEAST_POSTS
        and len({one.channel for one in seen}) >= counts.LEAST_CHANNELS
    )


def _by_third(
    found: Sequence[Counted], since: dict[int, datetime], read: Sequence[int]
) -> tuple[dict[int, float], float]:
    """How many posts each third of an hour since 1970 had, and what a post counts for: those of a
    channel that is watched for a part of the hours that were read count for all of them."""
    total: defaultdict[int, float] = defaultdict(float)
    weights = {
        channel: _weigh(int(watched.timestamp()) // counts.HOUR, read)
        for channel, watched in since.items()
    }
    squares = 0.0
    for one in found:
        weight = weights.get(one.channel_id)
        if weight is not None:
            total[int(one.at.timestamp()) // counts.THIRD] += weight
            squares += weight * weight
    return total, squares / (sum(total.values()) or 1.0) or 1.0


def _weigh(since: int, read: Sequence[int]) -> float:
    """All the hours that were read, as a multiple of those from one on; ``read`` in their order."""
    watched = len(read) - bisect_left(read, since)
    return len(read) / watched if watched else 1.0
