"""Below ``/watch``: how far a channel is read, and buttons to read further back, or no further."""

from datetime import UTC, datetime, timedelta

from handlers.conversation.press_context import ButtonError, PressContext, number
from handlers.conversation.requests import PressResult
from handlers.conversation.services import Services
from handlers.render.text.dates import here_in
from handlers.render.text.keyboards import READ_ASK, READ_BACK, READ_STATE, READ_STOP, data
from handlers.render.text.messages import Button, Keyboard, Message
from handlers.render.text.names import name_of
from handlers.render.text.rich import RichText, bold, fill
from handlers.searching import reading
from handlers.texts.alerts.alert_settings import alert_settings_words
from handlers.texts.channels.reading import reading_words
from handlers.texts.words import Words
from storage.channels import backfills, channels
from storage.connection import Connection
from storage.records import Backfill, Channel


def keyboard(channel: Channel, words: Words, asked: Backfill | None = None) -> Keyboard:
    """Buttons below what is said of a channel's reading; ``asked``: what is read of its history."""
    said = reading_words(words.language)
    state = Button(text=said.how_far, data=data(READ_STATE, channel.id))
    is_history = asked is not None and not asked.newest_first and reading.is_open(asked)
    text, verb = (said.stop, READ_STOP) if is_history else (said.further, READ_ASK)
    return ((state, Button(text=text, data=data(verb, channel.id))),)


async def show(context: PressContext, services: Services) -> PressResult:
    """How far a channel is read now, in place: the field is its row."""
    async with services.database.reader() as conn:
        channel = await _channel(conn, context)
        return PressResult(edit=await _state(conn, channel, context))


async def ask(context: PressContext, services: Services) -> PressResult:
    """Ask how far back a channel is to be read: the field is its row."""
    async with services.database.reader() as conn:
        channel = await _channel(conn, context)
    said = reading_words(context.words.language)
    spans = tuple(
        Button(text=label, data=data(READ_BACK, channel.id, days))
        for days, label in said.spans.items()
    )
    back = Button(
        text=alert_settings_words(context.words.language).back, data=data(READ_STATE, channel.id)
    )
    question = fill(said.how_much, channel=bold(name_of(channel)))
    return PressResult(edit=Message(question, (spans, (back,))))


async def read(context: PressContext, services: Services) -> PressResult:
    """Read a channel's history: fields are its row and of how many days, 0 for all."""
    press, words, days = context.press, context.words, number(context.fields, 1)
    said = reading_words(words.language)
    if days not in dict(said.spans):
        raise ButtonError(f"{days} days are offered by no button")
    # Whole days: who presses twice asks for the same.
    since = datetime.combine(press.now.date(), datetime.min.time(), UTC) - timedelta(days=days)
    async with services.database.transaction() as tx:
        channel = await _channel(tx, context)
        asked = await backfills.ask_for(
            tx,
            channel.id,
            since=since if days else None,
            asked_by=press.chat_id,
            now=press.now,
        )
        await channels.note_change(tx)
    begun = fill(said.history_begun, channel=bold(name_of(channel)))
    return PressResult(edit=Message(begun, keyboard(channel, words, asked)))


async def stop(context: PressContext, services: Services) -> PressResult:
    """Read no further in a channel's history: the field is its row."""
    press, words = context.press, context.words
    async with services.database.transaction() as tx:
        channel = await _channel(tx, context)
        asked = await backfills.find_backfill(tx, channel.id)
        if asked is None or asked.newest_first or not reading.is_open(asked):
            return PressResult(edit=await _state(tx, channel, context))
        await backfills.finish(tx, channel.id, finished_at=press.now)
    stopped = RichText(reading_words(words.language).stopped)
    return PressResult(edit=Message(stopped, keyboard(channel, words)))


async def _state(conn: Connection, channel: Channel, context: PressContext) -> Message:
    here = here_in(context.timezone, context.press.now)
    asked = await backfills.find_backfill(conn, channel.id)
    text = await reading.channel_state(conn, channel, here, context.words)
    return Message(text, keyboard(channel, context.words, asked))


async def _channel(conn: Connection, context: PressContext) -> Channel:
    """The watched channel that a button names. Raises ButtonError where there is none."""
    channel = await channels.find_watched(conn, number(context.fields, 0))
    if channel is None:
        raise ButtonError("no such channel is watched")
    return channel
