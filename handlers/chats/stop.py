"""``/stop``: no more messages; alerts and plan are kept for ``/start``."""

from handlers.conversation.command_context import CommandContext
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText


async def handle(context: CommandContext, services: Services) -> Reply:
    """Turn everything off, and keep it."""
    chat_id = context.request.chat_id
    async with services.database.transaction() as tx:
        await services.outbox.chat_stopped(tx, chat_id, now=context.request.now)
    services.plans_changed(chat_id)
    return Reply((Message(RichText(context.words.stopped)),))
