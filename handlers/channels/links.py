"""``/links``: the links that a chat made, to see and to revoke; with a channel's name a new one."""

from handlers.alerts import sharing
from handlers.channels import channel_links, wishing
from handlers.conversation.presses import Pressed, number
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.conversation.visits import Visit
from handlers.render.text.dates import Here, coming, here_in
from handlers.render.text.keyboards import LINKS_PAGE, LINKS_REVOKE, LIST_ROWS, data, pager
from handlers.render.text.messages import Button, Message, shorten
from handlers.render.text.rich import RichText, bold, code, fill, join
from handlers.sources import references
from handlers.sources.references import UnresolvedError
from handlers.texts.linking import linking_words
from handlers.texts.words import Words
from storage.connection import Connection
from storage.subscribers import links
from storage.subscribers.links import Link

QUERY_UNITS = 80


async def handle(visit: Visit, services: Services) -> Reply:
    """The first page; or a link to the channel that is named, be it watched or not."""
    here, chat_id = here_in(visit.timezone, visit.request.now), visit.request.chat_id
    if not visit.argument:
        return Reply((await _page(0, chat_id, here, visit.words, services),))
    said = linking_words(visit.words.language)
    no_channel = Message(fill(said.no_channel, text=code(shorten(visit.argument, QUERY_UNITS))))
    try:
        reference = references.parse_reference(visit.argument)
    except UnresolvedError:
        return Reply((no_channel,))
    async with services.database.reader() as conn:
        channel = await wishing.find_watched(conn, reference)
    if channel is None and reference.kind != "name":
        return Reply((no_channel,))
    target = channel_links.target_of(channel) if channel is not None else None
    target = target or f"@{reference.value}"
    made = await channel_links.make(chat_id, target, channel, here, visit.words, services)
    return Reply((made,))


async def turn(pressed: Pressed, services: Services) -> PressResult:
    """Another page, in place: the field is the 0-based page."""
    return await _shown(pressed, number(pressed.fields, 0), services)


async def revoke(pressed: Pressed, services: Services) -> PressResult:
    """End a link of this chat: fields are the page and the token. Another's stays as it is."""
    async with services.database.transaction() as tx:
        await links.revoke_link(tx, pressed.fields[1], pressed.press.chat_id)
    toast = linking_words(pressed.words.language).revoked
    return await _shown(pressed, number(pressed.fields, 0), services, toast)


async def _shown(
    pressed: Pressed, page: int, services: Services, toast: str | None = None
) -> PressResult:
    here, chat_id = here_in(pressed.timezone, pressed.press.now), pressed.press.chat_id
    edit = await _page(page, chat_id, here, pressed.words, services)
    return PressResult(edit=edit, toast=toast)


async def _page(page: int, chat_id: int, here: Here, words: Words, services: Services) -> Message:
    said = linking_words(words.language)
    async with services.database.reader() as conn:
        known = await links.list_links(conn, chat_id, now=here.now, invites=False)
        if not known:
            return Message(RichText(said.links_none))
        pages = -(-len(known) // LIST_ROWS)
        page = min(page, pages - 1)
        first = page * LIST_ROWS
        shown = known[first : first + LIST_ROWS]
        entries = [
            fill(
                said.row,
                number=first + place,
                what=await _what(conn, link, words),
                end=coming(link.ends_at, here, words),
                link=sharing.url_of(link.token, services),
            )
            for place, link in enumerate(shown, 1)
        ]
    buttons = tuple(
        (
            Button(
                text=said.revoke.format(number=first + place),
                data=data(LINKS_REVOKE, page, link.token),
            ),
        )
        for place, link in enumerate(shown, 1)
    )
    turns = pager(LINKS_PAGE, (), page, pages, more=page + 1 < pages, words=words)
    title = fill(said.links_title, count=len(known))
    return Message(join("\n\n", [bold(title.text), *entries]), buttons + turns)


async def _what(conn: Connection, link: Link, words: Words) -> RichText:
    """What a link leads to."""
    target: RichText = code(shorten(link.target, QUERY_UNITS))
    if link.kind == "channel":
        target = await wishing.name_target(conn, link.target)
    return fill(linking_words(words.language).kinds[link.kind], target=target)
