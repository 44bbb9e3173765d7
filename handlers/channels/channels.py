"""``/channels``: what is watched, for those who read it: the latest first, a page at a time."""

from handlers.channels import unwatch
from handlers.channels.channel_cards import show_card
from handlers.channels.rendering import Page, Row, list_message, title_of
from handlers.conversation import command_context
from handlers.conversation.command_context import CommandContext
from handlers.conversation.press_context import PressContext, number
from handlers.conversation.removable import RemovableList, Taken, says_restored
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.render.text.dates import Here, here_in
from handlers.render.text.headings import NAME_UNITS
from handlers.render.text.keyboards import CHANNEL_RESTORE
from handlers.render.text.lists import Removed, page_of
from handlers.render.text.messages import Message, shorten
from handlers.render.text.rich import RichText, code, fill
from handlers.searching import reading
from handlers.sources import references
from handlers.texts.channels.linking import linking_words
from handlers.texts.words import Words
from storage.channels import channels, watched
from storage.connection import Connection
from storage.errors import NotFoundError
from storage.undoing.removals import Kept


async def handle(context: CommandContext, services: Services) -> Reply:
    """The first page; of a channel that is named its own card, or that it is not watched."""
    here = here_in(context.timezone, context.request.now)
    if named := context.argument.strip():
        card = await _find_card(context, named, here, services)
        if card is not None:
            return Reply((card,))
        if named.startswith("@") and " " not in named:
            said = linking_words(context.words.language)
            shown = code(shorten(named, NAME_UNITS))
            return Reply((Message(fill(said.not_watched, channel=shown)),))
    return Reply((await list_page(0, here, context.words, services),))


async def _find_card(
    context: CommandContext, named: str, here: Here, services: Services
) -> Message | None:
    async with services.database.reader() as conn:
        channel = await references.find_named(conn, named)
    if channel is None:
        return None
    request = context.request
    may_mark = command_context.is_operator(request.sender_id, services)
    return await show_card(
        services, channel.id, request.chat_id, 0, here, context.words, may_mark=may_mark
    )


async def turn(context: PressContext, services: Services) -> PressResult:
    """Another page, in place: the field is the 0-based page."""
    here = here_in(context.timezone, context.press.now)
    page = number(context.fields, 0)
    return PressResult(edit=await list_page(page, here, context.words, services))


async def list_page(
    page: int, here: Here, words: Words, services: Services, removed: Removed | None = None
) -> Message:
    """A page of the list, 0-based; the last one where there are fewer."""
    async with services.database.reader() as conn:
        known = await watched.list_watched(conn)
        shown = page_of(known, page)
        rows = [await read_row(conn, one, here) for one in shown.items]
        progress = await reading.progress(conn, services, words)
    listed = Message(RichText(words.channels_none))
    if known:
        listed = list_message(
            Page(rows=rows, number=shown.number, total=len(known)), progress, here, words
        )
    return listed if removed is None else removed.above(listed, words)


async def _show(
    context: PressContext, page: int, removed: Removed | None, services: Services
) -> Message:
    here = here_in(context.timezone, context.press.now)
    return await list_page(page, here, context.words, services, removed)


async def _take(
    tx: Connection, context: PressContext, row: str, services: Services
) -> Taken | None:
    channel = await channels.find_watched(tx, _row(row))
    if channel is None:
        return None
    await unwatch.take_off(tx, channel, context.press.chat_id, now=context.press.now)
    name = title_of(channel)
    return Taken(name, fill(context.words.watching.removed, channel=name).text)


async def _put(tx: Connection, context: PressContext, row: str, services: Services) -> str:
    press = context.press
    back = await unwatch.put_back(tx, _row(row), press.chat_id, services, now=press.now)
    if back is None:
        return says_restored(False, context.words)
    here = here_in(context.timezone, press.now)
    return unwatch.says_watched(back, title_of(back.channel), here, context.words).text


async def _called(conn: Connection, context: PressContext, row: str, kept: Kept) -> str | None:
    try:
        return title_of(await channels.get_channel(conn, _row(row)))
    except NotFoundError:
        return None


def _row(text: str) -> int:
    return number((text,), 0)


LIST = RemovableList(
    show=_show,
    take=_take,
    put=_put,
    called=_called,
    undo=CHANNEL_RESTORE,
    kind="channel",
)
"""The channels that are watched; the operator removes one, its key is its row."""


async def read_row(conn: Connection, one: watched.Watched, here: Here) -> Row:
    """A channel with how busy it is."""
    return Row(watched=one, a_day=await watched.posts_a_day(conn, one.channel, now=here.now))
