"""What the operator is told by message: once for each thing, in the operator's language."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TypeAlias

from handlers.render.messages import Message
from handlers.render.names import contained
from handlers.render.rich import fill
from handlers.texts.languages import language_of, words_of
from storage import outbox, outbox_keys, subscribers
from storage.database import Connection
from storage.notices import KEPT_FOR
from storage.records import PRIORITY_ALERT, NewDelivery, Subscriber

Values: TypeAlias = Mapping[str, str]


class Notices:
    """Puts notices to the admins into the outbox. ``on_queued`` is to be called after the commit
    by whoever made the transaction: ``queued()`` does that."""

    def __init__(
        self, admins: Iterable[int], *, language: str, on_queued: Callable[[], None]
    ) -> None:
        self.admins = tuple(sorted(admins))
        self._language = language
        self.queued = on_queued

    async def add(self, tx: Connection, key: str, name: str, **values: str) -> None:
        """Queue the notice ``name`` (see ``Words.notices``) to every admin; a key only once."""
        await self.add_for(self.admins, tx, key, name, **values)

    async def add_for(
        self, admins: Iterable[int], tx: Connection, key: str, name: str, **values: str
    ) -> None:
        """The same to some of them."""
        now = datetime.now(UTC)
        rows = [
            NewDelivery(
                chat_id=admin,
                kind="notice",
                key=outbox_keys.notice(admin, key),
                payload=(await self._write_to(tx, admin, name, values)).to_payload(),
                priority=PRIORITY_ALERT,
                due_at=now,
                created_at=now,
                expires_at=now + KEPT_FOR,
            )
            for admin in admins
        ]
        if rows:
            await outbox.add_deliveries(tx, rows)

    async def _write_to(self, tx: Connection, admin: int, name: str, values: Values) -> Message:
        return self.write(await subscribers.find_subscriber(tx, admin), name, **values)

    def write(self, subscriber: Subscriber | None, name: str, **values: str) -> Message:
        """The notice in the language of an admin."""
        chosen = subscriber.language if subscriber else None
        words = words_of(language_of(chosen, self._language)).watching
        said = {field: contained(words.trouble_of(value)) for field, value in values.items()}
        return Message(fill(words.notices[name], **said))
