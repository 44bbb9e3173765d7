"""``/status``: the operator's view of the instance: scans, outbox, channels in trouble."""

from handlers import scans
from handlers.commands.channels import channel_rows, list_status
from handlers.render.messages import Message
from handlers.render.rich import bold, fill, join
from handlers.requests import Reply
from handlers.services import Services
from handlers.visits import Visit
from storage import outbox


async def handle(visit: Visit, services: Services) -> Reply:
    """How often all is scanned, what waits to be sent, and every channel."""
    words = visit.words
    statuses = await list_status(visit, services)
    async with services.database.reader() as conn:
        states = await outbox.count_by_state(conn)
    interval = scans.effective_interval(
        services.reconcile_interval, channels=len(statuses), requests=services.scan_requests
    )
    counts = {name: str(states.get(name, 0)) for name in ("queued", "sent", "dead")}
    watched = fill(words.channels_title, count=words.count(words.channels, len(statuses)))
    lines = [
        bold(watched),
        fill(words.watching.status, interval=words.watching.span(interval)),
        fill(words.watching.queue, **counts),
        *channel_rows(visit, statuses),
    ]
    return Reply((Message(join("\n", lines)),))
