"""What the operator is told by message: once for each thing, in the operator's language."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from handlers.render.messages import Message
from handlers.render.rich import fill
from handlers.texts.languages import language_of, words_of
from storage import outbox, subscribers
from storage.database import Connection
from storage.records import PRIORITY_ALERT, NewDelivery


class Notices:
    """Puts notices to the admins into the outbox. ``on_queued`` is to be called after the commit
    by whoever made the transaction: ``queued()`` does that."""

    def __init__(
        self, admins: Iterable[int], *, language: str, on_queued: Callable[[], None]
    ) -> None:
        self._admins = tuple(sorted(admins))
        self._language = language
        self.queued = on_queued

    async def add(self, tx: Connection, key: str, name: str, **values: str) -> None:
        """Queue the notice ``name`` (see ``Words.notices``) to every admin; a key only once."""
        now = datetime.now(UTC)
        rows = []
        for admin in self._admins:
            subscriber = await subscribers.find_subscriber(tx, admin)
            chosen = subscriber.language if subscriber else None
            words = words_of(language_of(chosen, self._language)).watching
            said = {field: words.trouble_of(value) for field, value in values.items()}
            rows.append(
                NewDelivery(
                    chat_id=admin,
                    kind="notice",
                    key=f"notice:{key}:{admin}",
                    payload=Message(fill(words.notices[name], **said)).to_payload(),
                    priority=PRIORITY_ALERT,
                    due_at=now,
                    created_at=now,
                )
            )
        if rows:
            await outbox.add_deliveries(tx, rows)
