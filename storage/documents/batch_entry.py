"""A document in a batch: what is known of it, what was read of it, and its row."""

from collections.abc import Set
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from storage import times
from storage.chain import versions
from storage.document import Document, to_uncounted_text
from storage.document_json import dump, parse, storable, with_counters
from storage.documents import albums, redactions
from storage.documents.merge import Merged, merge
from storage.query.words import analysis
from storage.query.words.analysis import Analysed
from storage.records import Outcome
from storage.structs import replace

_SECOND = timedelta(seconds=1)


class Ready(Struct, frozen=True):
    """What is written of a document, computed beforehand: the text of its row, the hash of that
    version, and its words."""

    document: Document
    text: str
    version: bytes
    analysed: Analysed


def make_ready(document: Document) -> Ready | None:
    """Compute what is written of a document; None if it cannot be written as it is."""
    try:
        text, version = _written(document)
    except UnicodeEncodeError:
        return None
    return Ready(document, text, version, analysis.analyse_document(document))


def _written(document: Document) -> tuple[str, bytes]:
    """The text of a document's row, and the hash of that version (whose canonical form is the text
    without counters). Raises UnicodeEncodeError for lone surrogates."""
    uncounted = to_uncounted_text(document)
    return with_counters(uncounted, document), versions.digest(uncounted.encode())


@dataclass(slots=True, eq=False)
class BatchEntry:
    """A document in the batch. ``stored``: what its row holds; ``row_id``: 0 if it has none yet;
    ``version``: the hash of what is written. ``ready`` is used only while the document is the one
    that it was computed from."""

    merged: Merged
    row_id: int = 0
    stored: Document | None = None
    indexed: bool = False
    absorbed: list["BatchEntry"] = field(default_factory=list)
    replaced: list[Document] = field(default_factory=list)
    changed: bool = False
    emptied: bool = False
    analysed: Analysed | None = None
    version: bytes = b""
    ready: Ready | None = None

    @property
    def document(self) -> Document:
        """The document as merged so far."""
        return self.merged.document

    def merge_in(self, document: Document) -> tuple[Outcome, bool]:
        """Merge what another source says of this document; returns the outcome, and whether a
        revision was made."""
        before = self.merged
        self.merged = merge(before, document)
        if self.merged.revised:
            self.replaced.append(before.document)
        if self.merged.document is before.document and self.merged.ranks is before.ranks:
            return "unchanged", False
        self.changed = True
        return "updated", self.merged.revised

    def rewrite(self, document: Document) -> None:
        """Replace the document."""
        self.merged = replace(self.merged, document=document)
        self.changed = True

    def empty(self, notice: str) -> None:
        """Delete the document's text and former versions, leaving the notice."""
        self.rewrite(redactions.emptied(self.document, notice))
        self.replaced.clear()
        self.emptied = True

    def delete(self, message_ids: Set[int], noticed_at: datetime) -> bool:
        """Record that messages of the document were deleted; returns whether all were."""
        left = albums.without(self.document, message_ids)
        when = noticed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        if left != self.document:
            self.rewrite(left or replace(self.document, deleted_at=when))
        return left is None

    def return_seen(self, seen_at: datetime | None) -> None:
        """Record that the document was seen in its channel, and so is not deleted."""
        gone = times.from_partial(self.document.deleted_at)
        if gone is not None and seen_at is not None and seen_at >= gone + _SECOND:
            self.rewrite(replace(self.document, deleted_at=None))

    def take_row_text(self) -> str:
        """The row's text. Lone surrogates become U+FFFD in it and in the document."""
        ready = self._find_ready()
        if ready is not None:
            self.version = ready.version
            return ready.text
        try:
            text, self.version = _written(self.document)
        except UnicodeEncodeError:
            self.merged = replace(self.merged, document=parse(storable(dump(self.document))))
            text, self.version = _written(self.document)
        return text

    def analyse(self) -> Analysed:
        """The document's words, for the index and for matching afterwards."""
        ready = self._find_ready()
        found = analysis.analyse_document(self.document) if ready is None else ready.analysed
        self.analysed = found
        return found

    def _find_ready(self) -> Ready | None:
        ready = self.ready
        return ready if ready is not None and ready.document is self.document else None
