"""How far back channels are read, in words: all of them, or one."""

from handlers.conversation.services import Services
from handlers.render.text.dates import Here, moment
from handlers.render.text.names import name_of
from handlers.render.text.rich import RichText, bold, fill
from handlers.texts.channels.reading import reading_words
from handlers.texts.words import Words
from storage.channels import backfills
from storage.connection import Connection
from storage.documents import reach
from storage.documents.reach import Reach
from storage.records import Backfill, Channel


async def progress(conn: Connection, services: Services, words: Words) -> RichText | None:
    """A line with the number of channels whose recent posts are still being read; None if there are
    none."""
    waiting, posts = await backfills.count_recent(conn)
    if not waiting or services.read_on_watch is None:
        return None
    return fill(
        reading_words(words.language).recent,
        channels=words.count(words.channels, waiting),
        posts=words.count(words.posts, posts),
    )


def reach_line(found: Reach, here: Here, words: Words) -> RichText:
    """How far back the archive reaches."""
    said = reading_words(words.language)
    first, last = (moment(at, here, words) for at in (found.farthest, found.nearest))
    if first == last:
        return fill(said.reach, first=first)
    return fill(said.reach_uneven, first=first, last=last)


async def channel_state(conn: Connection, channel: Channel, here: Here, words: Words) -> RichText:
    """How far back a watched channel is read."""
    said, name = reading_words(words.language), bold(name_of(channel))
    asked = await backfills.find_backfill(conn, channel.id)
    trouble = channel.error or (asked.error if asked is not None else None)
    if trouble:
        reason = words.watching.trouble_of(trouble)
        return fill(said.failed, channel=name, reason=reason)
    found = await reach.find_reach(conn, channel.id)
    if found is None:
        return fill(said.waiting, channel=name)
    since = moment(found.nearest, here, words)
    posts = words.count(words.posts, asked.posts if asked is not None else 0)
    if is_open(asked):
        template = said.reading if asked is not None and asked.newest_first else said.history
        return fill(template, channel=name, posts=posts, since=since)
    return fill(said.read, channel=name, since=since)


def is_open(backfill: Backfill | None) -> bool:
    """Whether the channel's history is being read."""
    return backfill is not None and backfill.finished_at is None
