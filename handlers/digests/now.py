"""``/digest now``: what was posted since the last digest, or within a span, or what matches a
query."""

from datetime import datetime

from handlers.conversation.command_context import CommandContext
from handlers.conversation.odd_spans import refuse_span
from handlers.conversation.query_errors import read_query
from handlers.conversation.services import Services
from handlers.digests import history
from handlers.digests.composing import FIRST_SPAN, Digest, compose_digest, find_period, note_period
from handlers.render.text.dates import here_in, moment, zone_of
from handlers.render.text.messages import Message
from handlers.render.text.rich import code, fill
from handlers.texts.digests.digesting import digesting_words
from handlers.times import spans
from storage.query.reading.syntax import Query
from storage.subscribers import snapshots

EXAMPLE = "/digest now {words} 24h"


async def tell(context: CommandContext, asked: str, services: Services) -> tuple[Message, ...]:
    """The digest; ``asked`` is a query, a span or both."""
    return await (_look(context, asked, services) if asked else _now(context, services))


async def _now(context: CommandContext, services: Services) -> tuple[Message, ...]:
    """The digest of what was posted since the last one."""
    now, words, chat_id = context.request.now, context.words, context.request.chat_id
    async with services.database.transaction() as tx:
        after, until = await find_period(
            tx, chat_id=chat_id, message_id=context.request.message_id, now=now
        )
    async with services.database.reader("digest") as conn:
        left = await history.count(conn, after=after, until=until)
        made = await compose_digest(
            conn,
            chat_id,
            after=after,
            until=until,
            timezone=context.timezone,
            language=words.language,
            history=left,
        )
    async with services.database.transaction() as tx:
        await note_period(
            tx,
            chat_id=chat_id,
            message_id=context.request.message_id,
            after=after,
            until=until,
        )
        if made is not None:
            await snapshots.add_snapshot(tx, made.snapshot, now=now)
    return (_told(context, made, after, until, left),)


async def _look(context: CommandContext, asked: str, services: Services) -> tuple[Message, ...]:
    """The digest of a span, of posts that match a query if there is one; the next digest is not
    affected."""
    now, words = context.request.now, context.words
    if (refused := refuse_span(asked, words)) is not None:
        return (refused,)
    text, span = spans.cut_span(asked)
    query: Query | None = None
    if text:
        zone = zone_of(context.timezone)
        read = read_query(text, words, EXAMPLE, now=now, zone=zone)
        if isinstance(read, Message):
            return (read,)
        query = read
    after = now - (span or FIRST_SPAN)
    async with services.database.reader("digest") as conn:
        left = await history.count(conn, query, after=after, until=now)
        made = await compose_digest(
            conn,
            context.request.chat_id,
            after=after,
            until=now,
            timezone=context.timezone,
            language=words.language,
            query=query,
            history=left,
        )
    if made is None and query is not None:
        said = digesting_words(words.language).none_found
        since = moment(after, here_in(context.timezone, now), words)
        none = Message(fill(said, query=code(text), since=since))
        return (history.with_count(none, left, words, query),)
    if made is not None:
        async with services.database.transaction() as tx:
            await snapshots.add_snapshot(tx, made.snapshot, now=now)
    return (_told(context, made, after, now, left),)


def _told(
    context: CommandContext, made: Digest | None, after: datetime, until: datetime, left: int
) -> Message:
    """The digest, or that nothing came in, and how much was read as history."""
    if made is not None:
        return made.message
    here, words = here_in(context.timezone, until), context.words
    span = {"since": moment(after, here, words), "until": moment(until, here, words)}
    return history.with_count(Message(fill(words.digest_none, **span)), left, words)
