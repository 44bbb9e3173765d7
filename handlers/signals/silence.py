"""``/silence``: channels whose silence a chat is told of."""

from handlers.conversation.command_context import CommandContext, revive_if_stopped
from handlers.conversation.press_context import PressContext, number
from handlers.conversation.removable import RemovableList, Taken, of_chat, says_restored
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.render.answers import silences as shown
from handlers.render.text.dates import Here, here_in
from handlers.render.text.keyboards import SILENCE_RESTORE
from handlers.render.text.lists import ListPage, Removed, page_of
from handlers.render.text.messages import Message, shorten
from handlers.render.text.rich import RichText, code, fill
from handlers.searching import matches
from handlers.signals.known_pauses import find_state
from handlers.sources import following, references
from handlers.texts import typed
from handlers.texts.channels.linking import linking_words
from handlers.texts.signals import silence_words
from handlers.texts.words import Words
from storage.channels import channels
from storage.connection import Connection
from storage.query.reading import syntax
from storage.records import Channel
from storage.subscribers import signals, silences, subscribers
from storage.undoing.removals import Kept

UNITS = 80


async def handle(context: CommandContext, services: Services) -> Reply:
    """The list; or one channel more or less: ``@name``, ``off @name``, ``@name off``. ``#7`` is
    one of a button."""
    named, is_off = _without_off(context.argument.strip())
    if not named:
        request, here = context.request, here_in(context.timezone, context.request.now)
        return Reply((await _page(0, request.chat_id, here, context.words, services),))
    async with services.database.reader() as conn:
        channel = await _find(conn, named)
    if channel is None:
        said = linking_words(context.words.language)
        text = fill(said.not_watched, channel=code(shorten(named, UNITS)))
        return Reply((Message(text),))
    if is_off:
        return Reply((await _remove(channel, context, services),))
    return Reply((await _add(channel, context, services),))


def _without_off(argument: str) -> tuple[str, bool]:
    """The channel that is named, and whether ``off`` stands on either side of it."""
    said = typed.SIGNAL.meanings()
    words = argument.split()
    if words and said.get(words[0].lower()) == "off":
        return " ".join(words[1:]), True
    if len(words) > 1 and said.get(words[-1].lower()) == "off":
        return " ".join(words[:-1]), True
    return argument, False


async def _find(conn: Connection, named: str) -> Channel | None:
    """The watched channel that is named."""
    if named.startswith("#") and named[1:].isascii() and named[1:].isdigit():
        return await channels.find_watched(conn, int(named[1:19]))
    return await references.find_named(conn, named)


async def show(context: PressContext, services: Services) -> PressResult:
    """The card of one. Fields: the page of the list that leads back, the channel's row."""
    page, row, press = number(context.fields, 0), number(context.fields, 1), context.press
    here = here_in(context.timezone, press.now)
    async with services.database.reader() as conn:
        asked = await silences.list_silences(conn, press.chat_id)
        one = next((one for one in asked if one.channel == row), None)
        channel = await channels.find_watched(conn, row)
        state = await find_state(conn, channel, now=press.now) if one and channel else None
    if one is None:
        return await LIST.gone(context, page, context.fields[1], services)
    if channel is None or state is None:  # Asked for still: nothing was removed.
        return await LIST.turn(context, services)
    written = following.channel_query(channel)
    query = syntax.parse(written) if written else None
    told = shown.Particulars(
        matches=await matches.read_matches(query, services, here) if query else None,
        topic=one.topic,
        chat=context.subscriber,
    )
    return PressResult(edit=shown.silence_card(state, told, page, here, context.words))


async def _page(
    page: int,
    chat_id: int,
    here: Here,
    words: Words,
    services: Services,
    removed: Removed | None = None,
) -> Message:
    async with services.database.reader() as conn:
        asked = await silences.list_silences(conn, chat_id)
        found = [await channels.find_watched(conn, one.channel) for one in asked]
        known = [one for one in found if one is not None]
        listed = page_of(known, page)
        states = [await find_state(conn, one, now=here.now) for one in listed.items]
    stated = ListPage(states, listed.first, listed.number, listed.pages)
    return shown.silence_list(stated, len(known), here, words, removed=removed)


async def _take(
    tx: Connection, context: PressContext, key: str, services: Services
) -> Taken | None:
    press, row = context.press, number((key,), 0)
    if not await silences.remove_silence(tx, press.chat_id, row, now=press.now):
        return None
    # Watched or not: its silence goes with its row alone.
    return Taken(shown.name_of(await channels.get_channel(tx, row)))


async def _put(tx: Connection, context: PressContext, key: str, services: Services) -> str:
    press, row = context.press, number((key,), 0)
    have = await signals.count_signals(tx, press.chat_id)
    if have >= services.alerts_per_person:
        return fill(silence_words(context.words.language).limit, count=have).text
    is_back = await silences.restore_silence(tx, press.chat_id, row, now=press.now)
    return says_restored(is_back, context.words)


async def _called(conn: Connection, context: PressContext, key: str, kept: Kept) -> RichText | None:
    row = number((key,), 0)
    if not await silences.is_same_channel(conn, row, kept.row):
        return None
    return shown.name_of(await channels.get_channel(conn, row))


LIST = RemovableList(
    show=of_chat(_page), take=_take, put=_put, called=_called, undo=SILENCE_RESTORE, kind="silence"
)
"""The channels of whose silence a chat is told; the key of one is its row."""


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
        was_told = await silences.remove_silence(
            tx, context.request.chat_id, channel.id, now=context.request.now
        )
    return shown.silence_removed(channel, context.words, was_told=was_told)
