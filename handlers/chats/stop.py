"""``/stop``: no more messages; alerts and plan are kept for ``/start``."""

from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.conversation.visits import Visit
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText
from storage.outbox import held
from storage.subscribers import alerts, subscribers


async def handle(visit: Visit, services: Services) -> Reply:
    """Turn everything off, and keep it."""
    chat_id = visit.request.chat_id
    async with services.database.transaction() as tx:
        kept = await alerts.list_alerts(tx, chat_id)
        await subscribers.deactivate(tx, chat_id)
        await held.drop_all(tx, chat_id, now=visit.request.now)
    for alert in kept:
        services.alert_removed(alert.id)
    services.plans_changed(chat_id)
    return Reply((Message(RichText(visit.words.stopped)),))
