"""``/language Deutsch``: the language in which the bot writes to a chat."""

from handlers.chats import settings
from handlers.conversation.command_context import CommandContext
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services


async def handle(context: CommandContext, services: Services) -> Reply:
    """Set the language, or list the languages."""
    return Reply((await settings.set_language(context, context.argument.strip(), services),))
