"""Documents on their way into the database: found, merged, given row ids and written together.

One batch takes a bounded number of hops to the engine however many documents it holds.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from storage import document_index, moments
from storage.database import Connection, Row, fetch_in
from storage.document import Document
from storage.document_json import dump, parse, storable
from storage.merge import Merged, absorb, merge
from storage.query import analysis
from storage.records import Outcome

_EMPTY_HASH = "e3b0c44298fc1c14"  # of no text: it joins nothing

_INSERT = """
    INSERT INTO document (
        doc_id, channel_id, message_id, changed_at, content_hash, origin_channel_id,
        origin_message_id, deleted_at, analysis, ranks, json, id, stored_at, live
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_UPDATE = """
    UPDATE document SET
        doc_id = ?, channel_id = ?, message_id = ?, changed_at = ?, content_hash = ?,
        origin_channel_id = ?, origin_message_id = ?, deleted_at = ?, analysis = ?, ranks = ?,
        json = ?, id = ?
    WHERE id = ?
"""
_LAST_OF_EACH = """
    SELECT value AS first, (
        SELECT max(id) FROM document WHERE id >= value AND id < value + ?
    ) AS last
    FROM json_each(?)
"""
_REPOINT = (
    "UPDATE document_name SET document_id = ? WHERE document_id = ?",
    "UPDATE revision SET document_id = ? WHERE document_id = ?",
)


@dataclass(slots=True)
class Entry:
    """A document in the works. ``stored`` is what its row holds, ``row_id`` 0 before it has one."""

    merged: Merged
    row_id: int = 0
    stored: Document | None = None
    indexed: bool = False
    absorbed: list["Entry"] = field(default_factory=list)
    replaced: list[Document] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    changed: bool = False
    json: str = ""

    @property
    def document(self) -> Document:
        """The document as merged so far."""
        return self.merged.document

    def hear(self, document: Document) -> tuple[Outcome, bool]:
        """Merge one more saying of this document; gives the outcome, and whether it revised."""
        before = self.merged
        self.merged = merge(before, document)
        if self.merged.revised:
            self.replaced.append(before.document)
        if self.merged.document is before.document and self.merged.ranks is before.ranks:
            return "unchanged", False
        self.changed = True
        return "updated", self.merged.revised

    def delete(self, noticed_at: str) -> None:
        """Note that the document is gone from its channel."""
        self.merged = replace(self.merged, document=replace(self.document, deleted_at=noticed_at))
        self.changed = True

    def clean(self) -> None:
        """Make the text that the row will hold; U+FFFD stands for lone surrogates."""
        self.json = dump(self.document)
        if not self.json.isascii() and (cleaned := storable(self.json)) != self.json:
            self.json = cleaned
            self.merged = replace(self.merged, document=parse(cleaned))


def name_key(doc_id: str) -> str:
    """A doc_id as it is looked up: user names know no case."""
    return doc_id.lower() if doc_id.startswith("tg:@") else doc_id


def document_names(document: Document) -> set[str]:
    """Every name that means this document: by number and user name, an album's parts too."""
    names = {name_key(document.doc_id)}
    channel, message_id = document.channel, document.message_id
    if channel is None or message_id is None or not document.doc_id.startswith("tg:"):
        return names
    guessed = "album_guessed" in document.flags
    parts = {message_id} if guessed else {message_id, *document.album_ids}
    owners = [str(channel.id)] if channel.id is not None else []
    if channel.username:
        owners.append("@" + channel.username.lower())
    return names | {f"tg:{owner}/{part}" for owner in owners for part in parts}


class Batch:
    """The documents of one transaction, by all their names."""

    def __init__(self, tx: Connection) -> None:
        self._tx = tx
        self._by_name: dict[str, Entry] = {}
        self._entries: list[Entry] = []

    async def load(self, names: Iterable[str]) -> None:
        """Fetch the stored documents that any of the names means."""
        rows = await fetch_in(
            self._tx,
            "SELECT doc_id, document_id FROM document_name WHERE doc_id IN (:values)",
            sorted(names),
        )
        found = {row["doc_id"]: row["document_id"] for row in rows}
        rows = await fetch_in(
            self._tx,
            "SELECT id, analysis, ranks, json FROM document WHERE id IN (:values)",
            sorted(set(found.values())),
        )
        entries = {row["id"]: _stored_entry(row) for row in rows}
        self._entries.extend(entries.values())
        self._by_name.update((name, entries[row_id]) for name, row_id in found.items())

    def list_loaded(self) -> list[Entry]:
        """Every entry, in the order it came up."""
        return self._entries

    def add(self, document: Document) -> tuple[Entry, Outcome, bool]:
        """Merge a document into the batch."""
        names = document_names(document)
        entry = self._joined(names, document)
        if entry is None:
            entry = Entry(merged=Merged(document=document), changed=True)
            self._entries.append(entry)
            outcome: Outcome = "new"
            revised = False
        else:
            joined = bool(entry.absorbed)
            outcome, revised = entry.hear(document)
            outcome = "updated" if joined and outcome == "unchanged" else outcome
        for name in names | document_names(entry.document):
            if self._by_name.setdefault(name, entry) is entry:
                entry.names.add(name)
        return entry, outcome, revised

    def _joined(self, names: set[str], document: Document) -> Entry | None:
        """The entry that the names mean; where they mean several, these become one."""
        found: list[Entry] = []
        for name in sorted(names):
            entry = self._by_name.get(name)
            if entry is not None and entry not in found and _may_be_one(entry.document, document):
                found.append(entry)
        if not found:
            return None
        first, *others = sorted(found, key=lambda entry: (entry.row_id == 0, entry.row_id))
        for other in others:
            first.merged = absorb(first.merged, other.merged)
            first.replaced[:0] = other.replaced
            first.absorbed += [other, *other.absorbed]
            first.names |= other.names
            first.changed = True
            self._entries.remove(other)
            self._by_name = {
                name: first if entry is other else entry for name, entry in self._by_name.items()
            }
        return first

    async def write(self, *, stored_at: datetime, live: bool) -> None:
        """Write what changed."""
        changed = [entry for entry in self._entries if entry.changed]
        for entry in changed:
            entry.clean()
        await self._forget(changed)
        former = {id(entry): entry.row_id for entry in changed}
        await self._place(changed)
        when = moments.to_epoch(stored_at)
        rows = {id(entry): _columns(entry, when) for entry in changed}
        await self._tx.execute_many(
            _UPDATE,
            [(*rows[id(e)], e.row_id, former[id(e)]) for e in changed if former[id(e)]],
        )
        await self._tx.execute_many(
            _INSERT,
            [(*rows[id(e)], e.row_id, when, int(live)) for e in changed if not former[id(e)]],
        )
        await self._tx.execute_many(
            "INSERT INTO document_name (doc_id, document_id) VALUES (?, ?)"
            " ON CONFLICT (doc_id) DO NOTHING",
            [(name, e.row_id) for e in changed for name in sorted(e.names)],
        )
        await self._tx.execute_many(
            "INSERT INTO revision (document_id, replaced_at, json) VALUES (?, ?, ?)",
            [(e.row_id, when, dump(old)) for e in changed for old in e.replaced],
        )
        await document_index.add_entries(
            self._tx, [(e.row_id, e.document) for e in changed if not e.indexed]
        )

    async def _forget(self, changed: Sequence[Entry]) -> None:
        """Take out of the index what will stand there otherwise, and drop rows joined to others."""
        gone: list[tuple[int, Document]] = []
        for entry in changed:
            for old in (entry, *entry.absorbed):
                stays = old is entry and not _moves(entry) and _reads_as_before(entry)
                if old.indexed and old.stored is not None and not stays:
                    gone.append((old.row_id, old.stored))
                    old.indexed = False
        await document_index.remove_entries(self._tx, gone)
        joined = [
            (entry.row_id, old.row_id) for entry in changed for old in entry.absorbed if old.row_id
        ]
        for statement in _REPOINT:
            await self._tx.execute_many(statement, joined)
        await self._tx.execute_many(
            "DELETE FROM document WHERE id = ?", [(old_id,) for _, old_id in joined]
        )

    async def _place(self, changed: Sequence[Entry]) -> None:
        """Give row ids to new documents, and new ones where the time is known better now."""
        moving = [entry for entry in changed if not entry.row_id or _moves(entry)]
        places = _Places(self._tx)
        await places.load({_first_id(entry.document) for entry in moving})
        for entry in moving:
            entry.row_id = await places.take(_first_id(entry.document))


class _Places:
    """Free row ids: the next of a second, or of a stretch after it where the second is full."""

    def __init__(self, tx: Connection) -> None:
        self._tx = tx
        self._free: dict[tuple[int, int], int] = {}

    async def load(self, firsts: Iterable[int]) -> None:
        """Learn what is free in each of the seconds that begin at ``firsts``."""
        await self._learn(sorted(firsts), moments.SLOTS)

    async def take(self, first: int) -> int:
        """The next free id from ``first`` on, in stretches that double so that it ends soon."""
        size = moments.SLOTS
        while True:
            if (first, size) not in self._free:
                await self._learn([first], size)
            place = self._free[first, size]
            if place < first + size:
                self._free[first, size] = place + 1
                return place
            first, size = first + size, size * 2

    async def _learn(self, firsts: Sequence[int], size: int) -> None:
        rows = await self._tx.fetch_all(_LAST_OF_EACH, (size, json.dumps(list(firsts))))
        for row in rows:
            last = row["last"]
            self._free[row["first"], size] = row["first"] if last is None else last + 1


def _stored_entry(row: Row) -> Entry:
    document = parse(row["json"])
    return Entry(
        merged=Merged(document=document, ranks=json.loads(row["ranks"])),
        row_id=row["id"],
        stored=document,
        indexed=row["analysis"] != 0,
    )


def _columns(entry: Entry, when: int) -> tuple[object, ...]:
    document = entry.document
    origin = document.forwarded_from
    gone = moments.from_partial(document.deleted_at)
    return (
        name_key(document.doc_id),
        document.channel.id if document.channel else None,
        document.message_id,
        when,
        None if document.content_hash == _EMPTY_HASH else document.content_hash,
        origin.channel_id if origin else None,
        origin.message_id if origin else None,
        moments.optional_to_epoch(gone),
        analysis.VERSION,
        json.dumps(entry.merged.ranks),
        entry.json,
    )


def _first_id(document: Document) -> int:
    return moments.first_id(moments.from_partial(document.published_at))


def _moves(entry: Entry) -> bool:
    return entry.stored is not None and _first_id(entry.stored) != _first_id(entry.document)


def _reads_as_before(entry: Entry) -> bool:
    return entry.stored is not None and (
        document_index.asked_for(entry.stored) == document_index.asked_for(entry.document)
    )


def _may_be_one(known: Document, new: Document) -> bool:
    """A user name that moved to another channel makes no two posts one."""
    ids = [document.channel.id if document.channel else None for document in (known, new)]
    return None in ids or ids[0] == ids[1]
