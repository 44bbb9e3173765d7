"""``/silence``: channels whose silence a chat is told of."""

from handlers.conversation.command_context import CommandContext, revive_if_stopped
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.render.answers import silences as shown
from handlers.render.text.dates import here_in
from handlers.render.text.messages import Message, shorten
from handlers.render.text.rich import code, fill
from handlers.signals.known_pauses import find_state
from handlers.sources import references
from handlers.sources.references import UnresolvedError
from handlers.texts import typed
from handlers.texts.channels.linking import linking_words
from handlers.texts.signals import silence_words
from storage.channels import channels
from storage.connection import Connection
from storage.records import Channel
from storage.subscribers import signals, silences, subscribers

UNITS = 80


async def handle(context: CommandContext, services: Services) -> Reply:
    """The list; or one channel more or less: ``@name``, ``off @name``. ``#7`` is one of a
    button."""
    first, _, rest = context.argument.partition(" ")
    is_off = typed.SIGNAL.meanings().get(first.lower()) == "off"
    named = rest.strip() if is_off else context.argument.strip()
    if not named:
        return Reply((await _list(context, services),))
    async with services.database.reader() as conn:
        channel = await _find(conn, named)
    if channel is None:
        said = linking_words(context.words.language)
        text = fill(said.not_watched, channel=code(shorten(named, UNITS)))
        return Reply((Message(text),))
    if is_off:
        return Reply((await _remove(channel, context, services),))
    return Reply((await _add(channel, context, services),))


async def _find(conn: Connection, named: str) -> Channel | None:
    """The watched channel that is named."""
    if named.startswith("#") and named[1:].isascii() and named[1:].isdigit():
        return await channels.find_watched(conn, int(named[1:19]))
    try:
        reference = references.parse_reference(named)
    except UnresolvedError:
        return None
    return await references.find(conn, reference)


async def _list(context: CommandContext, services: Services) -> Message:
    now = context.request.now
    async with services.database.reader() as conn:
        asked = await silences.list_silences(conn, context.request.chat_id)
        known = [await channels.find_watched(conn, one.channel) for one in asked]
        states = [
            await find_state(conn, channel, now=now)
            for channel in [one for one in known if one is not None][: shown.SHOWN]
        ]
    return shown.silence_list(states, here_in(context.timezone, now), context.words)


async def _add(channel: Channel, context: CommandContext, services: Services) -> Message:
    request, words = context.request, context.words
    async with services.database.transaction() as tx:
        have = await signals.count_signals(tx, request.chat_id)
        if have >= services.alerts_per_person:
            said = silence_words(words.language)
            return Message(fill(said.limit, count=have))
        is_new = await silences.add_silence(
            tx, request.chat_id, channel.id, now=request.now, topic=request.topic
        )
        if not (is_new or context.handle):
            await silences.set_topic(tx, request.chat_id, channel.id, request.topic)
        if not request.is_private:
            await subscribers.set_topic(tx, request.chat_id, request.topic)
    await revive_if_stopped(context, services)
    services.plans_changed(request.chat_id)
    async with services.database.reader() as conn:
        state = await find_state(conn, channel, now=request.now)
    here = here_in(context.timezone, request.now)
    return shown.silence_made(state, here, words, is_new=is_new)


async def _remove(channel: Channel, context: CommandContext, services: Services) -> Message:
    async with services.database.transaction() as tx:
        was_told = await silences.remove_silence(tx, context.request.chat_id, channel.id)
    return shown.silence_removed(channel, context.words, was_told=was_told)
