"""``/unwatch CHANNEL``: the operator takes a channel off the list, and that is remembered; a button
has it watched on, as if nothing had been."""

from datetime import datetime

from handlers.channels import wishing
from handlers.conversation import command_context
from handlers.conversation.command_context import CommandContext
from handlers.conversation.press_context import PressContext, number
from handlers.conversation.removable import says_restored
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.render.text.cards import undo_row
from handlers.render.text.keyboards import UNWATCH_UNDO, data
from handlers.render.text.messages import Message
from handlers.render.text.rich import bold, code, fill
from handlers.sources import references
from handlers.sources.references import UnresolvedError
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
    return Reply((Message(fill(words.removed, channel=bold(references.name_of(channel))), undo),))


async def undo(context: PressContext, services: Services) -> PressResult:
    """Watch it on. The field is its row."""
    words, press = context.words, context.press
    if not command_context.is_operator(press.sender_id, services):
        return PressResult(toast=words.operators_only)
    row = number(context.fields, 0)
    async with services.database.transaction() as tx:
        channel = await put_back(tx, row, press.chat_id, services, now=press.now)
    if channel is None:
        return PressResult(keyboard=(), toast=says_restored(False, words))
    name = bold(references.name_of(channel))
    return PressResult(edit=Message(fill(words.watching.watched_on, channel=name)))


async def take_off(tx: Connection, channel: Channel, chat_id: int, *, now: datetime) -> None:
    """Watch a channel no more; how far it was read is kept for the chat's undo."""
    row = {"last_scan_at": times.optional_to_epoch(channel.last_scan_at)}
    await removals.keep(tx, chat_id, "channel", str(channel.id), row, now=now)
    await channels.remove_channel(tx, channel.id)
    await channels.note_change(tx)


async def put_back(
    tx: Connection, row: int, chat_id: int, services: Services, *, now: datetime
) -> Channel | None:
    """Watch a channel on from where it was read, as after an outage; None where the chat took none
    off, or longer ago. One that is watched again already stays as it is."""
    kept = await removals.take(tx, chat_id, "channel", str(row), now=now)
    if kept is not None:
        last_scan_at = times.optional_from_epoch(kept["last_scan_at"])
        if await channels.restore_channel(tx, row, last_scan_at=last_scan_at):
            await channels.note_change(tx)
    found = await channels.find_watched(tx, row)
    if found is not None and kept is not None:
        await wishing.tell_watched(tx, found, services, now=now)
    return found
