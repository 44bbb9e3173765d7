"""Reads the archive for a review, and makes it in a thread."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.digests import corrections
from handlers.digests.corrections import Span
from handlers.reviews import review as reviews
from handlers.reviews.review import Name, Repeated, Review, Term
from handlers.reviews.tally import Tally, Trend
from handlers.reviews.words import read_words, shown_form
from storage.connection import Connection
from storage.document_json import read_texts
from storage.documents import documents, published, search
from storage.documents.published import Published
from storage.query.reading import syntax
from storage.query.reading.syntax import Query
from storage.structs import replace

SPANS = 4
"""A review is compared with this many spans of the same length before it."""
LEAST_SPANS = 0.5
"""The least number of such spans in the archive for a comparison."""
LIMIT = 50_000
"""The most posts of the span that are read, and the most of the spans before it."""
UNMET = 30
"""The most new names that are looked up in the whole archive."""
_PAGE = 1000


@dataclass(slots=True)
class _Reading:
    """Reads the archive for one review. ``only``: the ``doc_id`` of the posts that its query finds;
    None for all posts."""

    conn: Connection
    only: Collection[str] | None

    async def tally(
        self, after: datetime, until: datetime, *, most: int, of: Collection[int] | None = None
    ) -> tuple[Tally, int]:
        """The posts of a span, counted: the newest ``most`` of them, only of the channels ``of`` if
        given; and how many older posts are left out."""
        tally = Tally()
        start, older = await published.find_newest(self.conn, after=after, until=until, limit=most)
        while True:
            rows = await published.list_published(
                self.conn, after=after, until=until, from_id=start, limit=_PAGE
            )
            await asyncio.to_thread(self._count, tally, rows, of)
            if len(rows) < _PAGE:
                return tally, older
            start = rows[-1].id + 1

    def _count(self, tally: Tally, rows: Iterable[Published], of: Collection[int] | None) -> None:
        for row in rows:
            is_asked = self.only is None or row.doc_id in self.only
            if is_asked and (of is None or row.channel_id in of):
                said = read_words(read_texts(row.json))
                tally.add(row.doc_id, row.channel_id, row.story, said)


async def read_review(
    conn: Connection, *, after: datetime, until: datetime, query: Query | None = None
) -> Review:
    """The review of the posts published after ``after`` and up to ``until``."""
    begins = after - SPANS * (until - after)
    asked = None if query is None else await _find_asked(conn, query, begins, until)
    reading = _Reading(conn, asked)
    output = await published.count_by_channel(conn, after=after, until=until)
    earlier = await published.count_by_channel(conn, after=begins, until=after)
    now, older = await reading.tally(after, until, most=LIMIT)
    before, _ = await reading.tally(begins, after, most=LIMIT, of=output)
    span = Span(conn=conn, after=after, until=until, query=query)
    changed, changes = await corrections.read_changed(span)
    deleted, deletions = await corrections.read_deleted(span)
    first = await published.find_first(conn, after=begins, until=after)
    spans = (after - first) / (until - after) if first else 0.0
    made = Review(
        posts=len(now.names),
        channels=len(set(now.channels)),
        compared=spans >= LEAST_SPANS and len(set(before.stories)) >= reviews.LEAST_BEFORE,
        older=older,
        repeated=await _find_repeated(conn, now),
        changed=changed,
        changes=changes,
        deleted=deleted,
        deletions=deletions,
        silent=await corrections.find_silent(span, output, earlier, spans) if query is None else (),
    )
    if not made.compared:
        return made
    rising, falling = await asyncio.to_thread(reviews.rank_trends, now, before)
    return replace(
        made,
        rising=await _tell(reading, rising, now, spans),
        falling=await _tell(reading, falling, before, spans),
        names=await _find_names(reading, now, before, after, rising[: reviews.ENTRIES]),
    )


async def _find_repeated(conn: Connection, now: Tally) -> tuple[Repeated, ...]:
    ranked = await asyncio.to_thread(reviews.rank_repeated, now)
    events = await published.find_events(conn, [one.doc_id for one in ranked])
    return reviews.one_an_event(ranked, events)


async def _find_asked(
    conn: Connection, query: Query, after: datetime, until: datetime
) -> frozenset[str]:
    narrowed = replace(
        query,
        after=max((one for one in (query.after, after) if one), default=after),
        before=min((one for one in (query.before, until) if one), default=until),
    )
    return frozenset([one.doc_id async for one in search.iterate(conn, narrowed)])


async def _find_names(
    reading: _Reading, now: Tally, before: Tally, after: datetime, rising: Sequence[Trend]
) -> tuple[Name, ...]:
    """Names that no post before ``after`` has, without those shown as rising."""
    told = {word for trend in rising for word in trend.words}
    unmet = await asyncio.to_thread(reviews.list_unmet, now, before)
    untold = [word for word in unmet if word not in told][:UNMET]
    words = [word for word in untold if not await _is_met(reading, word, now, after)]
    texts = await _texts(reading, now, words)
    return tuple(await asyncio.to_thread(reviews.tell_names, words, now, texts))


async def _tell(
    reading: _Reading, trends: Sequence[Trend], tally: Tally, spans: float
) -> tuple[Term, ...]:
    texts = await _texts(reading, tally, [word for trend in trends for word in trend.words])

    def tell() -> tuple[Term, ...]:
        said = [one for one in trends if not reviews.is_furnished(one, tally, texts)]
        return tuple(
            reviews.tell_trend(trend, tally, spans, texts) for trend in said[: reviews.ENTRIES]
        )

    return await asyncio.to_thread(tell)


async def _texts(reading: _Reading, tally: Tally, words: Sequence[str]) -> dict[str, str]:
    """Texts by ``doc_id`` of a sample of the posts with these words."""
    names = {name for word in words for name in reviews.sample(tally, tally.words[word])}
    found = await documents.find_documents(reading.conn, names)
    return {name: "\n".join(document.texts()) for name, document in found.items()}


async def _is_met(reading: _Reading, word: str, now: Tally, after: datetime) -> bool:
    """Whether any post before the span has a word: one that is older than the spans compared, or of
    another channel."""
    texts = await _texts(reading, now, [word])
    written = shown_form(word, list(texts.values()))
    asked = syntax.parse(f'"{written}"')
    found = await search.search(reading.conn, replace(asked, before=after), limit=1)
    return bool(found.hits)
