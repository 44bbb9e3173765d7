"""``/links``: the links that a chat made, to see and to revoke; with a channel's name a new one."""

from handlers.alerts import sharing
from handlers.channels import channel_links, wishing
from handlers.conversation.command_context import CommandContext
from handlers.conversation.press_context import PressContext, number
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.render.text.dates import Here, coming, here_in
from handlers.render.text.keyboards import LINKS_PAGE, LINKS_REVOKE, data
from handlers.render.text.lists import page_of
from handlers.render.text.messages import Button, Message, shorten
from handlers.render.text.rich import RichText, bold, code, fill
from handlers.sources import references
from handlers.sources.references import UnresolvedError
from handlers.texts.channels.linking import linking_words
from handlers.texts.words import Words
from storage.connection import Connection
from storage.subscribers import links
from storage.subscribers.links import Link

QUERY_UNITS = 80


async def handle(context: CommandContext, services: Services) -> Reply:
    """The first page; or a link to the channel that is named, be it watched or not."""
    here, chat_id = here_in(context.timezone, context.request.now), context.request.chat_id
    if not context.argument:
        return Reply((await _page(0, chat_id, here, context.words, services),))
    said = linking_words(context.words.language)
    no_channel = Message(fill(said.no_channel, text=code(shorten(context.argument, QUERY_UNITS))))
    try:
        reference = references.parse_reference(context.argument)
    except UnresolvedError:
        return Reply((no_channel,))
    async with services.database.reader() as conn:
        channel = await wishing.find_watched(conn, reference)
    if channel is None and reference.kind != "name":
        return Reply((no_channel,))
    target = channel_links.target_of(channel) if channel is not None else None
    target = target or f"@{reference.value}"
    made = await channel_links.make(chat_id, target, channel, here, context.words, services)
    return Reply((made,))


async def turn(context: PressContext, services: Services) -> PressResult:
    """Another page, in place: the field is the 0-based page."""
    return await _shown(context, number(context.fields, 0), services)


async def revoke(context: PressContext, services: Services) -> PressResult:
    """End a link of this chat: fields are the page and the token. Another's stays as it is."""
    async with services.database.transaction() as tx:
        await links.revoke_link(tx, context.fields[1], context.press.chat_id)
    toast = linking_words(context.words.language).revoked
    return await _shown(context, number(context.fields, 0), services, toast)


async def _shown(
    context: PressContext, page: int, services: Services, toast: str | None = None
) -> PressResult:
    here, chat_id = here_in(context.timezone, context.press.now), context.press.chat_id
    edit = await _page(page, chat_id, here, context.words, services)
    return PressResult(edit=edit, toast=toast)


async def _page(page: int, chat_id: int, here: Here, words: Words, services: Services) -> Message:
    said = linking_words(words.language)
    async with services.database.reader() as conn:
        known = await links.list_links(conn, chat_id, now=here.now, invites=False)
        if not known:
            return Message(RichText(said.links_none))
        shown = page_of(known, page)
        entries = [
            fill(
                said.row,
                number=number,
                what=await _what(conn, link, words),
                end=coming(link.ends_at, here, words),
                link=sharing.url_of(link.token, services),
            )
            for number, link in shown.numbered()
        ]
    buttons = [
        Button(
            text=said.revoke.format(number=number),
            data=data(LINKS_REVOKE, shown.number, link.token),
        )
        for number, link in shown.numbered()
    ]
    title = bold(fill(said.links_title, count=len(known)).text)
    return shown.message(title, entries, buttons, LINKS_PAGE, words)


async def _what(conn: Connection, link: Link, words: Words) -> RichText:
    """What a link leads to."""
    target: RichText = code(shorten(link.target, QUERY_UNITS))
    if link.kind == "channel":
        target = await wishing.name_target(conn, link.target)
    return fill(linking_words(words.language).kinds[link.kind], target=target)
