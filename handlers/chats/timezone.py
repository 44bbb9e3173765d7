"""``/timezone Europe/Berlin``: the zone in which a chat reads times and sleeps."""

from handlers.chats import settings
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.conversation.visits import Visit


async def handle(visit: Visit, services: Services) -> Reply:
    """Set the zone, or name the nearest one that there is."""
    return Reply((await settings.set_zone(visit, visit.argument.strip(), services),))
