"""``/collections``: what a chat has put by; the buttons that turn, change and hand it out."""

from collections.abc import Sequence
from datetime import datetime

from handlers.collections.brief_file import FORMATS, brief_of
from handlers.conversation.command_context import CommandContext
from handlers.conversation.press_context import ButtonError, PressContext, number
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.render.answers.collections import (
    POSTS,
    View,
    collection_card,
    collections_list,
    label,
)
from handlers.render.text.bars import SPANS, count_by_day, midnights
from handlers.render.text.cards import removed_line
from handlers.render.text.dates import here_in
from handlers.render.text.keyboards import FEEDS_COLLECTION, data
from handlers.render.text.lists import page_with
from handlers.render.text.messages import Button, Message, shorten
from handlers.render.text.rich import RichText, code, fill, join
from handlers.texts.collecting import collection_words
from handlers.texts.feeding import feeding_words
from handlers.texts.words import Words
from storage.connection import Connection
from storage.documents import documents
from storage.structs import replace
from storage.subscribers import collections, feeds
from storage.subscribers.collections import Collection

NAMED_UNITS = 200


def view_of(timezone: str, now: datetime, words: Words) -> View:
    """How a chat reads collections."""
    return View(here_in(timezone, now), words)


async def handle(context: CommandContext, services: Services) -> Reply:
    """The chat's collections, first page; where one is named, that one, or those like it."""
    async with services.database.reader() as conn:
        have = await collections.list_collections(conn, context.request.chat_id)
    view = view_of(context.timezone, context.request.now, context.words)
    asked = " ".join(context.argument.split())
    if not asked:
        return Reply((collections_list(have, 0, view),))
    named = list_named(have, asked)
    if len(named) == 1:
        return Reply((await _card(named[0], view, services),))
    shown = collections_list(named or have, 0, view)
    if named or not have:
        return Reply((shown,))
    line = fill(view.said.none_named, name=code(shorten(asked, NAMED_UNITS)))
    return Reply((replace(shown, text=join("\n\n", (line, shown.text))),))


def list_named(have: Sequence[Collection], asked: str) -> Sequence[Collection]:
    """The collection of this name, else those whose names have it."""
    names = [(" ".join(one.name.casefold().split()), one) for one in have]
    same = [one for name, one in names if name == asked.casefold()]
    return same or [one for name, one in names if asked.casefold() in name]


async def turn(context: PressContext, services: Services) -> PressResult:
    """A page of the list. The field is the 0-based page."""
    return PressResult(edit=await _list(context, services, page=number(context.fields, 0)))


async def show(context: PressContext, services: Services) -> PressResult:
    """A collection. Fields: its id, the 0-based page."""
    found = await _find(context, services)
    if found is None:
        return await _gone(context, services)
    card = await _card(found, _view(context), services, page=number(context.fields, 1))
    return PressResult(edit=card)


async def take_out(context: PressContext, services: Services) -> PressResult:
    """Take a post out; a button puts it back. Fields: the collection's id, the page, the post."""
    found = await _find(context, services)
    if found is None:
        return await _gone(context, services)
    page, post = number(context.fields, 1), context.fields[2]
    async with services.database.transaction() as tx:
        taken = await collections.take_out(tx, found.id, post, now=context.press.now)
    card = await _card(found, _view(context), services, page=page, taken=post if taken else None)
    return PressResult(edit=card)


async def put_back(context: PressContext, services: Services) -> PressResult:
    """Undo that. Fields as there."""
    found = await _find(context, services)
    if found is None:
        return await _gone(context, services)
    async with services.database.transaction() as tx:
        known = await collections.put_back(tx, found.id, context.fields[2])
    said = collection_words(context.words.language)
    card = await _card(found, _view(context), services, page=number(context.fields, 1))
    return PressResult(edit=card, toast=said.restored if known else said.gone)


async def remove(context: PressContext, services: Services) -> PressResult:
    """Remove a collection; a button brings it back. The field is its id."""
    found = await _find(context, services)
    if found is None:
        return await _gone(context, services)
    async with services.database.transaction() as tx:
        page = await _find_page(tx, found)
        await collections.remove_collection(tx, found.id, now=context.press.now)
    toast = removed_line(label(found), context.words).text
    return PressResult(edit=await _list(context, services, page=page, removed=found), toast=toast)


async def restore(context: PressContext, services: Services) -> PressResult:
    """Undo that. The field is its id."""
    found = await _find(context, services, removed=True)
    if found is None:
        return await _gone(context, services)
    is_back = found.removed_at is None
    if not is_back:
        async with services.database.transaction() as tx:
            is_back = await collections.restore_collection(tx, found)
    said = collection_words(context.words.language)
    toast = said.restored if is_back else said.not_restored
    removed = None if is_back else found
    async with services.database.reader() as conn:
        page = await _find_page(conn, found)
    edit = await _list(context, services, page=page, removed=removed)
    return PressResult(edit=edit, toast=toast)


async def send_file(context: PressContext, services: Services) -> PressResult:
    """The brief as a file. Fields: the collection's id, the format."""
    form = context.fields[1]
    if form not in FORMATS:
        raise ButtonError(f"{form!r} is no format of a brief")
    found = await _find(context, services)
    if found is None:
        return await _gone(context, services)
    press = context.press
    file = brief_of(
        found.id, press.chat_id, FORMATS[form], asked_at=press.now, timezone=context.timezone
    )
    return PressResult(reply=(Message(RichText(""), attachment=file),))


def _view(context: PressContext) -> View:
    return view_of(context.timezone, context.press.now, context.words)


async def _find(
    context: PressContext, services: Services, *, removed: bool = False
) -> Collection | None:
    """A collection of this chat: ids in buttons can be forged, so whose it is counts."""
    async with services.database.reader() as conn:
        found = await collections.find_collection(
            conn, number(context.fields, 0), context.press.chat_id
        )
    return found if found is not None and (removed or found.removed_at is None) else None


async def _gone(context: PressContext, services: Services) -> PressResult:
    kept = await _find(context, services, removed=True)
    removed = kept if kept is not None and kept.removed_at is not None else None
    edit = await _list(context, services, removed=removed)
    return PressResult(edit=edit, toast=collection_words(context.words.language).gone)


async def _list(
    context: PressContext,
    services: Services,
    *,
    page: int = 0,
    removed: Collection | None = None,
) -> Message:
    async with services.database.reader() as conn:
        have = await collections.list_collections(conn, context.press.chat_id)
    return collections_list(have, page, _view(context), removed=removed)


async def _card(
    found: Collection,
    view: View,
    services: Services,
    *,
    page: int = 0,
    taken: str | None = None,
) -> Message:
    """A page of a collection as it is now; the last page if there are fewer."""
    async with services.database.reader() as conn:
        now = await collections.find_collection(conn, found.id, found.chat_id) or found
        page = min(page, max(0, -(-now.posts // POSTS) - 1))
        saved = await collections.list_saved(conn, now.id, limit=POSTS, offset=page * POSTS)
        posts = await documents.find_documents(conn, [one.doc_id for one in saved])
        listed = await _find_page(conn, now)
        known = await feeds.list_feeds(conn, now.chat_id)
        since = midnights(view.here, SPANS[-1])[0]
        at = await collections.list_times_saved(conn, now.id, since=since)
    days = count_by_day(at, view.here, most=collections.MOST_POSTS + 1)
    card = collection_card(now, saved, posts, page, view, taken=taken, list_page=listed, days=days)
    if not services.feeds_url:
        return card
    said = feeding_words(view.words.language)
    count = sum(one.kind == "collection" and one.target == str(now.id) for one in known)
    told = said.count(said.goes_out, count) if count else ""
    button = Button(text=said.collection_button, data=data(FEEDS_COLLECTION, now.id))
    *above, last = card.keyboard
    text = join("\n\n", [part for part in (card.text, told) if part])
    return replace(card, text=text, keyboard=(*above, (button,), last))


async def _find_page(conn: Connection, collection: Collection) -> int:
    """The page of its chat's list on which a collection stands, 0-based."""
    have = await collections.list_collections(conn, collection.chat_id)
    return page_with([one.id for one in have], collection.id)
