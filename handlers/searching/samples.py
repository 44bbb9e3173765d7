"""What an alert would have sent in the last days: the count, and the latest posts."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import timedelta
from typing import cast

from handlers.conversation.services import Services
from handlers.queries import narrowing
from handlers.render.alerts.past_hits import DAYS, PastHits, Sample
from handlers.render.text.dates import Here
from handlers.searching.reading import reach_line
from handlers.texts.words import Words
from storage.connection import Connection
from storage.document import Document
from storage.documents import reach, search
from storage.query.reading.syntax import Query
from storage.stories import folds
from storage.structs import replace

COUNTED = 1_000
MANY = 20
"""From this many posts on the query may be common: it is if it finds one post in ``COMMON`` or
more."""
COMMON = 4
LATEST = 3
SECONDS = 3.0
SAMPLE = 50
"""How many of the newest posts found are read for suggestions to narrow the query."""


async def read_past_hits(query: Query, services: Services, here: Here, words: Words) -> PastHits:
    """What a query would have sent. Raises TimeoutError after ``SECONDS``, or after
    ``search_seconds`` if less: somebody who set an alert waits for the answer."""
    seconds = min(SECONDS, services.search_seconds)
    since = here.now - timedelta(days=DAYS)
    after = since if query.after is None else max(since, query.after)
    week = replace(query, after=after)
    async with asyncio.timeout(seconds), services.database.reader() as conn:
        found = await _list_newest(conn, week, COUNTED + 1)
        stories = await folds.list_stories(conn, [document.doc_id for document in found])
        reached = await reach.find_reach(conn)
        is_common = await _is_common(conn, len(found), replace(week, text="", root=None))
    latest: dict[str, Document] = {}
    for document in found:
        latest.setdefault(stories.get(document.doc_id, document.doc_id), document)
    return PastHits(
        fired=len(latest),
        capped=len(found) > COUNTED,
        latest=tuple(latest.values())[:LATEST],
        reach=reach_line(reached, here, words) if reached is not None else None,
        is_common=is_common,
    )


async def _is_common(conn: Connection, found: int, everything: Query) -> bool:
    """Whether ``found`` posts are a large share of all posts."""
    if found < MANY:
        return False
    most = COMMON * found
    return await search.count(conn, everything, up_to=most + 1) <= most


async def read_sample(query: Query, services: Services) -> Sample:
    """Suggestions to narrow a query. Raises TimeoutError after ``search_seconds``."""
    async with asyncio.timeout(services.search_seconds), services.database.reader() as conn:
        found = await _list_newest(conn, query, SAMPLE)
    languages = dict.fromkeys(document.lang for document in found if document.lang)
    return Sample(
        channels=tuple(narrowing.list_channels(found, SAMPLE)),
        languages=tuple(languages),
        forwards=any(document.forwarded_from for document in found),
    )


async def _list_newest(conn: Connection, query: Query, most: int) -> list[Document]:
    found: list[Document] = []
    stream = cast("AsyncGenerator[Document, None]", search.iterate(conn, query))
    async with aclosing(stream) as documents:
        async for document in documents:
            found.append(document)
            if len(found) >= most:
                break
    return found
