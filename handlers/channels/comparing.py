"""``/compare @one @other [30d]``: what both channels say, who was first, and by how much."""

import re
from datetime import datetime, timedelta

from handlers.channels.copying import FEWEST, Comparison, Side, compare
from handlers.channels.rendering import title_of
from handlers.conversation.command_context import CommandContext
from handlers.conversation.odd_spans import refuse_span
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.render.text.dates import here_in, moment
from handlers.render.text.headings import NAME_UNITS
from handlers.render.text.messages import Message, shorten
from handlers.render.text.rich import RichText, bold, code, fill, join
from handlers.sources import references
from handlers.texts.channels.comparing import CompareWords, compare_words
from handlers.texts.channels.linking import linking_words
from handlers.texts.words import Words
from handlers.times.spans import cut_span
from storage.channels import shared
from storage.channels.shared import PublishedPost
from storage.connection import Connection
from storage.documents import reach
from storage.records import Channel
from storage.structs import replace

EXAMPLE = "/compare @example_mfa @example_port 30d"
DAYS = 30
STORY = timedelta(days=7)
"""A story that is told may have begun so long before."""
_DAY = timedelta(days=1)
_BETWEEN = re.compile(r"[\s,;]+")


async def handle(context: CommandContext, services: Services) -> Reply:
    """Compare two watched channels by their posts of a number of days."""
    words, now = context.words, context.request.now
    here = here_in(context.timezone, now)
    if (refused := refuse_span(context.argument, words)) is not None:
        return Reply((refused,), stands=True)
    text, span = cut_span(context.argument)
    named = [part for part in _BETWEEN.split(text) if part]
    if len(named) != 2:
        two = fill(compare_words(words.language).two, example=code(EXAMPLE))
        return Reply((Message(two),), stands=True)
    days = DAYS if span is None else max(1, -(-span // _DAY))
    async with services.database.reader() as conn:
        found = [await references.find_named(conn, one) for one in named]
        missing = next((named[place] for place in (0, 1) if found[place] is None), None)
        known = [one for one in found if one is not None]
        if missing is not None:
            name = code(shorten(missing, NAME_UNITS))
            text_of = linking_words(words.language).not_watched
            return Reply((Message(fill(text_of, channel=name)),), stands=True)
        if known[0].id == known[1].id:
            two = fill(compare_words(words.language).two, example=code(EXAMPLE))
            return Reply((Message(two),), stands=True)
        wanted = now - timedelta(days=days)
        posts = [await _list_posts(conn, one, since=wanted - STORY) for one in known]
        since = max([wanted, *[await _whole_since(conn, one) or wanted for one in known]])
    cut = [min(post.at for post in read) for read in posts if len(read) >= shared.MOST]
    since = max([since, *cut])
    ids = [one.channel_id or 0 for one in known]
    comparison = compare(posts[0], posts[1], one_id=ids[0], other_id=ids[1], since=since)
    message = _message(known[0], known[1], comparison, days, words)
    if since > wanted:
        from_then = fill(compare_words(words.language).since, day=moment(since, here, words))
        message = replace(message, text=join("\n", (message.text, from_then)))
    return Reply((message,))


async def _list_posts(
    conn: Connection, channel: Channel, *, since: datetime
) -> list[PublishedPost]:
    if channel.channel_id is None:
        return []
    return await shared.list_published(conn, channel.channel_id, since=since)


async def _whole_since(conn: Connection, channel: Channel) -> datetime | None:
    """Since when a channel is stored whole; None where that is not known."""
    found = await reach.find_reach(conn, channel.id)
    return None if found is None else found.nearest


def _message(
    one: Channel, other: Channel, comparison: Comparison, days: int, words: Words
) -> Message:
    said = compare_words(words.language)
    names = [shorten(title_of(channel), NAME_UNITS) for channel in (one, other)]
    sides = (comparison.one, comparison.other)
    lines: list[RichText | str] = [
        bold(fill(said.title, one=names[0], other=names[1], days=words.count(words.days, days)))
    ]
    lines += [_share(name, side, words, said) for name, side in zip(names, sides, strict=True)]
    if all(side.posts for side in sides):
        lines += _course(names, comparison, words, said)
    return Message(join("\n", lines))


def _share(name: str, side: Side, words: Words, said: CompareWords) -> RichText:
    if not side.posts:
        return fill(said.nothing, channel=name)
    return fill(
        said.share,
        channel=name,
        posts=_posts(side.posts, words, said),
        same=said.number(side.same),
        percent=round(100 * side.same / side.posts),
    )


def _course(
    names: list[str], comparison: Comparison, words: Words, said: CompareWords
) -> list[RichText | str]:
    """Who was first and by how much, as far as that can be said."""
    if not comparison.stories:
        return ["", said.no_common, said.what]
    lines: list[RichText | str] = [""]
    is_enough = comparison.stories >= FEWEST
    sides = (comparison.one, comparison.other)
    for name, side in zip(names, sides, strict=True):
        if side.lead is not None:
            values: dict[str, str | int] = {"channel": name, "times": side.first}
            values["all"] = comparison.stories
            line = fill(said.first_few, **values)
            if is_enough:
                line = fill(said.first, lag=_lag(side.lead, said), **values)
            lines.append(line)
    if comparison.together:
        lines.append(said.count(said.together, comparison.together))
    for name, beside, side in zip(names, reversed(names), sides, strict=True):
        if side.forwarded:
            posts = _posts(side.forwarded, words, said)
            lines.append(fill(said.forwards, channel=name, posts=posts, other=beside))
    if not is_enough:
        lines.append(said.too_few)
    return [*lines, said.what]


def _lag(lead: timedelta, said: CompareWords) -> str:
    seconds = round(lead.total_seconds())
    if seconds < 120:
        return said.count(said.seconds, seconds)
    if seconds < 2 * 3600:
        return said.count(said.minutes, round(seconds / 60))
    return said.count(said.hours, round(seconds / 3600))


def _posts(count: int, words: Words, said: CompareWords) -> str:
    return words.posts[words.plural(count)].replace("{n}", said.number(count))
