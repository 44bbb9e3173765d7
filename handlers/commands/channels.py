"""``/channels``: what is watched, with the count and the time of the last post."""

from handlers.render.documents import NAME_UNITS, partial_date, zone_of
from handlers.render.messages import Message, shorten
from handlers.render.rich import RichText, bold, fill, join, link
from handlers.requests import Reply
from handlers.services import Services
from handlers.visits import Visit
from storage import activity, channels
from storage.activity import Activity
from storage.records import Channel


async def handle(visit: Visit, services: Services) -> Reply:
    """The watched channels, by name."""
    async with services.database.reader() as conn:
        watched = await channels.list_channels(conn, watched=True)
        busy = await activity.list_activity(conn)
    words = visit.words
    if not watched:
        return Reply((Message(RichText(words.channels_none)),))
    title = fill(words.channels_title, count=words.count(words.channels, len(watched)))
    rows = [
        _row(channel, busy.get(channel.id), visit)
        for channel in sorted(watched, key=lambda channel: _name(channel, visit).casefold())
    ]
    return Reply((Message(join("\n", [bold(title), *rows])),))


def _row(channel: Channel, known: Activity | None, visit: Visit) -> RichText:
    words = visit.words
    url = f"https://t.me/{channel.username}" if channel.username else None
    if known is None or not known.posts:
        fact = words.channel_quiet
    else:
        when = partial_date(known.newest, zone_of(visit.timezone), words)
        posts = words.count(words.posts, known.posts)
        if known.posts >= activity.COUNTED:
            posts = posts.replace(str(known.posts), f"{known.posts}+", 1)
        fact = fill(words.channel_posts, posts=posts, when=when or words.unknown_date).text
    trouble = f" ({words.channel_trouble})" if channel.error else ""
    return "• " + link(_name(channel, visit), url) + f": {fact}{trouble}"


def _name(channel: Channel, visit: Visit) -> str:
    handle_name = f"@{channel.username}" if channel.username else None
    name = channel.title or handle_name or str(channel.channel_id or visit.words.no_name)
    return shorten(name, NAME_UNITS)
