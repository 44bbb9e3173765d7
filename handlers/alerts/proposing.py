"""Proposes an alert for a post that somebody forwards, or answers with ``/alert``."""

from handlers.conversation import dialogue
from handlers.conversation.command_context import CommandContext
from handlers.conversation.services import Services
from handlers.queries import proposals
from handlers.render.alerts.past_hits import PastHits, past_hits_text
from handlers.render.text.dates import here_in
from handlers.render.text.messages import Message
from handlers.render.text.rich import code, fill
from handlers.searching import samples
from handlers.texts.people.asking import asking_words
from storage.documents import documents
from storage.outbox import traces
from storage.query import snippet
from storage.query.reading import syntax
from storage.query.reading.syntax import Query

ENOUGH = 2
"""A query is specific but not unique if it finds at least this many stories."""


async def propose(context: CommandContext, services: Services) -> Message | None:
    """The alert that a post suggests, to accept, change or reject; None if the command refers to no
    post."""
    text = await _text_of_post(context, services)
    if text is None:
        return None
    words = asking_words(context.words.language)
    queries = [syntax.parse(query) for query in proposals.list_queries(text)]
    if not queries:
        return await dialogue.ask(context, services, "alert", words.no_names)
    query, preview = await _choose(queries, context, services)
    said = fill(words.proposed, query=code(query.written))
    here = here_in(context.timezone, context.request.now)
    shown = past_hits_text(said, query, preview, here, context.words)
    return await dialogue.ask(context, services, "alert", shown, suggestion=query.written)


async def _text_of_post(context: CommandContext, services: Services) -> str | None:
    """The text of the post that was forwarded or answered; for one of our alerts that of its post.
    None if there is none."""
    request = context.request
    if request.is_forwarded:
        return request.text
    if request.reply_to is None:
        return None
    async with services.database.reader() as conn:
        told = await traces.find_message(conn, request.chat_id, request.reply_to)
        post = await documents.find_document(conn, told.post) if told and told.post else None
    if post is not None:
        return snippet.searchable_text(post)
    return await services.text_of(request.chat_id, request.reply_to)


async def _choose(
    queries: list[Query], context: CommandContext, services: Services
) -> tuple[Query, PastHits | None]:
    """The first, narrowest query that finds enough, else the one that finds most, with its past
    hits."""
    here = here_in(context.timezone, context.request.now)
    tried: list[tuple[Query, PastHits]] = []
    for query in queries:
        try:
            tried.append(
                (query, await samples.read_past_hits(query, services, here, context.words))
            )
        except TimeoutError:
            return query, None
        if tried[-1][1].fired >= ENOUGH:
            return tried[-1]
    return max(tried, key=lambda pair: pair[1].fired)
