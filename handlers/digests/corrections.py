"""What changed in a span: posts that were edited or deleted, and channels that fell silent."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handlers.reviews import review as reviews
from handlers.reviews.review import Changed, Deleted, Silent
from handlers.stories import standing
from handlers.stories.standing import Line
from storage.channels import channels
from storage.connection import Connection
from storage.document import Document
from storage.document_json import parse
from storage.documents import documents, published
from storage.documents.published import Output, Published
from storage.query import evaluate
from storage.query.reading.syntax import Query
from storage.query.words import analysis
from storage.records import Channel

EDITS = 1000
"""The most edited posts, and the most deleted posts, that are read."""
OLDEST = timedelta(days=90)
"""Deletions of posts published longer ago are not reported."""
SILENT_BEFORE = 3.0
"""A channel without posts is silent if it had at least this many a span before."""
_TEXT = 3000
"""The number of letters of an edited post that are stored, to show the change."""


@dataclass(slots=True, kw_only=True)
class Span:
    """A span of the archive, limited to the posts that match a query if there is one.

    The channels' standing lines are learned on first use and cached.
    """

    conn: Connection
    after: datetime
    until: datetime
    query: Query | None = None
    _standing: dict[int, frozenset[Line]] = field(default_factory=dict)

    def is_of_it(self, document: Document) -> bool:
        """Whether a post matches the query."""
        query = self.query
        return query is None or evaluate.matches(
            query, document, analysis.analyse_document(document)
        )

    async def own_words(self, document: Document, channel_id: int) -> str:
        """The text of a post without its channel's standing lines."""
        if channel_id not in self._standing:
            recent = await documents.list_newest(self.conn, channel_id, limit=standing.REMEMBERED)
            lines = [standing.lines_of(_text(one)) for one in reversed(recent)]
            self._standing[channel_id] = await asyncio.to_thread(standing.learn, lines)
        return standing.without(_text(document), self._standing[channel_id])


def _text(document: Document) -> str:
    return "\n".join(document.texts())


async def read_changed(span: Span) -> tuple[tuple[Changed, ...], int]:
    """The edited posts that now say something else, the most important first; and how many there
    are in all."""
    found = await published.list_edited(span.conn, after=span.after, until=span.until, limit=EDITS)
    edits: list[tuple[Changed, str, str]] = []
    for edited in found:
        before, now = parse(edited.before), parse(edited.now)
        if span.is_of_it(before) or span.is_of_it(now):
            old = (await span.own_words(before, edited.channel_id))[:_TEXT]
            new = (await span.own_words(now, edited.channel_id))[:_TEXT]
            told = Changed(doc_id=edited.doc_id, old=old, new=new, at=edited.at.isoformat())
            edits.append((told, old, new))
    return await asyncio.to_thread(reviews.rank_changes, edits)


async def read_deleted(span: Span) -> tuple[tuple[Deleted, ...], int]:
    """The deleted posts, first those of the stories that most other channels still have; and how
    many there are in all.

    Posts that their channel published again, in whatever words, are left out.
    """
    since = span.until - OLDEST
    rows = await published.list_deleted(
        span.conn, after=span.after, until=span.until, since=since, limit=EDITS
    )
    tellers = await _list_tellers(span, rows)
    found: list[tuple[Deleted, int, str]] = []
    for row in rows:
        document = parse(row.json)
        still = tellers.get(row.story, set())
        if document.deleted_at is None or row.channel_id in still or not span.is_of_it(document):
            continue
        told = Deleted(doc_id=row.doc_id, at=document.deleted_at, others=len(still))
        found.append((told, row.channel_id, await span.own_words(document, row.channel_id)))
    return await asyncio.to_thread(reviews.rank_deleted, found)


async def _list_tellers(span: Span, rows: Sequence[Published]) -> Mapping[str, set[int]]:
    tellers: defaultdict[str, set[int]] = defaultdict(set)
    stories = sorted({row.story for row in rows})
    for story, channel_id in await published.list_standing(span.conn, stories):
        tellers[story].add(channel_id)
    return tellers


async def find_silent(
    span: Span, output: Mapping[int, Output], earlier: Mapping[int, Output], spans: float
) -> tuple[Silent, ...]:
    """Watched channels without posts in the span that had at least ``SILENT_BEFORE`` a span before;
    first those that had most.

    ``output``, ``earlier``: what each channel published in the span and in the ``spans`` before it.
    """
    watched = await channels.list_channels(span.conn)
    found = [
        Silent(last=had.last, before=had.posts / spans, is_read=_is_read(one, span))
        for one in watched
        if one.channel_id is not None
        and one.channel_id not in output
        and (had := earlier.get(one.channel_id)) is not None
    ]
    silent = [one for one in found if one.before >= SILENT_BEFORE]
    return tuple(sorted(silent, key=lambda one: (-one.before, one.last)))


def _is_read(channel: Channel, span: Span) -> bool:
    """Whether a channel was scanned without an error in the second half of the span."""
    half = span.until - (span.until - span.after) / 2
    return channel.error is None and (channel.last_scan_at or span.after) >= half
