"""Inline mode: ``@bot query`` typed in any chat, answered with posts to send there."""

import asyncio
import hashlib
from datetime import datetime

from msgspec import Struct

from handlers.conversation import command_context
from handlers.conversation.requests import Press
from handlers.conversation.services import Services
from handlers.render.answers.queries import suggestion_of
from handlers.render.answers.search import snippet_text
from handlers.render.text.dates import Here, here_in, zone_of
from handlers.render.text.headings import address, channel_name, heading, published
from handlers.render.text.messages import Button, Message, shorten, truncate
from handlers.render.text.rich import RichText, fill, join
from handlers.texts.querying import querying_words
from handlers.texts.words import Words
from storage.documents import search
from storage.errors import QueryError, UsageError
from storage.query import snippet
from storage.query.reading import syntax
from storage.query.reading.syntax import Query
from storage.records import Hit, Page
from storage.stories import folds
from storage.subscribers import subscribers

PER_PAGE = 50
"""Telegram takes no more at once (core.telegram.org/bots/api, "answerInlineQuery")."""
CACHE_SECONDS = 60
TEXT_UNITS = 1_000
TITLE_UNITS = 100
NOTICE_UNITS = 60


class InlineRequest(Struct, frozen=True, kw_only=True):
    """What somebody typed after the bot's name. ``offset``: ``following`` of the page before."""

    sender_id: int
    text: str
    now: datetime
    offset: str = ""
    language: str | None = None


class InlineResult(Struct, frozen=True, kw_only=True):
    """A row to choose: what it shows, and the message that it sends when chosen."""

    id: str
    title: str
    description: str
    message: Message


class InlineReply(Struct, frozen=True, kw_only=True):
    """At most ``PER_PAGE`` rows. ``following``: empty on the last page; ``notice``: a line above
    the rows that leads to the chat with the bot; ``cache_seconds``: how long Telegram may keep it,
    for this person only, since access, language and time zone are theirs."""

    results: tuple[InlineResult, ...] = ()
    following: str = ""
    notice: str | None = None
    cache_seconds: int = CACHE_SECONDS


async def answer(request: InlineRequest, services: Services) -> InlineReply:
    """The posts that a query finds, newest first. Raises nothing for any text."""
    async with services.database.reader() as conn:
        known = await subscribers.find_subscriber(conn, request.sender_id)
    words = command_context.words_for(known, request.language, services)
    said = querying_words(words.language)
    who = Press(chat_id=request.sender_id, sender_id=request.sender_id, data="", now=request.now)
    if not command_context.is_let_in(who, known, services):
        return InlineReply(notice=said.inline_refused, cache_seconds=0)
    if not request.text.strip():
        return InlineReply(notice=said.inline_empty)
    timezone = command_context.timezone_of(known, services)
    try:
        query = syntax.parse(request.text, now=request.now, zone=zone_of(timezone))
    except QueryError as error:
        return InlineReply(notice=_problem(error, words))
    try:
        async with asyncio.timeout(services.search_seconds):
            page, hits = await _read(query, request.offset, services)
    except TimeoutError:
        return InlineReply(notice=said.inline_slow, cache_seconds=0)
    except UsageError:  # an offset that no page of ours gave
        return InlineReply()
    notice = None if hits or request.offset else said.inline_none
    here = here_in(timezone, request.now)
    results = tuple(_result(hit, here, words) for hit in hits)
    return InlineReply(results=results, following=page.following or "", notice=notice)


async def _read(query: Query, offset: str, services: Services) -> tuple[Page, list[Hit]]:
    """A page, and its hits without older copies of the same post."""
    async with services.database.reader("inline") as conn:
        page = await search.search(conn, query, limit=PER_PAGE, cursor=offset or None)
        known = await folds.list_folds(conn, page.hits)
    seen: set[str] = set()
    hits = []
    for hit in page.hits:
        keys = known[hit.id].keys if hit.id in known else frozenset[str]()
        if seen.isdisjoint(keys):
            hits.append(hit)
        seen |= keys
    return page, hits


def _result(hit: Hit, here: Here, words: Words) -> InlineResult:
    document = hit.document
    title = f"{channel_name(document, words)} · {published(document, here, words)}"
    text = truncate(RichText(snippet.searchable_text(document).strip()), TEXT_UNITS)
    url = address(document)
    keyboard = ((Button(text=words.open_post, url=url),),) if url else ()
    return InlineResult(
        id=hashlib.sha256(document.doc_id.encode("utf-8", "replace")).hexdigest()[:24],
        title=shorten(title, TITLE_UNITS),
        description=shorten(snippet_text(hit, words).text, 200),
        message=Message(join("\n\n", (heading(document, here, words), text)), keyboard),
    )


def _problem(error: QueryError, words: Words) -> str:
    suggested = suggestion_of(error)
    if suggested is not None:
        return shorten(fill(words.did_you_mean, command=suggested).text, NOTICE_UNITS)
    problem = words.problem(error.what)
    said = querying_words(words.language).inline_problem
    return shorten(fill(said, error=problem).text, NOTICE_UNITS)
