"""How many posts matched a query on each of the last days: for the bars of a card."""

import asyncio
from collections.abc import Sequence, Set
from datetime import datetime, timedelta

from handlers.conversation.services import Services
from handlers.render.text.bars import SPANS, Matches, midnights
from handlers.render.text.dates import Here
from storage.connection import Connection
from storage.documents import reach, search
from storage.errors import QueryError
from storage.outbox import traces
from storage.query import tree
from storage.query.reading import syntax
from storage.query.reading.syntax import Query
from storage.query.tree import Node, Not
from storage.records import Alert
from storage.structs import replace

SECONDS = 0.6
"""The time limit for counting: somebody who opened a card waits for it."""
MOST = 1_000
"""A day's posts are counted up to this number."""
MOST_MISSED = 200
"""Posts that came while an alert was removed are counted up to this number."""
LATE = timedelta(days=1)
"""Posts stored up to this long after they were published are counted."""


async def read_matches(query: Query | None, services: Services, here: Here) -> Matches:
    """How many stored posts a query (None: all) finds on each day, forwards and copies included;
    newest days first, as many as the time limit allows."""
    edges = midnights(here, SPANS[-1])
    counts: list[int | None] = []
    is_cut = False
    try:
        seconds = min(SECONDS, services.search_seconds)
        async with asyncio.timeout(seconds), services.database.reader() as conn:
            reached = await reach.find_reach(conn)
            first = reached.farthest if reached is not None else here.now
            await _count(conn, query or Query("", None), edges, first, counts)
    except TimeoutError:
        is_cut = True
    unknown: list[int | None] = [None] * (SPANS[-1] - len(counts))
    return Matches((*unknown, *reversed(counts)), MOST, is_cut and bool(counts))


async def _count(
    conn: Connection,
    query: Query,
    edges: Sequence[datetime],
    first: datetime,
    counts: list[int | None],
) -> None:
    """Count day by day into ``counts``, newest first; before ``first`` the archive may be
    incomplete."""
    until = None
    for since in reversed(edges):
        after = since if query.after is None else max(since, query.after)
        is_empty = until is not None and after >= until
        day = replace(query, after=after, before=until)
        found = 0 if is_empty else await search.count(conn, day, up_to=MOST)
        is_read = found or until is None or until > first
        counts.append(found if is_read else None)
        until = since


async def count_stored(
    alert: Alert,
    services: Services,
    *,
    muted: Sequence[str],
    since: datetime,
    until: datetime,
) -> int | None:
    """How many posts that an alert finds were stored between two times and not sent to its chat,
    counted up to ``MOST_MISSED`` + 1; None if that takes too long."""
    query = read_query(alert, muted)
    if query is None:
        return 0
    recent = replace(query, after=max(filter(None, (query.after, since - LATE))))
    try:
        seconds = min(SECONDS, services.search_seconds)
        async with asyncio.timeout(seconds), services.database.reader() as conn:
            told = await traces.list_told(conn, alert.chat_id, after=since)
            return await _count_stored(conn, recent, told, since, until)
    except TimeoutError:
        return None


async def _count_stored(
    conn: Connection, query: Query, told: Set[str], since: datetime, until: datetime
) -> int:
    stored: set[str] = set()
    cursor = None
    while len(stored) <= MOST_MISSED:
        page = await search.search(conn, query, limit=MOST_MISSED, cursor=cursor)
        names = [hit.document.doc_id for hit in page.hits]
        stored |= await traces.list_stored(conn, names, after=since, until=until) - told
        cursor = page.following
        if cursor is None:
            break
    return min(len(stored), MOST_MISSED + 1)


def read_query(alert: Alert, muted: Sequence[str] = ()) -> Query | None:
    """The query of an alert without the channels that it leaves out (``muted``, as
    ``mutes.name_of`` names them); None for a query that this version cannot parse."""
    try:
        query = syntax.parse(alert.query)
        refused: list[Node] = [
            Not(root)
            for name in muted
            if (root := syntax.parse(f"channel:{name.removeprefix('@')}").root) is not None
        ]
    except QueryError:
        return None
    if not refused or query.root is None:
        return query
    return replace(query, root=tree.both([query.root, *refused]))
