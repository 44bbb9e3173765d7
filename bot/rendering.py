"""Rows of the outbox as messages, written for their reader at the moment of sending."""

from handlers.render import alerts
from handlers.render.messages import Message
from handlers.texts.languages import language_of
from storage import documents
from storage.database import Database
from storage.document import Document
from storage.errors import DatelineError
from storage.records import Alert, Delivery, Subscriber


class UnreadableRowError(DatelineError):
    """A row that no message can be made of: it is dead, others go on."""


class Renderer:
    """Makes messages. ``language`` and ``timezone`` are for those who set none."""

    def __init__(self, database: Database, *, language: str, timezone: str) -> None:
        self._database = database
        self._language = language
        self._timezone = timezone

    async def render(self, row: Delivery, subscriber: Subscriber | None) -> Message:
        """The message of a row. Raises UnreadableRowError, or StorageError to try again."""
        try:
            if row.kind == "alert":
                return await self._alert(row, subscriber)
            return Message.from_payload(row.payload)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise UnreadableRowError(f"a row that cannot be read: {error!r}") from error

    async def _alert(self, row: Delivery, subscriber: Subscriber | None) -> Message:
        language = language_of(subscriber.language if subscriber else None, self._language)
        timezone = (subscriber.timezone if subscriber else None) or self._timezone
        matched = tuple((int(alert_id), str(query)) for alert_id, query in row.payload["alerts"])
        document = await self._document(str(row.payload["doc_id"]))
        return alerts.alert_message(
            document, _alerts(row, matched), language=language, timezone=timezone
        )

    async def _document(self, doc_id: str) -> Document:
        async with self._database.reader() as conn:
            return await documents.get_document(conn, doc_id)


def _alerts(row: Delivery, matched: tuple[tuple[int, str], ...]) -> list[Alert]:
    """The alerts as they were when the post came in: they may have been removed since."""
    return [
        Alert(id=alert_id, chat_id=row.chat_id, query=query, created_at=row.created_at)
        for alert_id, query in matched
    ]
