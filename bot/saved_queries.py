"""The saved queries of all active subscribers, in memory: which post concerns whom.

Loaded once at the start; afterwards the commands' hooks keep it current. They are called right
after their commit, and ``matching`` is asked inside the transaction that stores a post, so an
alert created at a time sees every post stored after it.
"""

from collections import defaultdict
from collections.abc import Iterable

import structlog

from storage.document import Document
from storage.errors import QueryError
from storage.query import syntax
from storage.query.matcher import Matcher
from storage.records import Alert

log = structlog.get_logger("alerts")


class SavedQueries:
    """Alerts by what they match, by their id, and by their chat."""

    def __init__(self, alerts: Iterable[Alert] = ()) -> None:
        self._matcher = Matcher()
        self._alerts: dict[int, Alert] = {}
        self._by_chat: defaultdict[int, set[int]] = defaultdict(set)
        for alert in alerts:
            self.add(alert)

    def __len__(self) -> int:
        return len(self._alerts)

    def add(self, alert: Alert) -> None:
        """Match this alert from now on. A query that does not parse any more is left out."""
        if alert.id in self._alerts:
            return
        try:
            query = syntax.parse(alert.query)
        except QueryError as error:
            log.warning("an alert's query does not parse", alert=alert.id, error=str(error))
            return
        self._matcher.add(alert.id, query)
        self._alerts[alert.id] = alert
        self._by_chat[alert.chat_id].add(alert.id)

    def remove(self, alert_id: int) -> None:
        """Match this alert no more."""
        alert = self._alerts.pop(alert_id, None)
        if alert is None:
            return
        self._matcher.remove(alert_id)
        self._by_chat[alert.chat_id].discard(alert_id)
        if not self._by_chat[alert.chat_id]:
            del self._by_chat[alert.chat_id]

    def remove_chat(self, chat_id: int) -> None:
        """Match nothing for this chat: it cannot be written to any more."""
        for alert_id in tuple(self._by_chat.get(chat_id, ())):
            self.remove(alert_id)

    def matching(self, document: Document, *, but_not: Document | None = None) -> list[Alert]:
        """The alerts that a document matches; without those that ``but_not`` matched before it."""
        ids = self._matcher.match(document)
        if but_not is not None and ids:
            before = set(self._matcher.match(but_not))
            ids = [alert_id for alert_id in ids if alert_id not in before]
        return [self._alerts[alert_id] for alert_id in ids]
