"""``/suggest``: channels that the watched ones lead to; with a channel's name it is asked for."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from handlers.channels import wishing
from handlers.channels.naming import Suggestion, names_of, suggest
from handlers.channels.rendering import title_of
from handlers.conversation import command_context
from handlers.conversation.command_context import CommandContext
from handlers.conversation.press_context import PressContext, number
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.render.text.headings import NAME_UNITS
from handlers.render.text.keyboards import RUN, SUGGEST_PAGE, data
from handlers.render.text.lists import page_of
from handlers.render.text.messages import Button, Message, shorten
from handlers.render.text.names import contained
from handlers.render.text.rich import RichText, bold, code, fill, join, link
from handlers.sources import references
from handlers.sources.references import UnresolvedError
from handlers.texts.channels.comparing import SuggestWords, suggest_words
from handlers.texts.channels.linking import linking_words
from handlers.texts.words import Words
from storage import row_ids
from storage.channels import channels, named
from storage.connection import Database
from storage.records import Channel

EXAMPLE = "/suggest @example_mfa"
DAYS = 30
SECONDS = 0.7
"""The number of newest posts that are searched for names, while a person waits."""
MOST_POSTS = 30_000
AT_ONCE = 1_000
BY = 4
BY_UNITS = 30
"""How much of the names of these is shown: a page of them all is one message."""


class _Found(Struct, frozen=True):
    """What is suggested, the channels by number, and in how many posts names were looked for where
    these are not all."""

    suggestions: Sequence[Suggestion]
    known: Mapping[int, Channel]
    read: int | None


async def handle(context: CommandContext, services: Services) -> Reply:
    """The channels that are not watched; or ask for the one that is named."""
    if context.argument.strip():
        return Reply((await _ask(context, services),))
    request = context.request
    found = await _find(services.database, request.now - timedelta(days=DAYS))
    is_operator = command_context.is_operator(request.sender_id, services)
    return Reply((_list(found, 0, context.words, is_operator=is_operator),))


async def turn(context: PressContext, services: Services) -> PressResult:
    """Another page, of what is there now. The field is the 0-based page."""
    page, press = number(context.fields, 0), context.press
    found = await _find(services.database, press.now - timedelta(days=DAYS))
    is_operator = command_context.is_operator(press.sender_id, services)
    return PressResult(edit=_list(found, page, context.words, is_operator=is_operator))


async def _ask(context: CommandContext, services: Services) -> Message:
    """Ask the operators for it, who watch it at once."""
    words = context.words
    try:
        reference = references.parse_reference(context.argument)
    except UnresolvedError:
        text = code(shorten(context.argument, NAME_UNITS))
        return Message(fill(linking_words(words.language).no_channel, text=text))
    if reference.kind == "invite":
        text = code(shorten(context.argument, NAME_UNITS))
        return Message(fill(linking_words(words.language).no_channel, text=text))
    async with services.database.reader() as conn:
        watched = await wishing.find_watched(conn, reference)
    if watched is not None:
        said = suggest_words(words.language)
        return Message(fill(said.watched, channel=bold(title_of(watched))))
    target = f"@{reference.value}" if reference.kind == "name" else reference.value
    return await wishing.ask(context, target, services)


async def _find(database: Database, since: datetime) -> _Found:
    async with database.reader() as conn:
        known = await channels.list_channels(conn)
        forwarded = await named.list_forwarded(conn, since=since)
        newest: dict[int, int] = {}
        for one in forwarded:
            newest[one.channel_id] = max(one.newest, newest.get(one.channel_id, 0))
        origins = await named.list_origins(conn, sorted(newest.values()))
    by_origin = {channel: origins[row] for channel, row in newest.items() if row in origins}
    names, read = await _names(database, since)
    suggestions = suggest(
        forwarded,
        by_origin,
        names,
        watched={one.channel_id for one in known if one.channel_id is not None},
        names={(one.username or "").lower() for one in known} - {""},
    )
    by_number = {one.channel_id: one for one in known if one.channel_id is not None}
    return _Found(suggestions, by_number, read)


async def _names(
    database: Database, since: datetime
) -> tuple[Counter[tuple[str, int]], int | None]:
    """The names in the newest posts; and how many posts these are, where there are more."""
    found: Counter[tuple[str, int]] = Counter()
    below, read = row_ids.LAST_DATED, 0
    try:
        async with asyncio.timeout(SECONDS), database.reader() as conn:
            while read < MOST_POSTS:
                posts = await named.list_written(conn, since=since, below=below, limit=AT_ONCE)
                found += await asyncio.to_thread(names_of, posts)
                read += len(posts)
                if len(posts) < AT_ONCE:
                    return found, None
                below = posts[-1].id
    except TimeoutError:
        pass
    return found, read


def _list(found: _Found, page: int, words: Words, *, is_operator: bool) -> Message:
    said = suggest_words(words.language)
    days = words.count(words.days, DAYS)
    if not found.suggestions:
        return Message(fill(said.none, days=days))
    shown = page_of(found.suggestions, page)
    rows = [_row(number, one, found.known, said) for number, one in shown.numbered()]
    lines: list[RichText | str] = [bold(fill(said.title, days=days)), *rows, ""]
    if found.read is not None:
        lines.append(said.count(said.newest, found.read))
    lines.append(said.hint_operator if is_operator else said.hint)
    buttons = [
        Button(
            text=(said.watch if is_operator else said.ask).format(number=number),
            data=data(RUN, "watch" if is_operator else "suggest", one.target),
        )
        for number, one in shown.numbered()
    ]
    pairs = tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))
    return Message(join("\n", lines), (*pairs, *shown.turning(SUGGEST_PAGE, (), words)))


def _row(
    number: int, one: Suggestion, known: Mapping[int, Channel], said: SuggestWords
) -> RichText:
    address = f"https://t.me/{one.target[1:]}" if one.target.startswith("@") else None
    title = shorten(contained(one.title), NAME_UNITS)
    name = link(one.target, address)
    if title:
        name = join(" ", (title, name))
    how = [said.count(said.forwarded, one.forwarded)] if one.forwarded else []
    how += [said.count(said.named, one.named)] if one.named else []
    row = fill(said.row, number=number, channel=name, how=", ".join(how))
    by = [
        f"{shorten(title_of(known[channel]), BY_UNITS)} {said.number(posts)}"
        for channel, posts in one.by.most_common(BY)
    ]
    more = f" {said.count(said.more, len(one.by) - BY)}" if len(one.by) > BY else ""
    return join("\n", (row, RichText("   ") + fill(said.by, channels=", ".join(by) + more)))
