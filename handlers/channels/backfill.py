"""``/backfill CHANNEL [DATE]``: the operator asks for a channel's history."""

from handlers.conversation.command_context import CommandContext
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.render.text import names
from handlers.render.text.dates import zone_of
from handlers.render.text.messages import Message
from handlers.render.text.rich import bold, code, fill
from handlers.sources import references
from handlers.sources.references import UnresolvedError
from storage.channels import backfills, channels
from storage.errors import UsageError
from storage.query.reading import dates


async def handle(context: CommandContext, services: Services) -> Reply:
    """Ask the process that watches to read it, oldest first; it raises no alerts."""
    words = context.words.watching
    name, _, date = context.argument.partition(" ")
    try:
        reference = references.parse_reference(name)
    except UnresolvedError:
        return Reply((Message(fill(words.no_reference, text=code(name))),))
    now = context.request.now
    try:
        zone = zone_of(context.timezone)
        since = dates.read_start(date.strip(), now=now, zone=zone) if date.strip() else None
    except UsageError:
        return Reply((Message(fill(words.backfill_usage)),))
    async with services.database.transaction() as tx:
        channel = await references.find(tx, reference)
        if channel is None:
            return Reply((Message(fill(words.unknown, channel=bold(name))),))
        chat_id = context.request.chat_id
        await backfills.ask_for(tx, channel.id, since=since, asked_by=chat_id, now=now)
        await channels.note_change(tx)
    return Reply((Message(fill(words.backfill_begun, channel=bold(names.name_of(channel)))),))
