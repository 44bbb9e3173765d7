"""``/watch CHANNEL``: the operator puts a channel on the list."""

from datetime import datetime

from handlers.channels import read_further, wishing
from handlers.conversation.command_context import CommandContext
from handlers.conversation.press_context import ButtonError, PressContext
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.render.text import names
from handlers.render.text.keyboards import WATCH_OTHER, data
from handlers.render.text.messages import Button, Message
from handlers.render.text.rich import bold, code, fill, join
from handlers.sources import references
from handlers.sources.references import Reference, UnresolvedError
from handlers.texts.watching import WatchingWords
from handlers.texts.words import Words
from storage.channels import channels
from storage.records import Channel


async def handle(context: CommandContext, services: Services) -> Reply:
    """Put it on the list; the process that watches resolves it and tells of trouble.

    Where the name is one that a watched channel had before, ask who is meant.
    """
    words = context.words.watching
    try:
        reference = references.parse_reference(context.argument)
    except UnresolvedError:
        return Reply((Message(fill(words.no_reference, text=code(context.argument))),))
    async with services.database.reader() as conn:
        former = await references.find_former(conn, reference)
        present = await references.find(conn, reference)
    if former is not None:
        return Reply((_ask(former, reference.value, words),))
    if present is not None:
        name = names.name_of(present)
        return Reply((Message(fill(words.already, channel=bold(name))),))
    channel = await _watch(services, reference, now=context.request.now)
    return Reply((_added(channel, context.argument, context.words, services),))


async def watch_other(context: PressContext, services: Services) -> PressResult:
    """Watch the channel that now has a name which another channel of the list had before."""
    words = context.words
    try:
        reference = references.parse_reference(context.fields[0])
    except UnresolvedError as error:
        raise ButtonError(error.what) from None
    channel = await _watch(services, reference, now=context.press.now, anew=True)
    return PressResult(edit=_added(channel, context.fields[0], words, services))


def _added(channel: Channel | None, name: str, words: Words, services: Services) -> Message:
    """That it is on the list, what is read of it, and buttons to see how far and to read more."""
    said = words.watching
    if channel is None:
        return Message(fill(said.added, channel=bold(name)))
    lines = [fill(said.added, channel=bold(names.name_of(channel)))]
    if channel.cursor == 0 and services.read_on_watch is not None:
        days, posts = services.read_on_watch
        span, most = words.count(words.days, days), words.count(words.posts_at_most, posts)
        lines.append(fill(said.reading, days=span, posts=most))
    return Message(join("\n", lines), read_further.keyboard(channel, words))


async def _watch(
    services: Services, reference: Reference, *, now: datetime, anew: bool = False
) -> Channel | None:
    async with services.database.transaction() as tx:
        former = await references.find_former(tx, reference) if anew else None
        channel = await references.watch(
            tx, reference, by_hand=True, now=now, anew=former is not None
        )
        await channels.note_change(tx)
        if channel is not None:
            await wishing.tell_watched(tx, channel, services, now=now)
    return channel


def _ask(former: Channel, name: str, words: WatchingWords) -> Message:
    text = fill(words.former, channel=bold(names.name_of(former)), name=code(f"@{name}"))
    button = Button(
        text=words.watch_other.format(name=f"@{name}"), data=data(WATCH_OTHER, f"@{name}")
    )
    return Message(text, ((button,),))
