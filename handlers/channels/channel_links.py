"""Links to channels: made by a button or ``/links @name``, opened by ``/start``."""

from handlers.alerts import sharing
from handlers.channels import wishing
from handlers.channels.channel_cards import show_card
from handlers.channels.rendering import title_of
from handlers.conversation import command_context
from handlers.conversation.command_context import CommandContext, revive_if_stopped
from handlers.conversation.press_context import PressContext, number
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.render.text.dates import Here, coming, here_in
from handlers.render.text.keyboards import LINK_REVOKE, LINKS_PAGE, data
from handlers.render.text.messages import Button, Message
from handlers.render.text.rich import bold, fill
from handlers.sources import references
from handlers.texts.channels.linking import linking_words
from handlers.texts.channels.listing import listing_words
from handlers.texts.people.access import access_words
from handlers.texts.words import Words
from storage.channels import channels
from storage.records import Channel
from storage.subscribers import links
from storage.subscribers.links import Link


async def open_link(context: CommandContext, services: Services) -> Reply | None:
    """The channel that a link leads to, or that it is asked for; None for no link to one: forged,
    ended and revoked ones are all the same."""
    payload, now = context.argument, context.request.now
    if not payload.startswith(sharing.NAMED):
        return None
    async with services.database.reader() as conn:
        link = await links.find_link(conn, payload.removeprefix(sharing.NAMED), now=now)
    if link is None or link.kind != "channel":
        return None
    await revive_if_stopped(context, services)
    reference, here = references.parse_reference(link.target), here_in(context.timezone, now)
    async with services.database.reader() as conn:
        channel = await wishing.find_watched(conn, reference)
    if channel is not None:
        request = context.request
        is_operator = command_context.is_operator(request.sender_id, services)
        card = await show_card(
            services, channel.id, request.chat_id, 0, here, context.words, may_mark=is_operator
        )
        return Reply((card,)) if card is not None else None
    return Reply((await wishing.ask(context, link.target, services),))


async def share(context: PressContext, services: Services) -> PressResult:
    """A link to a watched channel: the field is its row."""
    async with services.database.reader() as conn:
        channel = await channels.find_watched(conn, number(context.fields, 0))
    target = target_of(channel) if channel is not None else None
    if channel is None or target is None:
        return PressResult(toast=listing_words(context.words.language).gone)
    here = here_in(context.timezone, context.press.now)
    made = await make(context.press.chat_id, target, channel, here, context.words, services)
    return PressResult(reply=(made,))


async def make(
    chat_id: int,
    target: str,
    channel: Channel | None,
    here: Here,
    words: Words,
    services: Services,
) -> Message:
    """Make a link to a channel (None: it is not watched), and say what it is; buttons revoke it and
    show all links."""
    ends_at = here.now + sharing.LASTS
    async with services.database.transaction() as tx:
        token = await links.add_link(
            tx, kind="channel", target=target, made_by=chat_id, now=here.now, ends_at=ends_at
        )
        link = await links.find_link(tx, token, now=here.now)
    if link is None:
        raise LookupError("a link that was made just now")
    return made_message(link, channel, here, words, services)


def made_message(
    link: Link, channel: Channel | None, here: Here, words: Words, services: Services
) -> Message:
    """What is said of a link to a channel (None: it is not watched); buttons end it and show all
    links."""
    said, url = linking_words(words.language), sharing.url_of(link.token, services)
    name = bold(title_of(channel) if channel is not None else link.target)
    template = said.made if channel is not None else said.made_unwatched
    text = fill(template, channel=name, end=coming(link.ends_at, here, words), link=url)
    remove = Button(
        text=access_words(words.language).link_revoke, data=data(LINK_REVOKE, link.token)
    )
    return Message(text, ((remove,), (Button(text=said.all_links, data=data(LINKS_PAGE, 0)),)))


def target_of(channel: Channel) -> str | None:
    """How a link names a channel: by its number, which it keeps, else by name."""
    if channel.channel_id is not None:
        return str(channel.channel_id)
    return f"@{channel.username}" if channel.username else None
