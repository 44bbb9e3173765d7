"""Stores documents in batches: found, merged, given row ids and written together.

A batch takes a bounded number of queries, however many documents it holds.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from storage import times
from storage.chain import entries as chain
from storage.connection import Connection, Query, Row, Statement, fetch_groups, fetch_in, queries_in
from storage.document import EMPTY_HASH, Document, name_key
from storage.document_json import dump, parse, storable
from storage.documents import albums, authors, chained, free_row_ids, redactions
from storage.documents import index as document_index
from storage.documents.batch_entry import BatchEntry, Ready
from storage.documents.free_row_ids import first_row_id, is_spilled
from storage.documents.merge import Merged, absorb, may_be_one
from storage.query.words import analysis
from storage.records import Outcome

_BESIDE = (
    "SELECT doc_id, document_id AS id, deleted_at FROM document_name WHERE doc_id IN (:values)"
)
_OWN = "SELECT doc_id, id FROM document WHERE doc_id IN (:values)"
_INSERT = """
    INSERT INTO document (
        doc_id, channel_id, message_id, changed_at, content_hash, origin_channel_id,
        origin_message_id, deleted_at, author_key, analysis, ranks, json, id, stored_at, live
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_UPDATE = """
    UPDATE document SET
        doc_id = ?, channel_id = ?, message_id = ?, changed_at = ?, content_hash = ?,
        origin_channel_id = ?, origin_message_id = ?, deleted_at = ?, author_key = ?,
        analysis = ?, ranks = ?, json = ?, id = ?
    WHERE id = ?
"""
_ADD_SPILLED = "INSERT INTO spilled (document_id, first_id) VALUES (?, ?)"
_ADD_NAME = """
    INSERT INTO document_name (doc_id, document_id) VALUES (?, ?) ON CONFLICT (doc_id) DO NOTHING
"""
_BRING_BACK = "UPDATE document_name SET deleted_at = NULL WHERE doc_id = ?"
# A story is named by the first post of it, under the name that this one had then.
_KEEP_STORY = "UPDATE document SET story = ? WHERE id = ? AND story IS NULL"
_ADD_REVISION = "INSERT INTO revision (document_id, replaced_at, json) VALUES (?, ?, ?)"
_DROP_REVISIONS = "DELETE FROM revision WHERE document_id = ?"
_DROP_TRANSLATIONS = "DELETE FROM translation WHERE document_id = ?"
_ADD_CHANNEL_NAME = """
    INSERT INTO channel_name (username_key, channel_id) VALUES (?, ?)
    ON CONFLICT (username_key) DO UPDATE SET channel_id = excluded.channel_id
    WHERE channel_name.channel_id <> excluded.channel_id
"""
_REPOINT = (
    "UPDATE document_name SET document_id = ? WHERE document_id = ?",
    "UPDATE revision SET document_id = ? WHERE document_id = ?",
    "UPDATE chain_entry SET document_id = ? WHERE document_id = ?",
)


def document_names(document: Document) -> set[str]:
    """Every name of this document: by channel id and by username, and those of an album's parts."""
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
    """The documents of one transaction, by all their names. ``ready``: what was computed of them
    beforehand, by ``doc_id``."""

    def __init__(self, tx: Connection, ready: Mapping[str, Ready] | None = None) -> None:
        self._tx = tx
        self._ready = ready or {}
        self._by_name: dict[str, BatchEntry] = {}
        self._entries: list[BatchEntry] = []
        self._joined: dict[BatchEntry, BatchEntry] = {}
        self._spilled: list[tuple[int, int]] = []
        self._gone: dict[str, datetime] = {}
        self._back: list[str] = []
        self._redacted: Mapping[str, redactions.Redaction] = {}

    async def load(self, names: Iterable[str]) -> None:
        """Read the stored documents that these names mean."""
        asked = sorted(names)
        named, redacted = _name_queries(asked), redactions.redaction_queries(asked)
        beside, own, rows = await fetch_groups(self._tx, *named, redacted)
        found, self._gone = _read_names(beside, own)
        self._redacted = redactions.read_redactions(rows)
        rows = await fetch_in(
            self._tx,
            "SELECT id, analysis, ranks, json FROM document WHERE id IN (:values)",
            sorted(set(found.values())),
        )
        entries = {row["id"]: _stored_entry(row) for row in rows}
        self._entries.extend(entries.values())
        self._by_name.update((name, entries[row_id]) for name, row_id in found.items())

    def find_left(self, entry: BatchEntry) -> BatchEntry:
        """The entry, or the one that it turned out to be the same post as."""
        return self._joined.get(entry, entry)

    def list_loaded(self) -> list[BatchEntry]:
        """Every entry, in the order in which it was added."""
        return self._entries

    def _find_notice(self, document: Document, names: set[str]) -> str | None:
        """The notice in place of a redacted post, stored or not; None if it was not redacted.

        A username may belong to another channel by now, so it counts only if no channel id is
        known.
        """
        if not self._redacted:
            return None
        has_number = document.channel is not None and document.channel.id is not None
        own = (name for name in names if not (has_number and "@" in name))
        found = [self._redacted[name] for name in sorted(own) if name in self._redacted]
        return found[0].notice if found else None

    def _keep_redacted(self, entry: BatchEntry, notice: str | None, *, joined: bool) -> Outcome:
        """Reading a redacted post changes nothing of it; documents that turn out to be the same
        post are redacted with it."""
        if not redactions.is_redacted(entry.document) or joined:
            entry.empty(notice or entry.document.title or "")
            return "updated"
        return "unchanged"

    def add(
        self, document: Document, names: set[str], seen_at: datetime | None
    ) -> tuple[BatchEntry, Outcome, bool]:
        """Merge a document with these ``names`` into the batch. Returns its entry, the outcome, and
        whether a revision was made.

        ``seen_at``: its channel showed it at that time. Without it, the document may have been read
        before messages of it were deleted, and restores none of them.
        """
        notice = self._find_notice(document, names)
        if notice is not None:
            document = redactions.emptied(document, notice)
        entry, joined = self._find(names, document)
        if entry is not None and _is_redacted(entry, notice):
            outcome, revised = self._keep_redacted(entry, notice, joined=joined), False
        elif entry is None:
            ready = self._ready.get(document.doc_id)
            entry = BatchEntry(merged=Merged(document=document), changed=True, ready=ready)
            self._entries.append(entry)
            outcome, revised = "new", False
        else:
            there = albums.without(document, self._list_gone(document, seen_at))
            outcome, revised = entry.merge_in(there) if there else ("unchanged", False)
            entry.return_seen(seen_at)
            outcome = "updated" if joined else outcome
        for name in names:
            self._by_name.setdefault(name, entry)
        return entry, outcome, revised

    def _list_gone(self, document: Document, seen_at: datetime | None) -> set[int]:
        """The messages of a document that were deleted and not seen since."""
        gone = set()
        for part in albums.parts(document):
            name = f"{document.doc_id.rpartition('/')[0]}/{part}"
            deleted_at = self._gone.get(name)
            if deleted_at is None:
                continue
            if seen_at is not None and seen_at > deleted_at:
                self._back.append(name)
            else:
                gone.add(part)
        return gone

    def _find(self, names: set[str], document: Document) -> tuple[BatchEntry | None, bool]:
        """The entry that these names mean; if they mean several, those are joined now."""
        found: dict[int, BatchEntry] = {}
        for name in sorted(names):
            entry = self._by_name.get(name)
            if entry is not None and may_be_one(entry.document, document):
                found[id(entry)] = entry
        if not found:
            return None, False
        first, *others = sorted(found.values(), key=lambda e: (e.row_id == 0, e.row_id))
        for other in others:
            self._join(first, other)
        return first, bool(others)

    def _join(self, first: BatchEntry, other: BatchEntry) -> None:
        documents = (first.document, other.document)
        notices = [one.title or "" for one in documents if redactions.is_redacted(one)]
        first.merged = absorb(first.merged, other.merged)
        first.replaced[:0] = other.replaced
        if notices:
            first.empty(notices[0])
        first.absorbed += [other, *other.absorbed]
        first.changed = True
        self._joined |= dict.fromkeys((other, *other.absorbed), first)
        self._entries.remove(other)
        for name, entry in self._by_name.items():
            if entry is other:
                self._by_name[name] = first

    async def write(
        self, *, stored_at: datetime, live: bool, because: chain.Kind | None = None
    ) -> None:
        """Write what changed, with its entries in the chain. Rows are made while the engine takes
        them, on its thread. ``because``: the kind of the chain's entries, if it does not follow
        from the change."""
        changed = [entry for entry in self._entries if entry.changed]
        added = [entry for entry in changed if not entry.row_id]
        kept = [(entry, entry.row_id) for entry in changed if entry.row_id]
        await self._forget(changed)
        last = await self._place(changed)
        linked = (one for e in changed for one in chained.links(e, because))
        await self._tx.execute_later(
            *self._rows(changed, added, kept, times.to_epoch(stored_at), live=live),
            chain.insert_statement(linked, made_at=stored_at, last=last),
        )
        await self._tx.index.add((e.row_id, e.analyse()) for e in changed if not e.indexed)

    def _rows(
        self,
        changed: Sequence[BatchEntry],
        added: Sequence[BatchEntry],
        kept: Sequence[tuple[BatchEntry, int]],
        when: int,
        *,
        live: bool,
    ) -> Iterator[Statement]:
        """What is written, in order: to make a document's row may change what follows of it."""
        if kept:
            yield _UPDATE, ((*_columns(e, when), e.row_id, former) for e, former in kept)
        yield _INSERT, ((*_columns(e, when), e.row_id, when, int(live)) for e in added)
        yield _ADD_SPILLED, self._spilled
        yield _ADD_NAME, ((name, e.row_id) for e in changed for name in _names_beside(e))
        if kept:
            yield _KEEP_STORY, _renamed(changed)
        yield _BRING_BACK, [(name,) for name in self._back]
        yield _ADD_CHANNEL_NAME, _channel_names(changed)
        replaced = ((e, old) for e in changed for old in e.replaced)
        yield _ADD_REVISION, ((e.row_id, when, storable(dump(old))) for e, old in replaced)
        # What was derived from texts that are no longer there.
        yield _DROP_REVISIONS, [(e.row_id,) for e in changed if e.emptied]
        yield _DROP_TRANSLATIONS, ((e.row_id,) for e in changed if _says_something_else(e))

    async def _forget(self, changed: Sequence[BatchEntry]) -> None:
        """Remove changed documents from the index, and delete rows that were joined to others."""
        gone: list[tuple[int, Document]] = []
        for entry in changed:
            for old in (entry, *entry.absorbed):
                stays = old is entry and not _moves(entry) and _reads_as_before(entry)
                if old.indexed and old.stored is not None and not stays:
                    gone.append((old.row_id, old.stored))
                    old.indexed = False
        if gone:
            await self._tx.index.remove(
                (row_id, analysis.analyse_document(old)) for row_id, old in gone
            )
        joined = [
            (entry.row_id, old.row_id) for entry in changed for old in entry.absorbed if old.row_id
        ]
        for statement in _REPOINT:
            await self._tx.execute_many(statement, joined)
        await self._tx.execute_many(
            "DELETE FROM document WHERE id = ?", [(old_id,) for _, old_id in joined]
        )

    async def _place(self, changed: Sequence[BatchEntry]) -> chain.Last:
        """Give row ids to new documents, and new ones to those whose time is known better now.
        Returns the end of the chain, for which the same hop asks."""
        moving = [entry for entry in changed if not entry.row_id or _moves(entry)]
        firsts = [first_row_id(entry.document) for entry in moving]
        free, end = await fetch_groups(
            self._tx, [free_row_ids.query(firsts)] if moving else [], [chain.FIND_LAST]
        )
        places = free_row_ids.choose(free, firsts)
        former = [(entry.row_id,) for entry in moving if entry.row_id]
        if former:
            await self._tx.execute_many("DELETE FROM spilled WHERE document_id = ?", former)
        for entry, first, place in zip(moving, firsts, places, strict=True):
            entry.row_id = place
            if is_spilled(place, first):
                self._spilled.append((place, first))
        return chain.read_last(end)


def _is_redacted(entry: BatchEntry, notice: str | None) -> bool:
    return notice is not None or redactions.is_redacted(entry.document)


def _stored_entry(row: Row) -> BatchEntry:
    document = parse(row["json"])
    return BatchEntry(
        merged=Merged(document=document, ranks=json.loads(row["ranks"])),
        row_id=row["id"],
        stored=document,
        indexed=row["analysis"] == document_index.version(),
    )


async def find_rows(conn: Connection, names: Sequence[str]) -> dict[str, int]:
    """The row ids of documents, by those of the names (in the form of ``name_key``) that mean
    one."""
    beside, own = await fetch_groups(conn, *_name_queries(names))
    return _read_names(beside, own)[0]


def expected(documents: Sequence[Document]) -> list[Query]:
    """What storing these will ask before it writes, if all are new and their channels known."""
    names = sorted(set[str]().union(*map(document_names, documents)))
    groups = *_name_queries(names), redactions.redaction_queries(names)
    free = free_row_ids.query([*map(first_row_id, documents)])
    return [*(query for queries in groups for query in queries), free, chain.FIND_LAST]


def _name_queries(names: Sequence[str]) -> tuple[Iterator[Query], Iterator[Query]]:
    """The queries for names that documents have beside their own, and for their own names."""
    return queries_in(_BESIDE, names), queries_in(_OWN, names)


def _read_names(
    beside: Sequence[Row], own: Sequence[Row]
) -> tuple[dict[str, int], dict[str, datetime]]:
    """The row ids of documents by name, and when the names of deleted parts of albums were
    deleted."""
    gone = {
        row["doc_id"]: times.from_epoch(row["deleted_at"])
        for row in beside
        if row["deleted_at"] is not None
    }
    return {row["doc_id"]: row["id"] for row in (*beside, *own)}, gone


def _renamed(entries: Iterable[BatchEntry]) -> Iterator[tuple[str, int]]:
    """The former names of stored documents that have another name now, with their row ids."""
    for entry in entries:
        if entry.stored is not None and entry.stored.doc_id != entry.document.doc_id:
            yield name_key(entry.stored.doc_id), entry.row_id


def _names_beside(entry: BatchEntry) -> Iterator[str]:
    """The names to store beside ``doc_id``: those of an album's parts, and former ones."""
    document = entry.document
    current = name_key(document.doc_id)
    owner, _, _ = current.rpartition("/")
    if len(document.album_ids) > 1 and "album_guessed" not in document.flags:
        yield from (f"{owner}/{part}" for part in document.album_ids)
    for old in (entry, *entry.absorbed):
        if old.stored is not None and (former := name_key(old.stored.doc_id)) != current:
            yield former


def _channel_names(entries: Iterable[BatchEntry]) -> Iterator[tuple[str, int]]:
    """The channels' usernames in small letters, with their ids, in order."""
    known = {}
    for entry in entries:
        channel = entry.document.channel
        if channel is not None and channel.id is not None and channel.username:
            known[channel.username.lower()] = channel.id
    yield from sorted(known.items())


def _columns(entry: BatchEntry, when: int) -> tuple[object, ...]:
    text = entry.take_row_text()
    document = entry.document
    origin = document.forwarded_from
    gone = times.from_partial(document.deleted_at)
    return (
        name_key(document.doc_id),
        document.channel.id if document.channel else None,
        document.message_id,
        when,
        None if document.content_hash == EMPTY_HASH else document.content_hash,
        origin.channel_id if origin else None,
        origin.message_id if origin else None,
        times.optional_to_epoch(gone),
        authors.key_of(document.author),
        document_index.version(),
        json.dumps(entry.merged.ranks) if entry.merged.ranks else "{}",
        text,
    )


def _says_something_else(entry: BatchEntry) -> bool:
    return entry.stored is not None and entry.stored.texts() != entry.document.texts()


def _moves(entry: BatchEntry) -> bool:
    return entry.stored is not None and first_row_id(entry.stored) != first_row_id(entry.document)


def _reads_as_before(entry: BatchEntry) -> bool:
    return entry.stored is not None and (
        document_index.asked_for(entry.stored) == document_index.asked_for(entry.document)
    )
