"""``/review``: a review of a week, and the buttons that turn its pages."""

import asyncio
import json
from datetime import datetime, timedelta
from functools import partial

from msgspec import Struct

from handlers.conversation.command_context import CommandContext
from handlers.conversation.odd_spans import refuse_span
from handlers.conversation.press_context import PressContext, number
from handlers.conversation.query_errors import read_query
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.digests.keeping import keep
from handlers.digests.reviewing import read_review
from handlers.render.answers.review_pages import ShownReview, named_posts, review_page
from handlers.render.text.dates import Here, here_in, moment, zone_of
from handlers.render.text.messages import Message
from handlers.render.text.rich import code, fill
from handlers.reviews.review import Review
from handlers.texts.digests.digesting import digesting_words
from handlers.texts.digests.reviewing import reviewing_words
from handlers.texts.languages import words_of
from handlers.times import spans
from storage.connection import Connection
from storage.document import Document
from storage.documents import documents
from storage.errors import DocumentError
from storage.query.reading.syntax import Query
from storage.structs import decoder
from storage.subscribers import snapshots
from storage.subscribers.snapshots import Snapshot

EXAMPLE = "/review {words}"
WEEK = timedelta(days=7)
SHORTEST, LONGEST = timedelta(days=1), timedelta(days=31)

_read_review = decoder(Review)


class MadeReview(Struct, frozen=True, kw_only=True):
    """A review to be sent; ``snapshot`` must be stored with it, for its buttons."""

    message: Message
    snapshot: Snapshot


async def handle(context: CommandContext, services: Services) -> Reply:
    """The review of the last week, or of another span, of posts that match a query if there is
    one."""
    now, words = context.request.now, context.words
    refused = refuse_span(context.argument, words, shortest=SHORTEST, longest=LONGEST)
    if refused is not None:
        return Reply((refused,), stands=True)
    text, span = spans.cut_span(context.argument)
    query: Query | None = None
    if text:
        zone = zone_of(context.timezone)
        read = read_query(text, words, EXAMPLE, now=now, zone=zone)
        if isinstance(read, Message):
            return Reply((read,))
        query = read
    since = now - (span or WEEK)
    async with services.database.reader("review") as conn:
        made = await compose_review(
            conn,
            context.request.chat_id,
            after=since,
            until=now,
            timezone=context.timezone,
            language=words.language,
            query=query,
        )
    if made is None:
        told = moment(since, here_in(context.timezone, now), words)
        if query is not None:
            said = digesting_words(words.language).none_found
            return Reply((Message(fill(said, query=code(text), since=told)),))
        return Reply((Message(fill(reviewing_words(words.language).none, since=told)),))
    async with services.database.transaction() as tx:
        await snapshots.add_snapshot(tx, made.snapshot, now=now)
    return Reply((made.message,))


def within_bounds(since: datetime, until: datetime) -> datetime:
    """Where a review begins that should begin at ``since``: neither too long nor too short before
    ``until``."""
    return max(until - LONGEST, min(until - SHORTEST, since))


async def compose_review(
    conn: Connection,
    chat_id: int,
    *,
    after: datetime,
    until: datetime,
    timezone: str,
    language: str,
    query: Query | None = None,
    title: str = "",
    maker: str = "",
) -> MadeReview | None:
    """The review of a span for a chat; None if there is nothing to report.

    ``title``: the name of its plan; ``maker``: the plan's own key, which tells reviews of the same
    span apart. It may take seconds: call it with a reader, not in the writer's turn.
    """
    review = await read_review(conn, after=after, until=until, query=query)
    if not (review.posts or review.changed or review.deleted or review.silent):
        return None
    kept = partial(keep, "review", review, chat_id, after=after, until=until, query=query)
    snapshot = await asyncio.to_thread(kept, title=title, maker=maker)
    known = await documents.find_documents(conn, named_posts(review))
    shown = _shown(snapshot, review, known)
    here, words = here_in(timezone, until), words_of(language)
    message = await asyncio.to_thread(review_page, shown, 0, here, words)
    return MadeReview(message=message, snapshot=snapshot)


async def turn(context: PressContext, services: Services) -> PressResult:
    """Another page of the review, in place. Fields: the token, the page from 0."""
    async with services.database.reader() as conn:
        snapshot = await snapshots.find_snapshot(
            conn, context.fields[0], chat_id=context.press.chat_id
        )
        review = _opened(snapshot) if snapshot is not None else None
        if snapshot is None or review is None:
            return PressResult(toast=reviewing_words(context.words.language).gone_review)
        known = await documents.find_documents(conn, named_posts(review))
    shown = _shown(snapshot, review, known)
    here = Here(zone_of(context.timezone), snapshot.until)
    return PressResult(edit=review_page(shown, number(context.fields, 1), here, context.words))


def _opened(snapshot: Snapshot) -> Review | None:
    """The stored review; None if the snapshot is a digest."""
    try:
        review: Review = _read_review(json.loads(snapshot.outline))
    except DocumentError:
        return None
    return review


def _shown(snapshot: Snapshot, review: Review, known: dict[str, Document]) -> ShownReview:
    return ShownReview(
        token=snapshot.token,
        since=snapshot.since,
        until=snapshot.until,
        query=snapshot.query,
        title=snapshot.title,
        review=review,
        documents=known,
    )
