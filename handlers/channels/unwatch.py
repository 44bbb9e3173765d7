"""``/unwatch CHANNEL``: the operator takes a channel off the list, and that is remembered; a button
has it watched on, as if nothing had been."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from handlers.channels import read_further, wishing
from handlers.conversation.command_context import CommandContext
from handlers.conversation.press_context import PressContext, number
from handlers.conversation.removable import says_restored
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.render.text import names
from handlers.render.text.cards import undo_row
from handlers.render.text.dates import Here, here_in, moment
from handlers.render.text.keyboards import UNWATCH_UNDO, data
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, bold, code, fill
from handlers.sources import references
from handlers.sources.references import UnresolvedError
from handlers.texts.words import Words
from storage import times
from storage.channels import channels
from storage.connection import Connection
from storage.records import Channel
from storage.undoing import removals


async def handle(context: CommandContext, services: Services) -> Reply:
    """Take it off the list; what is stored of it stays."""
    words, request = context.words.watching, context.request
    try:
        reference = references.parse_reference(context.argument)
    except UnresolvedError:
        return Reply((Message(fill(words.no_reference, text=code(context.argument))),))
    async with services.database.transaction() as tx:
        channel = await references.find(tx, reference)
        if channel is None:
            return Reply((Message(fill(words.unknown, channel=bold(context.argument))),))
        await take_off(tx, channel, request.chat_id, now=request.now)
    undo = undo_row(data(UNWATCH_UNDO, channel.id), context.words)
    return Reply((Message(fill(words.removed, channel=bold(names.name_of(channel))), undo),))


async def undo(context: PressContext, services: Services) -> PressResult:
    """Watch it on. The field is its row."""
    words, press = context.words, context.press
    row = number(context.fields, 0)
    async with services.database.transaction() as tx:
        back = await put_back(tx, row, press.chat_id, services, now=press.now)
    if back is None:
        return PressResult(keyboard=(), toast=says_restored(False, words))
    here = here_in(context.timezone, press.now)
    said = says_watched(back, bold(names.name_of(back.channel)), here, words)
    if back.state == "known":  # What the message says of it is so still.
        return PressResult(toast=said.text)
    keyboard = read_further.keyboard(back.channel, words) if back.state == "anew" else ()
    return PressResult(edit=Message(said, keyboard))


async def take_off(tx: Connection, channel: Channel, chat_id: int, *, now: datetime) -> None:
    """Watch a channel no more; how far it was read is kept for the chat's undo."""
    row = {"last_scan_at": times.optional_to_epoch(channel.last_scan_at)}
    await removals.keep(tx, chat_id, "channel", str(channel.id), row, now=now)
    await channels.remove_channel(tx, channel.id)
    await channels.note_change(tx)


class Back(Struct, frozen=True):
    """A channel that is watched. ``on``: from where it was read; ``anew``: it begins anew, and what
    it posted while it was not watched is not read; ``known``: which of them is not known, for
    nothing of this chat's is kept."""

    channel: Channel
    state: Literal["on", "anew", "known"]


async def put_back(
    tx: Connection, row: int, chat_id: int, services: Services, *, now: datetime
) -> Back | None:
    """Watch a channel on from where it was read, as after an outage; None where the chat took none
    off, or longer ago. One that is watched again already stays as it is."""
    kept = await removals.find(tx, chat_id, "channel", str(row), now=now)
    if kept is not None:
        last_scan_at = times.optional_from_epoch(kept.row["last_scan_at"])
        if await channels.restore_channel(tx, row, last_scan_at=last_scan_at):
            await removals.take(tx, chat_id, "channel", str(row), now=now)
            await channels.note_change(tx)
    found = await channels.find_watched(tx, row)
    if found is None or kept is None:
        return None if found is None else Back(found, "known")
    await wishing.tell_watched(tx, found, services, now=now)
    went_on = found.added_at <= kept.removed_at and kept.row["last_scan_at"] is not None
    return Back(found, "on" if went_on else "anew")


def says_watched(back: Back, name: RichText | str, here: Here, words: Words) -> RichText:
    """How a channel is watched that was taken off: what is read of the meantime, above all."""
    said = words.watching
    if back.state == "on":
        return fill(said.watched_on, channel=name)
    text = said.watched_anew if back.state == "anew" else said.watched_since
    return fill(text, channel=name, since=moment(back.channel.added_at, here, words))
