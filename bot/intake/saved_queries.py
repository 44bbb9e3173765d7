"""The saved queries of all active subscribers, in memory: which post concerns whom.

Loaded once at the start; afterwards the commands' hooks keep it current. They are called right
after their commit, and ``matching`` is asked inside the transaction that stores a post, so an
alert created at a time sees every post stored after it.
"""

import asyncio
import gc
from collections.abc import Iterable
from dataclasses import replace
from typing import Literal, NamedTuple, get_args

import structlog

from storage.connection import Connection
from storage.document import Document
from storage.errors import QueryError
from storage.query import analysis, syntax, tree
from storage.query.analysis import Analysed
from storage.query.matcher import Matcher
from storage.records import Alert
from storage.subscribers import alerts

log = structlog.get_logger("alerts")


Change = Literal["edited", "deleted"]
_CHANGES = tuple(
    tree.Filter("is", change, (frozenset((analysis.mark("is", change),)),))
    for change in get_args(Change)
)
_CHANGE_MARKS = frozenset(analysis.mark("is", change) for change in get_args(Change))


class Saved(NamedTuple):
    """An alert: whose it is, and the query, as text. How it is told is read when it is."""

    id: int
    chat_id: int
    query: str


class SavedQueries:
    """Alerts by what they match, by their id, and by their chat."""

    def __init__(self, given: Iterable[Alert] = ()) -> None:
        self._matcher = Matcher()
        self._saved: dict[int, Saved] = {}
        self._by_chat: dict[int, list[int]] = {}
        self._of_changes: set[int] = set()
        for alert in given:
            self.add(alert)

    def __len__(self) -> int:
        return len(self._saved)

    async def load(self, conn: Connection) -> None:
        """Add all alerts of active subscribers; what waits meanwhile, a stop say, gets its turn.

        None of the millions of small objects that this makes is garbage: they are not looked
        through while they come to be, nor ever after, which would hold up everything for a while.
        """
        last = 0
        gc.disable()
        try:
            while found := await alerts.list_active(conn, after=last):
                for alert in found:
                    self.add(alert)
                last = found[-1].id
                await asyncio.sleep(0)
        finally:
            gc.enable()
        gc.freeze()

    def add(self, alert: Alert) -> None:
        """Match this alert from now on. A query that does not parse any more is left out."""
        if alert.id in self._saved:
            return
        try:
            query = syntax.parse(alert.query)
        except QueryError as error:
            log.warning("an alert's query does not parse", alert=alert.id, where=error.where)
            return
        self._matcher.add(alert.id, query)
        if any(leaf in _CHANGES for leaf in tree.positive_leaves(query.root)):
            self._of_changes.add(alert.id)
        self._saved[alert.id] = Saved(alert.id, alert.chat_id, alert.query)
        self._by_chat.setdefault(alert.chat_id, []).append(alert.id)

    def remove(self, alert_id: int) -> None:
        """Match this alert no more."""
        saved = self._saved.pop(alert_id, None)
        if saved is None:
            return
        self._matcher.remove(alert_id)
        self._of_changes.discard(alert_id)
        of_chat = self._by_chat[saved.chat_id]
        of_chat.remove(alert_id)
        if not of_chat:
            del self._by_chat[saved.chat_id]

    def remove_chat(self, chat_id: int) -> None:
        """Match nothing for this chat: it cannot be written to any more."""
        for alert_id in tuple(self._by_chat.get(chat_id, ())):
            self.remove(alert_id)

    @property
    def asks_for_changes(self) -> bool:
        """Whether any alert asks for what is edited or deleted."""
        return bool(self._of_changes)

    def telling_of(self, document: Document, change: Change) -> list[Saved]:
        """The alerts that a document matches because it was edited or deleted: with that it does,
        without it does not. In order."""
        if not self._of_changes:
            return []
        analysed = analysis.analyse_document(document)
        named = frozenset((analysis.mark("is", change),))
        ids: set[int] = set()
        # An edit before must not hide a deletion from who asks for is:edited,deleted.
        for marks in {analysed.marks, analysed.marks - _CHANGE_MARKS}:
            after = replace(analysed, marks=marks | named)
            before = replace(analysed, marks=marks - named)
            found = self._of_changes.intersection(self._matcher.match(document, after))
            if found:
                ids |= found.difference(self._matcher.match(document, before))
        return [self._saved[alert_id] for alert_id in sorted(ids)]

    def matching(
        self,
        document: Document,
        *,
        analysed: Analysed | None = None,
        but_not: Document | None = None,
    ) -> list[Saved]:
        """The alerts that a document matches, in order; without those that ``but_not`` matched
        before it. ``analysed``: the document's words, where they are at hand.
        """
        ids = set(self._matcher.match(document, analysed))
        if but_not is not None and ids:
            ids.difference_update(self._matcher.match(but_not))
        return [self._saved[alert_id] for alert_id in sorted(ids)]
