"""Whom a signal is told, in their language and zone, and not in their quiet hours."""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from handlers.render.text.dates import Here, here_in
from handlers.render.text.messages import Message
from handlers.texts.languages import language_of, words_of
from handlers.texts.words import Words
from handlers.times import alert_timing
from storage.connection import Connection
from storage.outbox.gate import Outbox
from storage.subscribers import subscribers


class Recipients(Struct, frozen=True, kw_only=True):
    """``language`` and ``timezone`` are for chats that chose none."""

    outbox: Outbox
    language: str
    timezone: str

    async def tell(
        self,
        tx: Connection,
        chat_id: int,
        event: str,
        say: Callable[[Here, Words], Message],
        *,
        now: datetime,
        topic: int | None = None,
    ) -> bool:
        """Queue what ``say`` gives, once for an ``event``; whether there is somebody to tell."""
        reader = await subscribers.find_subscriber(tx, chat_id)
        if reader is None or not reader.active:
            return False
        zone = reader.timezone or self.timezone
        words = words_of(language_of(reader.language, self.language))
        message = say(here_in(zone, now), words)
        due_at = alert_timing.after_quiet_hours(reader, alert_timing.zone_named(zone), now)
        await self.outbox.queue_notice(
            tx,
            chat_id,
            f"{event}:{reader.incarnation}",
            message.to_payload(),
            now=now,
            due_at=due_at,
            topic=topic,
        )
        return True
