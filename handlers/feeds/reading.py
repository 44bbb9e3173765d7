"""What is served of a feed: read as the chat that made it reads, at the moment it is asked for."""

import asyncio
from datetime import datetime
from urllib.parse import quote

from msgspec import Struct

from handlers.conversation import command_context
from handlers.conversation.services import Services
from handlers.render.feeds import pages
from handlers.render.feeds.entries import Feed as ShownFeed
from handlers.render.feeds.entries import make_entry, urn_of
from handlers.render.text import names
from handlers.render.text.dates import Here, here_in
from handlers.texts.feeding import feeding_words
from handlers.texts.words import Words
from storage.channels import channels
from storage.connection import Connection
from storage.document import Document
from storage.documents import documents, redactions, search
from storage.errors import QueryError
from storage.query.reading import syntax
from storage.query.reading.syntax import Query
from storage.stories import stories
from storage.subscribers import collections, feeds, subscribers
from storage.subscribers.collections import Collection
from storage.subscribers.feeds import Feed

ENTRIES = 50
"""How many posts are in a feed, the newest."""
MEMBERS = 100
"""How many posts of a story its page lists, the first."""

_POST, _STORY = "post:", "story:"


class _Reader(Struct, frozen=True):
    """Whose eyes a feed is read with."""

    here: Here
    words: Words


class _Post(Struct, frozen=True):
    """A post of a feed, and what the chat noted about it."""

    document: Document
    changed_at: datetime
    note: str = ""


async def read_feed(
    secret: str, suffix: str, services: Services, *, now: datetime
) -> ShownFeed | None:
    """What the feed of a secret tells; None where there is none (any more). ``suffix``
    ends its address. Raises TimeoutError after the services' ``search_seconds``."""
    async with asyncio.timeout(services.search_seconds), services.database.reader() as conn:
        feed = await feeds.find_feed(conn, secret)
        reader = await _reader_of(feed, conn, services, now)
        if feed is None or reader is None:
            return None
        found = await _find_posts(conn, feed, reader.here)
        if found is None:
            return None
        name = await describe(conn, feed, reader.words)
    base = services.feeds_url
    entries = await asyncio.to_thread(
        lambda: tuple(
            make_entry(
                one.document,
                base + path_of(feed, _POST, one.document.doc_id),
                one.changed_at,
                reader.here,
                reader.words,
                note=one.note,
            )
            for one in found
            if not redactions.is_redacted(one.document)
        )
    )
    updated = max((entry.updated for entry in entries), default=feed.created_at)
    return ShownFeed(
        id=urn_of(f"feed:{feed.name}"),
        url=f"{base}/feeds/{secret}{suffix}",
        title=f"Dateline: {name}",
        language=reader.words.language,
        updated=updated,
        entries=entries,
    )


async def _find_posts(conn: Connection, feed: Feed, here: Here) -> list[_Post] | None:
    """The posts of a feed, newest first; None where what it is of is gone."""
    if feed.kind == "collection":
        return await _list_collected(conn, feed)
    query = query_of(feed, here)
    if query is None:
        return []
    hits = (await search.search(conn, query, limit=ENTRIES)).hits
    changed = await documents.list_changes(conn, [hit.id for hit in hits])
    return [_Post(hit.document, changed[hit.id]) for hit in hits if hit.id in changed]


async def find_collected(conn: Connection, feed: Feed) -> Collection | None:
    """The collection that a feed is of; None where that is gone."""
    found = await collections.find_collection(conn, int(feed.target), feed.chat_id)
    return None if found is None or found.removed_at is not None else found


async def _list_collected(conn: Connection, feed: Feed) -> list[_Post] | None:
    """What was put into a collection last, by the time when it was put there."""
    found = await find_collected(conn, feed)
    if found is None:
        return None
    first = max(0, found.posts - ENTRIES)
    saved = await collections.list_saved(conn, found.id, limit=ENTRIES, offset=first)
    posts = await documents.find_documents(conn, [one.doc_id for one in saved])
    return [
        _Post(posts[one.doc_id], one.saved_at, one.note)
        for one in reversed(saved)
        if one.doc_id in posts
    ]


async def read_post(
    name: str, key: str, doc_id: str, services: Services, *, now: datetime
) -> str | None:
    """The page of a post, in HTML; None where the address is none."""
    async with asyncio.timeout(services.search_seconds), services.database.reader() as conn:
        feed = await feeds.find_named(conn, name)
        reader = await _reader_of(feed, conn, services, now)
        if feed is None or reader is None or not feed.opens(_POST + doc_id, key):
            return None
        document = await documents.find_document(conn, doc_id)
        if document is None or redactions.is_redacted(document):
            return None
        story = await stories.find_story(conn, document.doc_id)
        others = len(await stories.list_members(conn, story)) - 1
    path = path_of(feed, _STORY, story)
    return await asyncio.to_thread(
        pages.post_page, document, reader.here, reader.words, path, others
    )


async def read_story(
    name: str, key: str, story: str, services: Services, *, now: datetime
) -> str | None:
    """The page of a story, in HTML; None where the address is none."""
    async with asyncio.timeout(services.search_seconds), services.database.reader() as conn:
        feed = await feeds.find_named(conn, name)
        reader = await _reader_of(feed, conn, services, now)
        if feed is None or reader is None or not feed.opens(_STORY + story, key):
            return None
        ids = await stories.list_members(conn, story)
        shown = ids[:MEMBERS]
        found = await documents.list_documents(conn, shown)
    there = [found[id] for id in shown if id in found]
    members = [
        pages.Member(document=document, path=path_of(feed, _POST, document.doc_id))
        for document in there
        if not redactions.is_redacted(document)
    ]
    if not members:
        return None
    more = len(ids) - len(shown)
    return await asyncio.to_thread(pages.story_page, members, reader.here, reader.words, more)


def path_of(feed: Feed, kind: str, name: str) -> str:
    """The path of the page of a post or a story."""
    room = "posts" if kind == _POST else "stories"
    key = feed.page_key(kind + name)
    return f"/{room}/{feed.name}/{key}/{quote(name, safe='', errors='replace')}"


def query_of(feed: Feed, here: Here) -> Query | None:
    """What a feed asks for, now; None for what only an older version read."""
    if feed.kind == "channel":
        return syntax.parse(f"channel:-100{feed.target}")
    try:
        return syntax.parse(feed.target, now=here.now, zone=here.zone)
    except QueryError:
        return None


async def describe(conn: Connection, feed: Feed, words: Words) -> str:
    """What a feed tells of: its query, or its channel's present name."""
    if feed.kind == "query":
        return feed.target
    if feed.kind == "collection":
        found = await collections.find_collection(conn, int(feed.target), feed.chat_id)
        name = feed.target if found is None else found.name
        return feeding_words(words.language).collection.format(name=name)
    channel = await channels.find_channel(conn, channel_id=int(feed.target))
    name = names.name_of(channel) if channel is not None else feed.target
    return feeding_words(words.language).channel.format(name=name)


async def _reader_of(
    feed: Feed | None, conn: Connection, services: Services, now: datetime
) -> _Reader | None:
    """Who made a feed, as far as the instance still lets them in."""
    if feed is None:
        return None
    owner = await subscribers.find_subscriber(conn, feed.chat_id)
    is_let_in = owner is not None and (
        services.access == "open" or owner.admitted or owner.chat_id in services.admins
    )
    if owner is None or not is_let_in:
        return None
    here = here_in(command_context.timezone_of(owner, services), now)
    return _Reader(here, command_context.words_for(owner, None, services))
