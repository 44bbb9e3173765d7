"""``/timezone Europe/Berlin``: the zone of a chat's times and quiet hours."""

from handlers.chats import settings
from handlers.conversation.command_context import CommandContext
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services


async def handle(context: CommandContext, services: Services) -> Reply:
    """Set the zone, or suggest the nearest name."""
    return Reply((await settings.set_zone(context, context.argument.strip(), services),))
