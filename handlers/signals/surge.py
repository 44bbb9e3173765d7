"""``/surge``: queries of which a chat is told when much more is posted than usually is."""

from handlers.conversation.command_context import CommandContext, revive_if_stopped
from handlers.conversation.press_context import PressContext, number
from handlers.conversation.removable import RemovableList, Taken, says_restored
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.render.answers import surges as shown
from handlers.render.text.dates import here_in
from handlers.render.text.keyboards import SURGE_RESTORE
from handlers.render.text.lists import Removed
from handlers.render.text.messages import Message, shorten
from handlers.render.text.rich import RichText, code, fill
from handlers.signals import surge_card
from handlers.texts import typed
from handlers.texts.signals import surge_words
from storage.connection import Connection
from storage.subscribers import signals, subscribers, surges
from storage.undoing.removals import Kept


async def handle(context: CommandContext, services: Services) -> Reply:
    """The list; or one query more or less: ``grain deal``, ``off grain deal``, and ``grain deal
    off`` where that is told. ``#7`` is one of a button, and ``edit:7`` has its query written anew.
    """
    first, _, rest = context.argument.partition(" ")
    if not context.argument.strip():
        async with services.database.reader() as conn:
            asked = await surges.list_surges(conn, context.request.chat_id)
        return Reply((shown.surge_list(asked, 0, context.words),))
    if rest.strip() and typed.SIGNAL.meanings().get(first.lower()) == "off":
        return Reply((await _remove(rest.strip(), context, services),))
    if await _is_told_without_last(context, services):
        return Reply(
            (await _remove(context.argument.rpartition(" ")[0].strip(), context, services),)
        )
    if (edited := await surge_card.edit(context, services)) is not None:
        return edited
    return Reply((await _add(context, services),))


async def _is_told_without_last(context: CommandContext, services: Services) -> bool:
    """Whether ``off`` stands behind a query whose surges are told here; else it is a word of it."""
    named, _, last = context.argument.rpartition(" ")
    if not named.strip() or typed.SIGNAL.meanings().get(last.lower()) != "off":
        return False
    async with services.database.reader() as conn:
        chat_id = context.request.chat_id
        if await surge_card.find(conn, context.argument, chat_id) is not None:
            return False
        return await surge_card.find(conn, named.strip(), chat_id) is not None


async def show(context: PressContext, services: Services) -> PressResult:
    """The card of one. Fields: the page of the list that leads back, its id."""
    page, press = number(context.fields, 0), context.press
    here = here_in(context.timezone, press.now)
    async with services.database.reader() as conn:
        found = await surge_card.find(conn, number(context.fields, 1), press.chat_id)
    if found is None:
        return await LIST.gone(context, page, context.fields[1], services)
    chat = context.subscriber
    card = await surge_card.read_card(found, page, chat, here, context.words, services)
    return PressResult(edit=card)


async def _show(
    context: PressContext, page: int, removed: Removed | None, services: Services
) -> Message:
    async with services.database.reader() as conn:
        asked = await surges.list_surges(conn, context.press.chat_id)
    return shown.surge_list(asked, page, context.words, removed=removed)


async def _take(
    tx: Connection, context: PressContext, key: str, services: Services
) -> Taken | None:
    press = context.press
    found = await surge_card.find(tx, number((key,), 0), press.chat_id)
    if found is None:
        return None
    await surges.remove_surge(tx, found.id, press.chat_id, now=press.now)
    return Taken(code(shorten(found.query, shown.QUERY_UNITS)))


async def _put(tx: Connection, context: PressContext, key: str, services: Services) -> str:
    press, id = context.press, number((key,), 0)
    have = await signals.count_signals(tx, press.chat_id)
    if have >= services.alerts_per_person:
        return fill(surge_words(context.words.language).limit, count=have).text
    is_back = await surges.restore_surge(tx, id, press.chat_id, now=press.now)
    return says_restored(is_back, context.words)


async def _called(conn: Connection, context: PressContext, key: str, kept: Kept) -> RichText:
    return code(shorten(kept.row["query"], shown.QUERY_UNITS))


LIST = RemovableList(
    show=_show, take=_take, put=_put, called=_called, undo=SURGE_RESTORE, kind="surge"
)
"""The queries of a chat; the key of one is its id."""


async def _add(context: CommandContext, services: Services) -> Message:
    request, words = context.request, context.words
    said = surge_words(words.language)
    query = surge_card.read_asked(context.argument.strip(), words, shown.EXAMPLE)
    if isinstance(query, Message):
        return query
    async with services.database.transaction() as tx:
        have = await signals.count_signals(tx, request.chat_id)
        known = await surge_card.find(tx, query.written, request.chat_id)
        if known is None and have >= services.alerts_per_person:
            return Message(fill(said.limit, count=have))
        is_new = await surges.add_surge(
            tx, request.chat_id, query.written, now=request.now, topic=request.topic
        )
        made = await surge_card.find(tx, query.written, request.chat_id)
        if made is not None and not context.handle:
            await surges.set_topic(tx, made.id, request.topic)
        if not request.is_private:
            await subscribers.set_topic(tx, request.chat_id, request.topic)
    await revive_if_stopped(context, services)
    services.plans_changed(request.chat_id)
    return shown.surge_gone(words) if made is None else shown.surge_made(made, words, is_new=is_new)


async def _remove(named: str, context: CommandContext, services: Services) -> Message:
    chat_id = context.request.chat_id
    async with services.database.transaction() as tx:
        found = await surge_card.find(tx, named, chat_id)
        if found is not None:
            await surges.remove_surge(tx, found.id, chat_id, now=context.request.now)
    return (
        shown.surge_gone(context.words)
        if found is None
        else shown.surge_removed(found, context.words)
    )
