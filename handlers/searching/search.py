"""``/search QUERY``: results, newest first, with buttons to turn pages, sort and filter."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, tzinfo
from functools import partial

from msgspec import Struct

from handlers.conversation import guessing
from handlers.conversation.command_context import CommandContext
from handlers.conversation.guessing import Guess
from handlers.conversation.press_context import PressContext, number
from handlers.conversation.query_errors import doubt, read_query
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.queries import live_examples, live_speakers, narrowing, searches
from handlers.queries.searches import SavedSearch
from handlers.render.answers.quote_card import quotes_row, speakers_rows
from handlers.render.answers.search import (
    COUNTED,
    PER_PAGE,
    Offer,
    SearchPage,
    in_words,
    search_message,
    translating_row,
)
from handlers.render.answers.welcome import examples_keyboard
from handlers.render.text.dates import Here, zone_of
from handlers.render.text.messages import Keyboard, Message
from handlers.render.text.rich import RichText
from handlers.searching import results
from handlers.searching.filter_buttons import filter_rows
from handlers.texts.querying import querying_words
from handlers.texts.words import Words
from handlers.times.since import cut_since
from storage.documents import nearest
from storage.errors import QueryError
from storage.query.reading import syntax
from storage.query.reading.syntax import Query
from storage.records import Hit

EXAMPLE = "/search {words}"
NO_GUESS = Guess("help")


class Asker(Struct, frozen=True, kw_only=True):
    """Who looks at results: the chat, the time, and how times and words are shown there."""

    chat_id: int
    now: datetime
    timezone: str
    words: Words


async def handle(context: CommandContext, services: Services) -> Reply:
    """The first page of results."""
    now, zone = context.request.now, zone_of(context.timezone)
    query = read_query(context.argument, context.words, EXAMPLE, now=now, zone=zone)
    if isinstance(query, Message):
        return Reply((query,), stands=True)
    doubted = doubt(context.argument, context.words, "/search", now=now, zone=zone)
    saved = SavedSearch(query.written)
    guess = None
    if context.is_plain:
        guess = guessing.without_slash(context.argument, context.commands, context.words)
        guess = guess or NO_GUESS
    return Reply((await answer(context, saved, services, doubted, guess),))


async def answer(
    context: CommandContext,
    saved: SavedSearch,
    services: Services,
    doubted: RichText | None = None,
    guess: Guess | None = None,
) -> Message:
    """The first page of a search for a command; ``guess``: the command that may have been meant."""
    asker = Asker(
        chat_id=context.request.chat_id,
        now=context.request.now,
        timezone=context.timezone,
        words=context.words,
    )
    return await show(asker, saved, 0, services, doubted, guess) or _slow(context.words)


async def search_again(context: PressContext, text: str, services: Services) -> Message | None:
    """The first page of what a query finds now; None for a query that this version cannot parse."""
    try:
        query = syntax.parse(text, now=context.press.now, zone=zone_of(context.timezone))
    except QueryError:
        return None
    page = await show(asker_of(context), SavedSearch(query.written), 0, services)
    return page or _slow(context.words)


async def turn(context: PressContext, services: Services) -> PressResult:
    """Another page of the same search, in place. Fields: the token, the page from 0."""
    page = number(context.fields, 1)
    saved = await find(context, services)
    if saved is None or not saved.knows(page):
        return PressResult(toast=context.words.search_old)
    return await show_in_place(context, saved, page, services)


async def find(context: PressContext, services: Services) -> SavedSearch | None:
    """The search that the button's first field names; None if it is not stored any more or cannot
    be parsed."""
    async with services.database.reader() as conn:
        saved = await searches.find_search(conn, context.press.chat_id, context.fields[0])
    if saved is None or saved.asked(context.press.now, zone_of(context.timezone)) is None:
        return None
    return saved


async def show_in_place(
    context: PressContext, saved: SavedSearch, page: int, services: Services
) -> PressResult:
    """A page of a search in place of the message, or a toast that says why not."""
    message = await show(asker_of(context), saved, page, services)
    if message is None:
        return PressResult(toast=querying_words(context.words.language).slow)
    return PressResult(edit=message)


def asker_of(context: PressContext) -> Asker:
    """The asker of a press."""
    press = context.press
    return Asker(
        chat_id=press.chat_id, now=press.now, timezone=context.timezone, words=context.words
    )


async def show(
    asker: Asker,
    saved: SavedSearch,
    page: int,
    services: Services,
    doubted: RichText | None = None,
    guess: Guess | None = None,
) -> Message | None:
    """A page of a search, which is stored for its buttons; None if it takes too long.

    ``doubted``: a note on a query that may mean something else; ``guess``: a command that may have
    been meant.
    """
    zone = zone_of(asker.timezone)
    query = saved.asked(asker.now, zone)
    if query is None:
        return Message(RichText(asker.words.search_old))
    try:
        read = await results.read_results(
            saved, query, page, services, limit=PER_PAGE, counted=COUNTED + 1
        )
    except TimeoutError:
        return None
    turned = saved.turned(page, read.following, read.keys)
    async with services.database.transaction() as tx:
        await searches.add_search(tx, asker.chat_id, turned)
    offers = () if read.hits else await _offers(asker, query, services)
    speakers = await _speakers(saved, query, services) if not read.hits else ()
    is_led_on = read.hits or offers or speakers or guess not in (None, NO_GUESS)
    examples = () if is_led_on else await _examples(asker.words, services)
    meant, row = _guessed(guess, read.hits, asker.words)
    shown = SearchPage(
        query=query.written,
        hits=read.hits,
        total=read.total,
        number=page,
        more=read.following is not None,
        token=saved.token,
        also=read.also,
        repeats=read.repeats,
        folded=read.folded,
        doubted=doubted,
        meant=meant,
        since=read.since,
        offers=offers,
        speakers=speakers,
        examples=examples,
        words_for=in_words(saved.query, saved.conditions, asker.words),
    )
    lasts = narrowing.without_dates(query) is not None
    refine = await _refine(saved, shown, asker.words, services, lasts=lasts)
    return search_message(shown, Here(zone, asker.now), asker.words, (*row, *refine))


def _guessed(
    guess: Guess | None, hits: Sequence[Hit], words: Words
) -> tuple[RichText | None, Keyboard]:
    """The command that may have been meant, if that is likely or nothing was found; if other words
    find nothing, where all commands are listed."""
    if guess is None or (hits and not guess.is_plain):
        return None, ()
    if guess == NO_GUESS:
        return RichText(words.see_help), ()
    return guessing.offer(guess, words)


async def _refine(
    saved: SavedSearch, shown: SearchPage, words: Words, services: Services, *, lasts: bool
) -> Keyboard:
    """The rows of buttons below a page, without those that turn it."""
    said, page = querying_words(words.language), shown.number
    found, weighs = bool(shown.hits), shown.words_for is None
    refine = filter_rows(saved, page, said, found=found, lasts=lasts, weighs=weighs)
    if services.translate is not None:
        refine = (*translating_row(shown, words), *refine)
    if saved.quotes:
        rows, first = [hit.id for hit in shown.hits], page * PER_PAGE + 1
        refine = (*quotes_row(rows, first, saved.token, page), *refine)
    if not shown.hits and shown.speakers:
        refine = (*speakers_rows(shown.speakers), *refine)
    return (*examples_keyboard(shown.examples), *refine)


async def _examples(words: Words, services: Services) -> tuple[str, ...]:
    """Queries that find something."""
    async with services.database.reader() as conn:
        return tuple(await live_examples.list_examples(conn, words.language))


async def _offers(asker: Asker, query: Query, services: Services) -> tuple[Offer, ...]:
    """Queries that may have been meant by one that finds nothing, stored for their buttons."""
    read = partial(syntax.parse, now=asker.now, zone=zone_of(asker.timezone))
    spanned = since_words(query.written, asker.now, zone_of(asker.timezone))
    try:
        async with asyncio.timeout(services.search_seconds), services.database.reader() as conn:
            meant = await nearest.list_meant(conn, query, read, spanned)
    except TimeoutError:
        return ()
    searched = [(SavedSearch(one.text), one.count) for one in meant]
    async with services.database.transaction() as tx:
        for saved, _ in searched:
            await searches.add_search(tx, asker.chat_id, saved)
    return tuple(
        Offer(query=saved.query, posts=count, token=saved.token) for saved, count in searched
    )


async def _speakers(saved: SavedSearch, query: Query, services: Services) -> tuple[str, ...]:
    """Names like that of the requested speaker, else names of others who are quoted."""
    if not saved.quotes:
        return ()
    async with services.database.reader() as conn:
        like = await live_speakers.list_speakers(conn, like=live_speakers.names_of(query))
        return tuple(like or await live_speakers.list_speakers(conn))


def since_words(text: str, now: datetime, zone: tzinfo) -> str | None:
    """A query that ends with a span, with that as a filter: ``oil last week`` gives ``oil
    after:2026-11-22``; None for other queries."""
    rest, since = cut_since(text, now=now, zone=zone)
    return f"{rest} after:{since.astimezone(zone):%Y-%m-%d}" if rest and since else None


def _slow(words: Words) -> Message:
    return Message(RichText(querying_words(words.language).slow))
