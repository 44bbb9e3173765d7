"""Reading a page of results within the time limit, the copies of a post folded to one row."""

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
"""How often further posts are read while all of them are copies of what is on the page."""


class Results(Struct, frozen=True, kw_only=True):
    """A page: ``also`` counts the other channels of a hit, by its row id, and ``repeats`` how often
    its own has it again; ``total`` the posts that
    match, copies too, up to what was asked; ``folded``: a copy was left out of this page;
    ``since``: older posts are being indexed anew and may be missing. Of quotes, ``total`` is None
    where there are further pages: nobody knows how many of the posts have them."""

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
    """The 0-based page of a search. Raises TimeoutError after the services' ``search_seconds``:
    leaving the reader ends what it was asked."""
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
            fold = known.get(hit.id, folds.Fold(frozenset(), 0))
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
    """The hits in which the quotes themselves answer, with these in place of a snippet."""
    found = [(hit, said.mark_quotes(hit.document, query)) for hit in hits]
    return tuple(replace(hit, snippet=quotes, attached=()) for hit, quotes in found if quotes.text)


def _short(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:10]
