"""Private messages to the person who adds the bot to a group or channel, and to its managers when
the bot is removed."""

from datetime import datetime, timedelta

from msgspec import Struct

from handlers.conversation import behalf, command_context
from handlers.conversation.requests import Request
from handlers.conversation.services import Services
from handlers.render.text.keyboards import RUN, data
from handlers.render.text.messages import Button, Message
from handlers.render.text.rich import code, fill, join
from handlers.texts.languages import language_of
from handlers.texts.people.places import place_words
from handlers.texts.people.welcoming import welcome_words
from handlers.times import alert_timing
from storage.connection import Connection
from storage.outbox import notices
from storage.outbox.gate import Outbox
from storage.records import Subscriber
from storage.subscribers import alerts, managed, plans, silences, subscribers, surges


def arrival_message(
    chat: Subscriber, person: Subscriber, kept: int, request: Request, services: Services
) -> Message:
    """How to go on, or, on a private instance that has not admitted the chat, how to be admitted.

    ``kept``: how many alerts the chat has from before; ``request``: the person who added the bot.
    """
    words = command_context.words_for(person, None, services)
    said = place_words(words.language)
    if not command_context.is_let_in(request, chat, services):
        return Message(fill(words.refused_group, id=code(str(chat.chat_id))))
    name = behalf.name_of(chat)
    if kept:
        count = words.count(words.alerts, kept)
        return Message(fill(said.came_back, name=name, alerts=count))
    sample = words.example("/alert {word}")
    here = f"/for {behalf.handle_of(chat)} {sample}"
    there = sample.replace("/alert", f"/alert@{services.bot_username}")
    lines = [
        fill(said.came, name=name),
        fill(said.came_here, example=code(here)),
        fill(said.came_there, example=code(there)),
    ]
    ask = Button(
        text=welcome_words(words.language).alert_button,
        data=data(RUN, "for", f"{behalf.handle_of(chat)} /alert"),
    )
    return Message(join("\n", lines), ((ask,),))


TOLD_AGAIN = timedelta(minutes=10)
"""What is said in a group that takes no message has it found, and lost, each time."""


class Departures(Struct, frozen=True, kw_only=True):
    """Tells the managers of a group or channel, in private, that the bot cannot write there any
    more, if something is set up there; otherwise nobody would know why nothing comes. Once in ten
    minutes, unless something was sent there meanwhile, and not in their quiet hours.

    ``language`` and ``timezone`` are for managers who chose none.
    """

    language: str
    timezone: str

    async def tell(self, tx: Connection, outbox: Outbox, chat_id: int, now: datetime) -> None:
        """Queue the message, once for each manager."""
        chat = await subscribers.find_subscriber(tx, chat_id)
        if chat is None or not await _has_something(tx, chat_id):
            return
        period = now.timestamp() // TOLD_AGAIN.total_seconds()
        event = f"lost:{chat_id}:{period:.0f}:{await notices.find_last_sent(tx, chat_id)}"
        for person in await managed.list_managers(tx, chat_id):
            if person.active:
                said = place_words(language_of(person.language, self.language))
                message = Message(fill(said.lost, name=behalf.name_of(chat)))
                zone = alert_timing.zone_named(person.timezone or self.timezone)
                due_at = alert_timing.after_quiet_hours(person, zone, now)
                await outbox.queue_notice(
                    tx, person.chat_id, event, message.to_payload(), now=now, due_at=due_at
                )


async def _has_something(conn: Connection, chat_id: int) -> bool:
    """Whether a chat has alerts, plans or anything else that sends by itself."""
    lists = (
        alerts.list_alerts,
        plans.list_plans,
        silences.list_silences,
        surges.list_surges,
    )
    return any([await read(conn, chat_id) for read in lists])
