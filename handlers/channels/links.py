"""``/links``: the links that a chat made, to see and to revoke; with a channel's name a new one."""

from handlers.alerts import sharing
from handlers.channels import channel_links, wishing
from handlers.conversation.command_context import CommandContext
from handlers.conversation.press_context import PressContext
from handlers.conversation.removable import RemovableList, Taken, of_chat, says_restored
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.render.text.cards import remove_numbered, undo_row
from handlers.render.text.dates import Here, coming, here_in
from handlers.render.text.keyboards import (
    LINK_RESTORE,
    LINKS_PAGE,
    LINKS_RESTORE,
    LINKS_REVOKE,
    data,
)
from handlers.render.text.lists import Removed, page_of
from handlers.render.text.messages import Message, shorten
from handlers.render.text.rich import RichText, bold, code, fill
from handlers.sources import references
from handlers.sources.references import UnresolvedError
from handlers.texts.cards import card_words
from handlers.texts.channels.linking import linking_words
from handlers.texts.words import Words
from storage.connection import Connection
from storage.subscribers import links
from storage.subscribers.links import Link
from storage.undoing import removals
from storage.undoing.removals import Kept

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


async def _page(
    page: int,
    chat_id: int,
    here: Here,
    words: Words,
    services: Services,
    removed: Removed | None = None,
) -> Message:
    said = linking_words(words.language)
    async with services.database.reader() as conn:
        known = await links.list_links(conn, chat_id, now=here.now, invites=False)
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
        remove_numbered(number, data(LINKS_REVOKE, shown.number, link.token), words)
        for number, link in shown.numbered()
    ]
    title = bold(fill(said.links_title, count=len(known)).text)
    title = title if known else RichText(said.links_none)
    return shown.message(title, entries, buttons, LINKS_PAGE, words, removed=removed)


async def _take(
    tx: Connection, context: PressContext, token: str, services: Services
) -> Taken | None:
    link = await links.remove_link(tx, token, context.press.chat_id, now=context.press.now)
    if link is None:
        return None
    name = await _what(tx, link, context.words)
    return Taken(name, linking_words(context.words.language).revoked)


async def _put(tx: Connection, context: PressContext, token: str, services: Services) -> str:
    link = await links.restore_link(tx, token, context.press.chat_id, now=context.press.now)
    return says_restored(link is not None, context.words)


async def _called(
    conn: Connection, context: PressContext, token: str, kept: Kept
) -> RichText | None:
    link = links.read_kept(kept)
    return await _what(conn, link, context.words) if link.ends_at > context.press.now else None


LIST = RemovableList(
    show=of_chat(_page), take=_take, put=_put, called=_called, undo=LINKS_RESTORE, kind="link"
)
"""A chat's links; the key of one is its token."""


async def remove_made(context: PressContext, services: Services) -> PressResult:
    """End a link below the message that told it: the field is its token."""
    token, said = context.fields[0], linking_words(context.words.language)
    chat_id, now = context.press.chat_id, context.press.now
    async with services.database.transaction() as tx:
        link = await links.remove_link(tx, token, chat_id, now=now)
        if link is None and await removals.find(tx, chat_id, "link", token, now=now) is None:
            is_others = await links.find_link(tx, token, now=now) is not None
            gone = card_words(context.words.language).gone
            return PressResult(keyboard=(), toast=gone if is_others else said.dead)
    keyboard = undo_row(data(LINK_RESTORE, token), context.words)
    return PressResult(edit=Message(RichText(said.revoked), keyboard))


async def restore_made(context: PressContext, services: Services) -> PressResult:
    """Let it lead where it led, and tell it again. The field is its token."""
    press, words = context.press, context.words
    async with services.database.transaction() as tx:
        link = await links.restore_link(tx, context.fields[0], press.chat_id, now=press.now)
        if link is None:
            return PressResult(keyboard=(), toast=says_restored(False, words))
        here = here_in(context.timezone, press.now)
        if link.kind == "channel":
            reference = references.parse_reference(link.target)
            channel = await wishing.find_watched(tx, reference)
            told = channel_links.made_message(link, channel, here, words, services)
        else:
            told = sharing.made_message(link, here, words, services)
    return PressResult(edit=told, toast=says_restored(True, words))


async def _what(conn: Connection, link: Link, words: Words) -> RichText:
    """What a link leads to."""
    target: RichText = code(shorten(link.target, QUERY_UNITS))
    if link.kind == "channel":
        target = await wishing.name_target(conn, link.target)
    return fill(linking_words(words.language).kinds[link.kind], target=target)
