"""``/surge``: queries of which a chat is told when much more is posted than usually is."""

from handlers.conversation.command_context import CommandContext, revive_if_stopped
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.render.answers import surges as shown
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, fill
from handlers.searching.query_errors import dates_refused, read_query
from handlers.texts import typed
from handlers.texts.signals import surge_words
from storage.connection import Connection
from storage.subscribers import signals, subscribers, surges
from storage.subscribers.surges import Surge


async def handle(context: CommandContext, services: Services) -> Reply:
    """The list; or one query more or less: ``grain deal``, ``off grain deal``. ``#7`` is one of a
    button."""
    first, _, rest = context.argument.partition(" ")
    if not context.argument.strip():
        async with services.database.reader() as conn:
            asked = await surges.list_surges(conn, context.request.chat_id)
        return Reply((shown.surge_list(asked, context.words),))
    if rest.strip() and typed.SIGNAL.meanings().get(first.lower()) == "off":
        return Reply((await _remove(rest.strip(), context, services),))
    return Reply((await _add(context, services),))


async def _add(context: CommandContext, services: Services) -> Message:
    request, words = context.request, context.words
    said = surge_words(words.language)
    query = read_query(context.argument.strip(), words, shown.EXAMPLE)
    if isinstance(query, Message):
        return query
    if query.before is not None or query.after is not None:
        return Message(dates_refused(query, words))
    if query.root is None:
        return Message(RichText(said.all_posts))
    async with services.database.transaction() as tx:
        have = await signals.count_signals(tx, request.chat_id)
        known = await _find(tx, query.written, request.chat_id)
        if known is None and have >= services.alerts_per_person:
            return Message(fill(said.limit, count=have))
        is_new = await surges.add_surge(
            tx, request.chat_id, query.written, now=request.now, topic=request.topic
        )
        made = await _find(tx, query.written, request.chat_id)
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
        found = await _find(tx, named, chat_id)
        if found is not None:
            await surges.remove_surge(tx, found.id, chat_id)
    return (
        shown.surge_gone(context.words)
        if found is None
        else shown.surge_removed(found, context.words)
    )


async def _find(conn: Connection, named: str, chat_id: int) -> Surge | None:
    """The one of this chat that has this query, or number."""
    return next(
        (
            one
            for one in await surges.list_surges(conn, chat_id)
            if named in (one.query, f"#{one.id}")
        ),
        None,
    )
