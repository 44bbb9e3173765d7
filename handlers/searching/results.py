"""Reads a page of results within the time limit; copies of a post are folded into one row."""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import datetime
from itertools import count

from msgspec import Struct, field

from handlers.conversation.services import Services
from handlers.queries.searches import Keys, SavedSearch
from storage.connection import Connection
from storage.documents import index as document_index
from storage.documents import search
from storage.query import said
from storage.query.reading.syntax import Query
from storage.records import Hit
from storage.stories import folds
from storage.structs import replace

ROUNDS = 40
"""How many times more posts are read while all that were found are copies of posts on the page."""


class Results(Struct, frozen=True, kw_only=True):
    """A page of results.

    ``also``: by row id, how many other channels have a hit's post; ``repeats``: how often its own
    channel repeats it; ``total``: the number of posts found, copies included, up to the requested
    limit; ``folded``: whether copies were left out of this page; ``since``: older posts are being
    indexed again and may be missing. For quotes ``total`` is None if there are more pages: how many
    of the posts quote the speaker is not known.
    """

    hits: tuple[Hit, ...]
    following: str | None
    keys: Keys
    total: int | None
    folded: bool = False
    since: datetime | None = None
    also: dict[int, int] = field(default_factory=dict)
    repeats: dict[int, int] = field(default_factory=dict)


async def read_results(
    saved: SavedSearch, query: Query, page: int, services: Services, *, limit: int, counted: int
) -> Results:
    """A page (from 0) of a search. Raises TimeoutError after the services' ``search_seconds``;
    leaving the reader then stops the statement."""
    async with asyncio.timeout(services.search_seconds), services.database.reader("search") as conn:
        return await _read(conn, saved, query, page, limit, counted)


async def _read(
    conn: Connection, saved: SavedSearch, query: Query, page: int, limit: int, counted: int
) -> Results:
    hits: list[Hit] = []
    also: dict[int, int] = {}
    repeats: dict[int, int] = {}
    seen, keys, read = set(saved.seen(page)), [], 0
    cursor = saved.cursor(page)
    rounds = count() if saved.quotes else range(ROUNDS)
    for _ in rounds:
        wanted = limit - len(hits)
        found = await search.search(conn, query, limit=wanted, sort=saved.sort, cursor=cursor)
        shown = _quoting(found.hits, query) if saved.quotes else found.hits
        known = await folds.list_folds(conn, shown)
        read += len(shown)
        for hit in shown:
            fold = known.get(hit.id, folds.HitCopies(frozenset(), 0))
            own = {_short(key) for key in fold.keys}
            if seen.isdisjoint(own):
                hits.append(hit)
                also[hit.id] = fold.channels
                repeats[hit.id] = fold.repeats
            keys += sorted(own - seen)
            seen |= own
        cursor = found.following
        if cursor is None or len(hits) >= limit:
            break
    whole = page == 0 and cursor is None
    total = read if whole else None
    if total is None and not saved.quotes:
        total = await search.count(conn, query, up_to=counted)
    return Results(
        hits=tuple(hits),
        following=cursor,
        keys=tuple(keys),
        total=total,
        folded=read > len(hits),
        since=await document_index.find_horizon(conn),
        also={id: channels for id, channels in also.items() if channels},
        repeats={id: posts for id, posts in repeats.items() if posts},
    )


def _quoting(hits: Sequence[Hit], query: Query) -> tuple[Hit, ...]:
    """The hits whose quotes match by themselves, with these as snippets."""
    found = [(hit, said.mark_quotes(hit.document, query)) for hit in hits]
    return tuple(replace(hit, snippet=quotes, attached=()) for hit, quotes in found if quotes.text)


def _short(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:10]
