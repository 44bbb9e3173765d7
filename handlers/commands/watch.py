"""``/watch CHANNEL``: the operator puts a channel on the list."""

from handlers import references
from handlers.references import UnresolvedError
from handlers.render.messages import Message
from handlers.render.rich import bold, code, fill
from handlers.requests import Reply
from handlers.services import Services
from handlers.visits import Visit
from storage import channels


async def handle(visit: Visit, services: Services) -> Reply:
    """Put it on the list; the process that watches resolves it and tells of trouble."""
    words = visit.words.watching
    try:
        reference = references.parse_reference(visit.argument)
    except UnresolvedError:
        return Reply((Message(fill(words.no_reference, text=code(visit.argument))),))
    async with services.database.transaction() as tx:
        channel = await references.watch(tx, reference, by_hand=True, now=visit.request.now)
        await channels.note_change(tx)
    name = references.name_of(channel) if channel is not None else visit.argument
    return Reply((Message(fill(words.added, channel=bold(name))),))
