"""The welcome, with what the database has to show."""

from collections.abc import Sequence

from handlers.chats.quiet import quiet_line
from handlers.conversation import dialogue
from handlers.conversation.command_context import CommandContext
from handlers.conversation.services import Services
from handlers.render.answers.plans import next_of
from handlers.render.answers.welcome import (
    Offer,
    State,
    start_keyboard,
    state_message,
    welcome_message,
)
from handlers.render.text.dates import here_in
from handlers.render.text.messages import Keyboard, Message
from handlers.render.text.names import contained, name_of
from handlers.searching import reading
from handlers.texts.alerts.alert_settings import alert_settings_words
from handlers.times.zones import zone_label
from storage import facts
from storage.channels import channels
from storage.connection import Connection
from storage.document import Document
from storage.documents import search
from storage.query.reading.syntax import Query
from storage.records import Alert, Channel
from storage.structs import replace
from storage.subscribers import alerts, plans

LOOKED_AT = 20
"""How many posts are tried for the latest one: some are deleted or have no text."""


async def welcome(context: CommandContext, services: Services) -> Message:
    """For a new chat, what there is; for others also their state."""
    here = here_in(context.timezone, context.request.now)
    is_first = await _greet(context, services)
    async with services.database.reader() as conn:
        offer = Offer(
            names=[_name(one) for one in await channels.list_channels(conn)],
            progress=await reading.progress(conn, services, context.words),
            latest=await _latest(conn),
        )
        state = await _state(conn, context)
    if is_first and state.is_bare and context.subscriber.timezone is None:
        message = welcome_message(offer, here, context.words)
    else:
        message = state_message(offer, state, here, context.words)
    return replace(message, keyboard=_keyboard(context))


def _keyboard(context: CommandContext) -> Keyboard:
    """The buttons; none in a channel, where everybody would see the question: it is set up in
    private, with ``/for``."""
    if not dialogue.can_ask(context):
        return ()
    return start_keyboard(context.words, searches=not context.handle)


async def _greet(context: CommandContext, services: Services) -> bool:
    """Whether this message greets the chat: a chat that others let in is known, but new."""
    name, number = f"greeted:{context.request.chat_id}", str(context.request.message_id)
    async with services.database.reader() as conn:
        greeted = await facts.find_value(conn, name)
    if greeted is None:
        async with services.database.transaction() as tx:
            await facts.set_value(tx, name, number)
    return greeted in (None, number)


async def _state(conn: Connection, context: CommandContext) -> State:
    chat_id = context.request.chat_id
    have = await alerts.list_alerts(conn, chat_id)
    planned = await plans.list_plans(conn, chat_id)
    return State(
        alerts=len(have),
        paused=_count_resting(have, context),
        plans=planned,
        next_digest=next_of(planned),
        zone=zone_label(context.timezone, context.words.language),
        quiet=quiet_line(context.subscriber, alert_settings_words(context.words.language)),
    )


def _count_resting(have: Sequence[Alert], context: CommandContext) -> int:
    now = context.request.now
    return sum(
        alert.paused or (alert.snoozed_until is not None and alert.snoozed_until > now)
        for alert in have
    )


async def _latest(conn: Connection) -> Document | None:
    page = await search.search(conn, Query("", None), limit=LOOKED_AT)
    found = [hit.document for hit in page.hits if hit.document.deleted_at is None]
    return next((one for one in found if any(map(str.strip, one.texts()))), None)


def _name(channel: Channel) -> str:
    return contained(channel.title or "").strip() or name_of(channel)
