"""``/stop``: no more messages; alerts and plan are kept for ``/start``."""

from handlers.conversation.command_context import CommandContext
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText
from storage.subscribers import alerts


async def handle(context: CommandContext, services: Services) -> Reply:
    """Turn everything off, and keep it."""
    chat_id = context.request.chat_id
    async with services.database.transaction() as tx:
        kept = await alerts.list_alerts(tx, chat_id)
        await services.outbox.chat_stopped(tx, chat_id, now=context.request.now)
    for alert in kept:
        services.alert_removed(alert.id)
    services.plans_changed(chat_id)
    return Reply((Message(RichText(context.words.stopped)),))
