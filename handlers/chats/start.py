"""``/start``: the welcome, the state of a chat, and the way back after ``/stop``."""

from handlers.alerts import alert_buttons, sharing
from handlers.channels import channel_links
from handlers.chats import welcoming
from handlers.conversation import command_context
from handlers.conversation.command_context import CommandContext, revive_if_stopped
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.render.text.rich import join
from handlers.searching import search
from handlers.texts.channels.linking import linking_words
from storage.outbox import notices
from storage.structs import replace
from storage.subscribers import alerts


async def handle(context: CommandContext, services: Services) -> Reply:
    """The welcome, or the state of the chat.

    An unknown payload of a deep link is ignored. For a link of ours that leads nowhere the answer
    is the same whether it expired, was removed or is invented.
    """
    if command_context.is_operator(context.request.chat_id, services):
        async with services.database.transaction() as tx:
            await notices.release_notices(tx, context.request.chat_id, now=context.request.now)
    opened = await channel_links.open_link(context, services)
    if opened is not None:
        return opened
    query = await _linked_query(context, services)
    await revive_if_stopped(context, services)
    if query is not None:
        return await search.handle(replace(context, argument=query), services)
    welcome = await welcoming.welcome(context, services)
    if context.argument.startswith(sharing.NAMED):
        dead = linking_words(context.words.language).dead
        welcome = replace(welcome, text=join("\n\n", (dead, welcome.text)))
    return Reply((welcome,))


async def _linked_query(context: CommandContext, services: Services) -> str | None:
    """The query of the channel's alert that a link names, for people who can read the channel."""
    async with services.database.reader() as conn:
        shared = await sharing.shared_query(conn, context.argument, now=context.request.now)
    if shared is not None:
        return shared
    text = context.argument.removeprefix(alert_buttons.LINK)
    if text == context.argument or not (text.isascii() and text.isdigit() and len(text) <= 18):
        return None
    async with services.database.reader() as conn:
        alert = await alerts.find_alert(conn, int(text))
    person = context.request.sender_id
    if alert is None or alert.chat_id > 0 or person is None:
        return None
    role = await services.role_of(alert.chat_id, person)
    return None if role == "stranger" else alert.query
