"""How much a feed brings: what helps to decide whether it is worth its place in a reader."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from handlers.conversation.services import Services
from handlers.feeds.reading import find_collected, query_of
from handlers.render.text.dates import Here
from handlers.texts.feeding import feeding_words
from handlers.texts.words import Words
from storage.connection import Connection
from storage.documents import search
from storage.structs import replace
from storage.subscribers.feeds import Feed

SECONDS = 0.6
"""The time limit for counting, since the person who opened the list waits for it."""
DAYS = 7
MOST = 1_000
"""Posts are counted up to this number."""


async def count_posts(
    feeds: Sequence[Feed], services: Services, here: Here, words: Words
) -> list[str]:
    """How many posts each has by now, of a collection, or had of the last days, in words; nothing
    for those that there was no time to count."""
    told = [""] * len(feeds)
    try:
        seconds = min(SECONDS, services.search_seconds)
        async with asyncio.timeout(seconds), services.database.reader() as conn:
            for place, feed in enumerate(feeds):
                told[place] = await _count(conn, feed, here, words)
    except TimeoutError:
        pass
    return told


async def _count(conn: Connection, feed: Feed, here: Here, words: Words) -> str:
    said = feeding_words(words.language)
    if feed.kind == "collection":
        found = await find_collected(conn, feed)
        return said.gone if found is None else words.count(words.posts, found.posts)
    query = query_of(feed, here)
    if query is None:
        return said.gone
    after = here.now - timedelta(days=DAYS)
    recent = replace(query, after=after if query.after is None else max(after, query.after))
    found_posts = await search.count(conn, recent, up_to=MOST)
    posts = words.count(words.posts, found_posts)
    return said.in_days.format(
        posts=f"≥ {posts}" if found_posts >= MOST else posts, days=words.count(words.days, DAYS)
    )
