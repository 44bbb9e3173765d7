"""``/channels``: what is watched, for those who read it: the latest first, a page at a time."""

from handlers.channels.rendering import Page, Row, list_message
from handlers.conversation.command_context import CommandContext
from handlers.conversation.press_context import PressContext, number
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.render.text.dates import Here, here_in
from handlers.render.text.keyboards import LIST_ROWS
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText
from handlers.searching import reading
from handlers.texts.words import Words
from storage.channels import watched
from storage.connection import Connection


async def handle(context: CommandContext, services: Services) -> Reply:
    """The first page."""
    here = here_in(context.timezone, context.request.now)
    return Reply((await list_page(0, here, context.words, services),))


async def turn(context: PressContext, services: Services) -> PressResult:
    """Another page, in place: the field is the 0-based page."""
    here = here_in(context.timezone, context.press.now)
    page = number(context.fields, 0)
    return PressResult(edit=await list_page(page, here, context.words, services))


async def list_page(page: int, here: Here, words: Words, services: Services) -> Message:
    """A page of the list, 0-based; the last one where there are fewer."""
    async with services.database.reader() as conn:
        known = await watched.list_watched(conn)
        if not known:
            return Message(RichText(words.channels_none))
        page = min(page, -(-len(known) // LIST_ROWS) - 1)
        shown = known[page * LIST_ROWS : (page + 1) * LIST_ROWS]
        rows = [await read_row(conn, one, here) for one in shown]
        progress = await reading.progress(conn, services, words)
    return list_message(Page(rows=rows, number=page, total=len(known)), progress, here, words)


async def read_row(conn: Connection, one: watched.Watched, here: Here) -> Row:
    """A channel with how busy it is."""
    return Row(watched=one, a_day=await watched.posts_a_day(conn, one.channel, now=here.now))
