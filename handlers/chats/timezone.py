"""``/timezone Europe/Berlin``: the zone in which a chat reads times and sleeps."""

from handlers.chats import settings
from handlers.conversation.command_context import CommandContext
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services


async def handle(context: CommandContext, services: Services) -> Reply:
    """Set the zone, or name the nearest one that there is."""
    return Reply((await settings.set_zone(context, context.argument.strip(), services),))
