"""``/feed``: a chat's feeds, to see and to revoke; with words or a channel's name a new one."""

from datetime import datetime

from handlers.conversation.command_context import CommandContext
from handlers.conversation.press_context import PressContext, number
from handlers.conversation.query_errors import read_query
from handlers.conversation.removable import RemovableList, Taken, of_chat, says_restored
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.feeds import reading
from handlers.feeds.counting import count_posts
from handlers.render.text.cards import remove_numbered
from handlers.render.text.dates import Here, here_in, moment
from handlers.render.text.keyboards import FEEDS_PAGE, FEEDS_RESTORE, FEEDS_REVOKE, data
from handlers.render.text.lists import Removed, page_of
from handlers.render.text.messages import Message, shorten
from handlers.render.text.rich import RichText, bold, code, fill, join
from handlers.sources import references
from handlers.texts.feeding import feeding_words
from handlers.texts.words import Words
from storage.connection import Connection
from storage.subscribers import collections, feeds
from storage.subscribers.feeds import Feed, FeedKind
from storage.undoing.removals import Kept

EXAMPLE = "/feed {words}"
CHANNEL_EXAMPLE = "/feed @example_mfa"
COLLECTION = "collection:"
QUERY_UNITS = 80


async def handle(context: CommandContext, services: Services) -> Reply:
    """The list, or a new feed with its addresses. These are said in private alone."""
    words, request = context.words, context.request
    said = feeding_words(words.language)
    if not services.feeds_url:
        return Reply((Message(RichText(said.off)),))
    if not context.argument:
        here = here_in(context.timezone, request.now)
        return Reply((await _page(0, request.chat_id, here, words, services),))
    if not request.is_private and not context.handle:
        name = f"@{request.username}" if request.username else request.chat_id
        example = code(f"/for {name} /feed {context.argument}")
        return Reply((Message(fill(said.in_private, example=example)),))
    asked = await _asked(context, services)
    if isinstance(asked, Message):
        return Reply((asked,), stands=True)
    made = await _make(request.chat_id, request.now, words, *asked, services)
    return Reply((made,))


async def _asked(context: CommandContext, services: Services) -> tuple[FeedKind, str] | Message:
    """What a new feed is to tell of, or what is wrong with it."""
    argument = context.argument.strip()
    if argument.lower().startswith(COLLECTION):
        return await _collection(argument[len(COLLECTION) :], context, services)
    if argument.startswith("@") and " " not in argument:
        return await _channel(argument, context.words, services)
    here = here_in(context.timezone, context.request.now)
    query = read_query(argument, context.words, EXAMPLE, now=here.now, zone=here.zone)
    return query if isinstance(query, Message) else ("query", query.written)


async def _channel(name: str, words: Words, services: Services) -> tuple[FeedKind, str] | Message:
    said = feeding_words(words.language)
    async with services.database.reader() as conn:
        channel = await references.find_named(conn, name)
    if channel is None or channel.channel_id is None:
        return Message(fill(said.no_channel, name=code(shorten(name, QUERY_UNITS))))
    return "channel", str(channel.channel_id)


async def _collection(
    name: str, context: CommandContext, services: Services
) -> tuple[FeedKind, str] | Message:
    async with services.database.reader() as conn:
        found = await collections.find_named(conn, context.request.chat_id, name)
    if found is None:
        said = feeding_words(context.words.language).no_collection
        return Message(fill(said, name=code(shorten(name, QUERY_UNITS))))
    return "collection", str(found.id)


async def of_collection(context: PressContext, services: Services) -> PressResult:
    """A new feed of a collection of this chat: the field is its id."""
    press, words, id = context.press, context.words, number(context.fields, 0)
    said = feeding_words(words.language)
    if not services.feeds_url:
        return PressResult(toast=said.off)
    async with services.database.reader() as conn:
        found = await collections.find_collection(conn, id, press.chat_id)
    if found is None or found.removed_at is not None:
        return PressResult(toast=said.no_collection.format(name=""))
    if not press.is_private:
        example = f"/for {press.chat_id} /feed {COLLECTION}{found.name}"
        return PressResult(toast=said.in_private.format(example=example))
    made = await _make(press.chat_id, press.now, words, "collection", str(id), services)
    return PressResult(reply=(made,))


async def _make(
    chat_id: int,
    now: datetime,
    words: Words,
    kind: FeedKind,
    target: str,
    services: Services,
) -> Message:
    said = feeding_words(words.language)
    async with services.database.transaction() as tx:
        secret = await feeds.add_feed(tx, chat_id=chat_id, kind=kind, target=target, now=now)
        if secret is None:
            return Message(fill(said.many, count=feeds.MOST))
        made = await feeds.find_feed(tx, secret)
        what = "" if made is None else await reading.describe(tx, made, words)
    address = f"{services.feeds_url}/feeds/{secret}"
    text = fill(
        said.made,
        what=code(shorten(what, QUERY_UNITS)),
        addresses=join(
            "\n", ["Atom: " + code(f"{address}.atom"), "JSON Feed: " + code(f"{address}.json")]
        ),
    )
    return Message(text, secret=secret)


async def _page(
    page: int,
    chat_id: int,
    here: Here,
    words: Words,
    services: Services,
    removed: Removed | None = None,
) -> Message:
    said = feeding_words(words.language)
    async with services.database.reader() as conn:
        known = await feeds.list_feeds(conn, chat_id)
        shown = page_of(known, page)
        named = [await _what(conn, one, words) for one in shown.items]
    counted = await count_posts(shown.items, services, here, words)
    entries = [
        join(" · ", [part for part in (_row(place, one, what, here, words), posts) if part])
        for (place, one), what, posts in zip(shown.numbered(), named, counted, strict=True)
    ]
    buttons = [
        remove_numbered(place, data(FEEDS_REVOKE, shown.number, one.name), words)
        for place, one in shown.numbered()
    ]
    title = bold(fill(said.title, count=len(known)))
    if not known:
        example, channel = code(words.example(EXAMPLE)), code(CHANNEL_EXAMPLE)
        title = fill(said.ask, example=example, channel=channel)
    return shown.message(title, entries, buttons, FEEDS_PAGE, words, removed=removed)


async def _take(
    tx: Connection, context: PressContext, name: str, services: Services
) -> Taken | None:
    feed = await feeds.remove_feed(tx, name, context.press.chat_id, now=context.press.now)
    if feed is None:
        return None
    said = feeding_words(context.words.language)
    return Taken(await _what(tx, feed, context.words), said.revoked)


async def _put(tx: Connection, context: PressContext, name: str, services: Services) -> str:
    outcome = await feeds.restore_feed(tx, name, context.press.chat_id, now=context.press.now)
    if outcome == "full":
        return feeding_words(context.words.language).many.format(count=feeds.MOST)
    return says_restored(outcome == "restored", context.words)


async def _called(conn: Connection, context: PressContext, name: str, kept: Kept) -> RichText:
    return await _what(conn, feeds.read_kept(kept), context.words)


LIST = RemovableList(
    show=of_chat(_page), take=_take, put=_put, called=_called, undo=FEEDS_RESTORE, kind="feed"
)
"""A chat's feeds; the key of one is its name, which opens nothing."""


def _row(place: int, feed: Feed, what: RichText, here: Here, words: Words) -> RichText:
    said, since = feeding_words(words.language), moment(feed.created_at, here, words)
    return fill(said.row, number=place, what=what, since=since)


async def _what(conn: Connection, feed: Feed, words: Words) -> RichText:
    return code(shorten(await reading.describe(conn, feed, words), QUERY_UNITS))
