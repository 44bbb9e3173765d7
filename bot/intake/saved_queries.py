"""The saved queries of all active subscribers, in memory: which alerts a post matches.

They follow the database: ``follow`` is called inside the transaction that stores a post, before
``matching``, and applies what any process has changed since. So an alert sees every post that is
stored after it.
"""

import asyncio
import gc
from collections.abc import Iterable, Iterator
from itertools import groupby, starmap
from typing import Literal, NamedTuple, get_args

import structlog

from storage.connection import Connection, Query
from storage.document import Document
from storage.errors import QueryError
from storage.query import tree
from storage.query.matching import compiled, directly
from storage.query.matching.compiled import NOTHING, Compiled, CompiledQueries
from storage.query.matching.matcher import Matcher
from storage.query.reading import syntax
from storage.query.words import analysis
from storage.query.words.analysis import Analysed
from storage.records import Alert
from storage.stories.slices import in_slices
from storage.structs import replace
from storage.subscribers import alert_changes, alerts
from storage.subscribers.alert_changes import LogPosition

log = structlog.get_logger("alerts")


Change = Literal["edited", "deleted"]
_CHANGES = tuple(
    tree.Filter("is", change, (frozenset((analysis.mark("is", change),)),))
    for change in get_args(Change)
)
_CHANGE_MARKS = frozenset(analysis.mark("is", change) for change in get_args(Change))


_READ_AT_ONCE = 1_000
_AT_ONCE = 100
"""Alerts that are added before the event loop gets a turn: some milliseconds."""
_REMEMBERED = 10_000
"""The most queries that are remembered during a full load, so that the same query of another chat
is not parsed again."""
_PARTS = 2_000
"""Compiled queries that are written together."""
_MET_LATELY = 4_000
"""The most alerts that are cached as objects: a megabyte."""


class Saved(NamedTuple):
    """An alert's id, chat and query text. Its settings are read when it fires."""

    id: int
    chat_id: int
    query: str


_BLOCK = 64
_END = b"\xff"
"""A byte that no text in UTF-8 contains."""


class Texts:
    """The chats and query texts of alerts by id, in little memory: alerts with neighbouring ids
    share one byte string. A dictionary of tuples would take three times as much."""

    def __init__(self) -> None:
        self._blocks: dict[int, bytes] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, alert_id: int) -> bool:
        return self._find(alert_id) is not None

    def __getitem__(self, alert_id: int) -> Saved:
        """Raises KeyError."""
        found = self._find(alert_id)
        if found is None:
            raise KeyError(alert_id)
        _, chat_id, query = found.split(b" ", 2)
        return Saved(alert_id, int(chat_id), query.decode())

    def __iter__(self) -> Iterator[Saved]:
        """The alerts by id."""
        for place in sorted(self._blocks):
            written = (one.split(b" ", 2) for one in self._blocks[place].strip(_END).split(_END))
            block = [Saved(int(id), int(chat), query.decode()) for id, chat, query in written]
            yield from sorted(block)

    def add(self, *new: Saved) -> None:
        """Add alerts that are not held yet."""
        for place, block in groupby(new, lambda saved: saved.id // _BLOCK):
            written = [b"%d %d %b" % (id, chat, query.encode()) for id, chat, query in block]
            former = self._blocks.get(place, _END)
            self._blocks[place] = b"%b%b%b" % (former, _END.join(written), _END)
        self._count += len(new)

    def remove(self, alert_id: int) -> bool:
        """Remove an alert; returns whether it was held."""
        found = self._find(alert_id)
        if found is None:
            return False
        place = alert_id // _BLOCK
        rest = self._blocks.pop(place).replace(b"%b%b%b" % (_END, found, _END), _END, 1)
        if rest != _END:
            self._blocks[place] = rest
        self._count -= 1
        return True

    def clear(self) -> None:
        """Remove all."""
        self._blocks.clear()
        self._count = 0

    def _find(self, alert_id: int) -> bytes | None:
        block = self._blocks.get(alert_id // _BLOCK, b"")
        start = block.find(b"%b%d " % (_END, alert_id)) + 1
        return block[start : block.index(_END, start)] if start else None


class _Recent(dict[int, Saved]):
    """A cache of the alerts that posts matched lately, by id: most matches are of the same
    alerts."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts

    def __missing__(self, alert_id: int) -> Saved:
        if len(self) >= _MET_LATELY:
            self.clear()
        saved = self[alert_id] = self._texts[alert_id]
        return saved


class SavedQueries:
    """The matcher of all alerts, and the alerts by id. ``given``: fixed alerts (none, for a
    backfill by command); None: those of the database as of the last ``follow``."""

    def __init__(self, given: Iterable[Alert] | None = None) -> None:
        self._matcher = Matcher()
        self._saved = Texts()
        self._recent = _Recent(self._saved)
        self._of_changes: set[int] = set()
        self._is_fixed = given is not None
        self._position: LogPosition | None = None
        for alert in given or ():
            self.add(alert)

    def __len__(self) -> int:
        return len(self._saved)

    async def load(self, conn: Connection, known: CompiledQueries = NOTHING) -> None:
        """Load all alerts of active subscribers; the event loop gets turns meanwhile, so a stop
        works. What is ``known`` is not parsed.

        Garbage collection is paused, and what was loaded is frozen: none of these millions of small
        objects is garbage, and looking through them would block the service.
        """
        gc.disable()
        try:
            await self._read_all(conn, known)
        finally:
            gc.enable()
        gc.freeze()

    def expected(self) -> list[Query]:
        """What ``follow`` will ask first."""
        return [] if self._position is None else [alert_changes.changes_query(self._position)]

    async def follow(self, conn: Connection) -> None:
        """Apply the changes since the last call, or load everything if those are not known."""
        if self._is_fixed:
            return
        found = None
        if self._position is not None:
            found = await alert_changes.list_changed(conn, self._position)
        if found is None:
            await self._read_all(conn, NOTHING)
        elif found.alert_ids:
            await self._take_over(conn, found)

    def compiled(self) -> Iterator[bytes]:
        """What ``load`` can take as known, in parts; nothing where not all alerts were loaded."""
        if self._position is None:
            return
        met: set[str] = set()
        part: dict[str, Compiled] = {}
        last = 0
        for saved in self._saved:
            if saved.query in met or saved.id in self._of_changes:
                continue
            if len(met) < _REMEMBERED:
                met.add(saved.query)
            if (found := self._matcher.compiled(saved.id)) is not None:
                part[saved.query] = found
            last = saved.id
            if len(part) >= _PARTS:
                yield compiled.write(last, part.items())
                part = {}
        yield compiled.write(last, part.items())

    async def _read_all(self, conn: Connection, known: CompiledQueries) -> None:
        self._position = None
        self._clear()
        # What changes from here on is looked at once more.
        position = await alert_changes.find_end(conn)
        last = 0
        same: dict[str, int] = {}
        while found := await alerts.list_active_texts(conn, after=last, limit=_READ_AT_ONCE):
            for at in range(0, len(found), _AT_ONCE):
                part = starmap(Saved, found[at : at + _AT_ONCE])
                self._saved.add(*[saved for saved in part if self._match(saved, same, known)])
                await asyncio.sleep(0)
            last = found[-1][0]
        directly.forget()
        self._position = position

    async def _take_over(self, conn: Connection, found: alert_changes.Changed) -> None:
        """Apply changed alerts. If this is interrupted, the next call applies the same changes
        again."""
        present = await alerts.list_active_of(conn, found.alert_ids)
        for alert_id in found.alert_ids:
            self.remove(alert_id)
        async for part in in_slices(present):
            for alert in part:
                self.add(alert)
        directly.forget()
        self._position = found.position

    def _clear(self) -> None:
        self._matcher = Matcher()
        self._saved.clear()
        self._recent.clear()
        self._of_changes.clear()

    def add(self, alert: Alert) -> None:
        """Match this alert from now on. A query that no longer parses is skipped, with a log."""
        if alert.id not in self._saved:
            saved = Saved(alert.id, alert.chat_id, alert.query)
            if self._match(saved, {}, NOTHING):
                self._saved.add(saved)

    def _match(self, saved: Saved, same: dict[str, int], known: CompiledQueries) -> bool:
        """Add an alert to the matcher; returns whether its query could be parsed. ``same``: ids of
        alerts already added, by their query, whose compiled form can be shared."""
        other = same.get(saved.query)
        if other is None:
            if (is_read := self._match_read(saved, known)) and len(same) < _REMEMBERED:
                same[saved.query] = saved.id
            return is_read
        self._matcher.add_like(saved.id, other)
        if other in self._of_changes:
            self._of_changes.add(saved.id)
        return True

    def _match_read(self, saved: Saved, known: CompiledQueries) -> bool:
        if found := known.find(saved.id, saved.query):
            self._matcher.add_compiled(saved.id, found)
            return True
        if plain := directly.read(saved.query):
            self._matcher.add_plain(saved.id, plain)
            return True
        try:
            query = syntax.parse(saved.query)
        except QueryError as error:
            log.warning("an alert's query does not parse", alert=saved.id, where=error.where)
            return False
        self._matcher.add(saved.id, query)
        if "is:" in query.text and any(
            leaf in _CHANGES for leaf in tree.positive_leaves(query.root)
        ):
            self._of_changes.add(saved.id)
        return True

    def remove(self, alert_id: int) -> None:
        """Stop matching this alert."""
        if self._saved.remove(alert_id):
            self._matcher.remove(alert_id)
            self._recent.pop(alert_id, None)
            self._of_changes.discard(alert_id)

    @property
    def asks_for_changes(self) -> bool:
        """Whether any alert asks for ``is:edited`` or ``is:deleted``."""
        return bool(self._of_changes)

    def telling_of(self, document: Document, change: Change) -> list[Saved]:
        """The alerts, by id, that a document matches only because it was edited or deleted: with
        that mark it matches, without it not."""
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
        return self._in_order(ids)

    def matching(
        self,
        document: Document,
        *,
        analysed: Analysed | None = None,
        but_not: Document | None = None,
    ) -> list[Saved]:
        """The alerts, by id, that a document matches, without those that ``but_not`` (its previous
        version) matched. ``analysed``: the document's words, if they are at hand."""
        ids = set(self._matcher.match(document, analysed))
        if but_not is not None and ids:
            ids.difference_update(self._matcher.match(but_not))
        return self._in_order(ids)

    def _in_order(self, ids: set[int]) -> list[Saved]:
        return [*map(self._recent.__getitem__, sorted(ids))]
