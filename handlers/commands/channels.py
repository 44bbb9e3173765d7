"""``/channels``: what is watched, and for each channel how far it is read and what is missing."""

from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.references import name_of
from handlers.render.messages import Message
from handlers.render.names import contained
from handlers.render.rich import RichText, bold, fill, join
from handlers.render.watching import channel_lines
from handlers.requests import Reply
from handlers.services import Services
from handlers.visits import Visit
from storage import watching
from storage.watching import ChannelStatus


async def handle(visit: Visit, services: Services) -> Reply:
    """The watched channels, by name."""
    statuses = await list_status(visit, services)
    words = visit.words
    if not statuses:
        return Reply((Message(RichText(words.channels_none)),))
    title = fill(words.channels_title, count=words.count(words.channels, len(statuses)))
    return Reply((Message(join("\n", [bold(title), *channel_rows(visit, statuses)])),))


async def list_status(visit: Visit, services: Services) -> list[ChannelStatus]:
    """The status of every channel; today is that of whoever asks."""
    async with services.database.reader() as conn:
        return await watching.list_status(conn, midnight=_midnight(visit))


def channel_rows(visit: Visit, statuses: list[ChannelStatus]) -> list[RichText]:
    """The channels by name, some lines each."""
    named = [
        (contained(status.channel.title or "").strip() or name_of(status.channel), status)
        for status in statuses
    ]
    named.sort(key=lambda pair: pair[0].casefold())
    words, now = visit.words.watching, visit.request.now
    return [channel_lines(status, name, words, now) for name, status in named]


def _midnight(visit: Visit) -> datetime:
    here = visit.request.now.astimezone(ZoneInfo(visit.timezone))
    return here.replace(hour=0, minute=0, second=0, microsecond=0)
