"""Reads the posts of a period and makes their outline in a thread."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from handlers.digests.themes import find_themes
from handlers.outlines.outline import STORIES, Outline, make_outline
from handlers.outlines.posted import Posted
from handlers.outlines.weight import Period, count_terms
from handlers.stories import gist
from handlers.stories.gist import Frequencies
from handlers.stories.officials import channel_key
from storage.channels import channels
from storage.connection import Connection
from storage.document import Document
from storage.document_json import parse
from storage.query import evaluate
from storage.query.reading.syntax import Query
from storage.query.words import analysis
from storage.stories import events, period
from storage.stories.period import Arrived
from storage.structs import replace

LIMIT = 20_000
"""The most posts that a digest reads."""
_PAGE = 1000


async def read_outline(
    conn: Connection,
    *,
    after: datetime,
    until: datetime,
    query: Query | None = None,
    mine: Collection[str] = (),
    most: int = STORIES,
) -> tuple[Outline, dict[str, Document]]:
    """The outline of posts that were stored live after ``after`` and up to ``until``, and their
    documents by ``doc_id``.

    ``query``: what the posts must match; ``mine``: posts that the reader's alerts showed; ``most``:
    the number of stories.
    """
    start, older = 0, 0
    if query is None:
        start, older = await period.find_newest(conn, after=after, until=until, limit=LIMIT)
    posts = await _read(conn, after, until, start, mine, query)
    named = sorted({post.event for post in posts if post.event is not None})
    began = await period.list_begun(conn, named, before=after)
    _, packed = await events.find_frequencies(conn)
    frequencies = await asyncio.to_thread(_unpack, packed)
    official = await channels.list_official(conn)
    archive, before = await asyncio.to_thread(_archive, frequencies)

    def make() -> Outline:
        against = Period(
            until=until,
            channels=len({channel_key(post.document) for post in posts}),
            posts=len(posts),
            counts=count_terms(posts),
            archive=archive,
            before=before,
            frequencies=frequencies,
            official=official,
            asked=query is not None,
        )
        outline = make_outline(posts, against, began=began, most=most)
        return replace(outline, older=older)

    made = await asyncio.to_thread(make)
    named_posts = {post.document.doc_id: post for post in posts}
    made, besides = await find_themes(conn, made, named_posts, after=after, frequencies=frequencies)
    return made, besides | {name: post.document for name, post in named_posts.items()}


async def _read(
    conn: Connection,
    after: datetime,
    until: datetime,
    start: int,
    mine: Collection[str],
    query: Query | None,
) -> list[Posted]:
    posts: list[Posted] = []
    while len(posts) < LIMIT:
        rows = await period.list_arrived(conn, after=after, until=until, from_id=start, limit=_PAGE)
        posts += await asyncio.to_thread(_posted, rows, mine, query)
        if len(rows) < _PAGE:
            break
        start = rows[-1].id + 1
    return posts


def _posted(rows: Sequence[Arrived], mine: Collection[str], query: Query | None) -> list[Posted]:
    found = (
        Posted(
            document=document,
            story=row.story,
            event=row.event,
            gist=gist.unpack(row.terms) if row.terms else {},
            edited=row.edited,
            mine=document.doc_id in mine,
        )
        for row, document in ((row, parse(row.json)) for row in rows)
    )
    posts = [post for post in found if post.document.kind != "service"]
    if query is None:
        return posts
    return [post for post in posts if _answers(query, post.document)]


def _answers(query: Query, document: Document) -> bool:
    return evaluate.matches(query, document, analysis.analyse_document(document))


def _unpack(packed: Mapping[bool, tuple[int, bytes]]) -> dict[bool, Frequencies]:
    return {script: Frequencies.unpack(*counted) for script, counted in packed.items()}


def _archive(frequencies: Mapping[bool, Frequencies]) -> tuple[int, dict[int, int]]:
    """The number of posts in the archive, and in how many of them each term stands, in any
    script."""
    counts: dict[int, int] = {}
    for found in frequencies.values():
        for term, times in found.counts.items():
            counts[term] = counts.get(term, 0) + times
    return sum(found.posts for found in frequencies.values()), counts
