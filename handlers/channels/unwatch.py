"""``/unwatch CHANNEL``: the operator takes a channel off the list, and that is remembered."""

from handlers.conversation.command_context import CommandContext
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.render.text.messages import Message
from handlers.render.text.rich import bold, code, fill
from handlers.sources import references
from handlers.sources.references import UnresolvedError
from storage.channels import channels


async def handle(context: CommandContext, services: Services) -> Reply:
    """Take it off the list; what is stored of it stays."""
    words = context.words.watching
    try:
        reference = references.parse_reference(context.argument)
    except UnresolvedError:
        return Reply((Message(fill(words.no_reference, text=code(context.argument))),))
    async with services.database.transaction() as tx:
        channel = await references.find(tx, reference)
        if channel is None:
            return Reply((Message(fill(words.unknown, channel=bold(context.argument))),))
        await channels.remove_channel(tx, channel.id)
        await channels.note_change(tx)
    return Reply((Message(fill(words.removed, channel=bold(references.name_of(channel)))),))
