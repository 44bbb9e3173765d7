"""``/watch CHANNEL``: the operator puts a channel on the list."""

from datetime import datetime

from handlers import references, visits
from handlers.presses import ButtonError, Pressed
from handlers.references import Reference, UnresolvedError
from handlers.render.keyboards import WATCH_OTHER, data
from handlers.render.messages import Button, Message
from handlers.render.rich import RichText, bold, code, fill, join
from handlers.requests import PressResult, Reply
from handlers.services import Services
from handlers.texts.watching import WatchingWords
from handlers.visits import Visit
from storage import channels
from storage.records import Channel


async def handle(visit: Visit, services: Services) -> Reply:
    """Put it on the list; the process that watches resolves it and tells of trouble.

    Where the name is one that a watched channel had before, ask who is meant.
    """
    words = visit.words.watching
    try:
        reference = references.parse_reference(visit.argument)
    except UnresolvedError:
        return Reply((Message(fill(words.no_reference, text=code(visit.argument))),))
    async with services.database.reader() as conn:
        former = await references.find_former(conn, reference)
        present = await references.find(conn, reference)
    if former is not None:
        return Reply((_ask(former, reference.value, words),))
    if present is not None:
        name = references.name_of(present)
        return Reply((Message(fill(words.already, channel=bold(name))),))
    channel = await _watch(services, reference, now=visit.request.now)
    name = references.name_of(channel) if channel is not None else visit.argument
    is_new = channel is not None and channel.cursor == 0
    return Reply((Message(_added(name, words, services, is_new=is_new)),))


async def watch_other(pressed: Pressed, services: Services) -> PressResult:
    """Watch whoever has a name now that another channel of the list had before."""
    words = pressed.words
    if not visits.is_operator(pressed.press.sender_id, services):
        return PressResult(toast=words.operators_only)
    try:
        reference = references.parse_reference(pressed.fields[0])
    except UnresolvedError as error:
        raise ButtonError(error.what, where="button") from None
    channel = await _watch(services, reference, now=pressed.press.now, anew=True)
    name = references.name_of(channel) if channel is not None else pressed.fields[0]
    is_new = channel is not None and channel.cursor == 0
    return PressResult(edit=Message(_added(name, words.watching, services, is_new=is_new)))


def _added(name: str, words: WatchingWords, services: Services, *, is_new: bool) -> RichText:
    """That it is on the list, what is read of it now, and how more is."""
    lines = [fill(words.added, channel=bold(name))]
    if is_new and services.read_on_watch is not None:
        days, posts = services.read_on_watch
        lines.append(fill(words.reading, days=str(days), posts=str(posts)))
    lines.append(fill(words.read_further, command=code(f"/backfill {name}")))
    return join("\n", lines)


async def _watch(
    services: Services, reference: Reference, *, now: datetime, anew: bool = False
) -> Channel | None:
    async with services.database.transaction() as tx:
        former = await references.find_former(tx, reference) if anew else None
        channel = await references.watch(
            tx, reference, by_hand=True, now=now, anew=former is not None
        )
        await channels.note_change(tx)
    return channel


def _ask(former: Channel, name: str, words: WatchingWords) -> Message:
    text = fill(words.former, channel=bold(references.name_of(former)), name=code(f"@{name}"))
    button = Button(
        text=words.watch_other.format(name=f"@{name}"), data=data(WATCH_OTHER, f"@{name}")
    )
    return Message(text, ((button,),))
