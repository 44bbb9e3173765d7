"""Counting what was posted of queries, stretch by stretch, the newest first, while there is time.

Posts count by when they were published, forwards and copies each, as a search finds them.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from handlers.conversation.services import Services
from handlers.render.answers.trends import Line, Mark, Trend
from handlers.render.text.bars import midnights
from handlers.render.text.dates import Here
from handlers.render.text.headings import NAME_UNITS, address, channel_name
from handlers.render.text.messages import shorten
from handlers.render.text.names import contained
from handlers.stories.heads import choose_head
from handlers.texts.words import Words
from storage.channels import channels
from storage.connection import Connection
from storage.document import Document
from storage.documents import counted, reach, search
from storage.documents.documents import list_documents, list_newest
from storage.query.reading.syntax import Query
from storage.stories.largest import LargeStory, list_largest
from storage.structs import replace

SECONDS = 0.9
"""The time limit for counting, since somebody waits for it."""
DAILY = 92
"""Of more days than these, weeks are counted: days would not be seen on a phone."""
WEEK = 7
EMPTY = 8
"""After this many more steps without a post it checks whether there are any earlier ones."""
PARTS = 5
"""The number of channels that are shown separately."""
MARKS = 3
LOOKED_AT = 6
"""The number of steps, those with most posts, that are searched for stories."""
LEAST_POSTS, LEAST_CHANNELS = 3, 2
"""What a story has at least that marks a stretch."""

Counts = list[Counter[int | None]]


class Stretches(Struct, frozen=True):
    """When each stretch began and the last one ends, oldest first; each is of ``step`` days."""

    edges: tuple[datetime, ...]
    ago: tuple[int, ...]
    step: int


def stretches(here: Here, days: int) -> Stretches:
    """The days up to today in the reader's zone, or the weeks with that many days."""
    step = 1 if days <= DAILY else WEEK
    days = -(-days // step) * step
    starts = midnights(here, days)
    tomorrow = starts[-1] + timedelta(days=1)
    ago = tuple(range(days - 1, -1, -step))
    return Stretches((*starts[::step], tomorrow), ago, step)


async def read_trend(
    queries: Sequence[Query], days: int, services: Services, here: Here, words: Words
) -> Trend:
    """What was posted of the queries; of a single one also by which channels, and which stories."""
    over = stretches(here, days)
    counts: list[Counts] = [[] for _ in queries]
    first = over.edges[0]
    parts: tuple[Line, ...] = ()
    marks: tuple[Mark, ...] = ()
    others, others_count, is_cut = None, 0, False
    try:
        seconds = min(SECONDS, services.search_seconds)
        async with asyncio.timeout(seconds), services.database.reader("search") as conn:
            reached = await reach.find_reach(conn)
            first = reached.farthest if reached is not None else first
            await _count(conn, queries, over, counts)
    except TimeoutError:
        is_cut = True
    totals = [_totals(found, over, first) for found in counts]
    if len(queries) == 1:
        async with services.database.reader() as conn:
            parts, others, others_count = await _parts(conn, counts[0], over, words)
        marks = await _marks(queries[0], over, counts[0], services)
    return Trend(
        queries=tuple(query.written for query in queries),
        step=over.step,
        ago=over.ago,
        totals=tuple(
            Line(names=(query.written,), counts=found)
            for query, found in zip(queries, totals, strict=True)
        ),
        parts=parts,
        others=others,
        other_channels=others_count,
        marks=marks,
        is_cut=is_cut,
    )


async def _count(
    conn: Connection, queries: Sequence[Query], over: Stretches, counts: Sequence[Counts]
) -> None:
    """Count into ``counts``, the newest stretch first; all queries of one before the next. Where
    several in a row have none it is asked once whether there is anything before them."""
    empty = 0
    for place in reversed(range(len(over.ago))):
        found = [await _count_one(conn, query, over, place) for query in queries]
        for column, one in zip(counts, found, strict=True):
            column.append(one)
        empty = 0 if any(found) else empty + 1
        if empty % EMPTY == 1 and await _is_empty(conn, queries, over, place):
            for column in counts:
                column += [Counter[int | None]() for _ in range(place)]
            return


async def _is_empty(
    conn: Connection, queries: Sequence[Query], over: Stretches, place: int
) -> bool:
    """Whether nothing was posted of any query in the stretches before that one."""
    for query in queries:
        after = max(over.edges[0], query.after or over.edges[0])
        until = min(over.edges[place], query.before or over.edges[place])
        before = replace(query, after=after, before=until)
        if after < until and await search.count(conn, before, up_to=1):
            return False
    return True


async def _count_one(
    conn: Connection, query: Query, over: Stretches, place: int
) -> Counter[int | None]:
    after, until = _span(query, over, place)
    if after >= until:
        return Counter()
    return await counted.count_by_channel(conn, query, after=after, until=until)


def _span(query: Query, over: Stretches, place: int) -> tuple[datetime, datetime]:
    """A stretch, as far as the query's own dates reach."""
    after, until = over.edges[place], over.edges[place + 1]
    return max(after, query.after or after), min(until, query.before or until)


def _totals(found: Counts, over: Stretches, first: datetime) -> tuple[int | None, ...]:
    """The numbers oldest first; None where nothing was counted, or nobody read what was posted."""
    known = [sum(one.values()) for one in reversed(found)]
    unknown: list[int | None] = [None] * (len(over.ago) - len(known))
    counts: list[int | None] = [*unknown, *known]
    for place, count in enumerate(counts):
        if count or over.edges[place + 1] > first:
            break
        counts[place] = None
    return tuple(counts)


async def _parts(
    conn: Connection, found: Counts, over: Stretches, words: Words
) -> tuple[tuple[Line, ...], Line | None, int]:
    """The channels with most posts, the rest of them as one, and how many these are."""
    total: Counter[int | None] = Counter()
    for one in found:
        total.update(one)
    ranked = sorted(total, key=lambda channel: (-total[channel], channel or 0))
    # One more is no crowd.
    taken = ranked if len(ranked) <= PARTS + 1 else ranked[:PARTS]
    names = await _names(conn, taken, words)
    unknown: tuple[None, ...] = (None,) * (len(over.ago) - len(found))
    lines = tuple(
        Line(names=names[one], counts=(*unknown, *(day[one] for day in reversed(found))))
        for one in taken
    )
    left = ranked[len(taken) :]
    if not left:
        return lines, None, 0
    rest = (sum(day[one] for one in left) for day in reversed(found))
    return lines, Line(names=("",), counts=(*unknown, *rest)), len(left)


async def _names(
    conn: Connection, ids: Sequence[int | None], words: Words
) -> Mapping[int | None, tuple[str, ...]]:
    """What channels are called: their titles, then their user names or numbers."""
    known = {one.channel_id: one for one in await channels.list_channels(conn, watched=None)}
    names: dict[int | None, tuple[str, ...]] = {None: (words.no_name,)}
    for id in ids:
        if id is None:
            continue
        channel = known.get(id)
        title = shorten(contained(channel.title or ""), NAME_UNITS) if channel else ""
        handle = f"@{channel.username}" if channel and channel.username else str(id)
        if not title:
            newest = await list_newest(conn, id, limit=1)
            title = channel_name(newest[0], words) if newest else handle
        names[id] = (title, handle)
    return names


async def _marks(
    query: Query, over: Stretches, found: Counts, services: Services
) -> tuple[Mark, ...]:
    """The largest stories of the stretches with most posts, in their order; each marks one."""
    sizes = [sum(one.values()) for one in reversed(found)]
    offset = len(over.ago) - len(sizes)
    ranked = sorted(range(len(sizes)), key=lambda place: (-sizes[place], -place))[:LOOKED_AT]
    told: list[tuple[int, LargeStory]] = []
    try:
        async with asyncio.timeout(SECONDS / 2), services.database.reader() as conn:
            for place in ranked:
                if sizes[place] < LEAST_POSTS:
                    break
                after, until = _span(query, over, offset + place)
                ids = await counted.list_found(conn, query, after=after, until=until)
                told += [(offset + place, one) for one in (await list_largest(conn, ids))[:MARKS]]
            chosen = _chosen(told)
            leads = await list_documents(conn, [one.posts[0] for _, one in chosen])
    except TimeoutError:
        return ()
    return tuple(
        Mark(place=place, title=title, url=address(lead), posts=len(one.posts))
        for place, one in chosen
        if (lead := leads.get(one.posts[0])) is not None and (title := _title(lead))
    )


def _chosen(told: Sequence[tuple[int, LargeStory]]) -> list[tuple[int, LargeStory]]:
    """The largest stories, each where most is told of it, and of each stretch one."""
    chosen: dict[int, LargeStory] = {}
    for place, one in sorted(told, key=lambda at: (-len(at[1].posts), at[0])):
        is_large = len(one.posts) >= LEAST_POSTS and one.channels >= LEAST_CHANNELS
        is_new = place not in chosen and all(one.key != other.key for other in chosen.values())
        if is_large and is_new and len(chosen) < MARKS:
            chosen[place] = one
    return sorted(chosen.items())


def _title(lead: Document) -> str:
    """What the story says, in the words of its first post."""
    return choose_head("\n".join(lead.texts()), title=lead.title)
