"""What the operator is told by message: once for each thing, in the operator's language."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TypeAlias

from handlers.render.text.dates import dated, zone_of
from handlers.render.text.messages import Message
from handlers.render.text.names import contained
from handlers.render.text.rich import fill
from handlers.texts.languages import language_of, words_of
from handlers.texts.words import Words
from storage.connection import Connection
from storage.outbox.gate import Outbox
from storage.records import Subscriber
from storage.subscribers import subscribers

Value: TypeAlias = str | int | datetime
"""Words, a number of posts, or a moment (aware)."""
NoticeValues: TypeAlias = Mapping[str, Value]


class Notices:
    """Puts notices to the admins into the outbox."""

    def __init__(
        self,
        admins: Iterable[int],
        *,
        language: str,
        timezone: str = "UTC",
        outbox: Outbox,
    ) -> None:
        self.admins = tuple(sorted(admins))
        self._language = language
        self._timezone = timezone
        self._outbox = outbox

    async def add(self, tx: Connection, key: str, name: str, **values: Value) -> None:
        """Queue the notice ``name`` (see ``Words.notices``) to every admin; a key only once."""
        await self.add_for(self.admins, tx, key, name, **values)

    async def add_for(
        self, admins: Iterable[int], tx: Connection, key: str, name: str, **values: Value
    ) -> None:
        """The same to some of them."""
        now = datetime.now(UTC)
        for admin in admins:
            message = await self._write_to(tx, admin, name, values)
            await self._outbox.queue_notice(tx, admin, key, message.to_payload(), now=now)

    async def _write_to(
        self, tx: Connection, admin: int, name: str, values: NoticeValues
    ) -> Message:
        return self.write(await subscribers.find_subscriber(tx, admin), name, **values)

    def write(self, subscriber: Subscriber | None, name: str, **values: Value) -> Message:
        """The notice in the language and the time zone of an admin."""
        chosen = subscriber.language if subscriber else None
        words = words_of(language_of(chosen, self._language))
        zone = (subscriber.timezone if subscriber else None) or self._timezone
        said = {field: _said(value, zone, words) for field, value in values.items()}
        return Message(fill(words.watching.notices[name], **said))


def _said(value: Value, zone: str, words: Words) -> str:
    if isinstance(value, datetime):
        return dated(value, zone_of(zone), words)
    if isinstance(value, int):
        return words.count(words.posts, value)
    return contained(words.watching.trouble_of(value))
