"""What evidence is made of, read from the database: posts with their histories, heads and paths."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from handlers.sources.post_links import find_link
from storage.chain import entries, heads, histories, merkle, stamps
from storage.chain.entries import Entry
from storage.chain.heads import Head
from storage.chain.histories import History
from storage.connection import Connection, Database
from storage.document import Document, name_key
from storage.documents import documents, search
from storage.documents.batch import find_rows
from storage.documents.redactions import is_redacted
from storage.errors import DamagedError, DocumentError, NotFoundError
from storage.query.reading import syntax


class Evidence(Struct, frozen=True, kw_only=True):
    """A post: its document and history, and what of it is not as it was recorded."""

    document: Document
    history: History
    doubts: tuple[str, ...]

    @property
    def is_redacted(self) -> bool:
        return is_redacted(self.document)


@asynccontextmanager
async def at_one_moment(database: Database) -> AsyncIterator[Connection]:
    """A reader for which nothing changes meanwhile: what is stored beside it would have no head."""
    async with database.reader() as conn:
        await conn.execute("BEGIN")
        try:
            yield conn
        finally:
            await conn.execute("ROLLBACK")


async def list_asked(
    conn: Connection, asked: Sequence[str], zone: ZoneInfo
) -> AsyncIterator[Document]:
    """The documents that are asked for by link, name or query, each once.

    Raises NotFoundError for a link or a name that leads to none, QueryError.
    """
    seen: set[str] = set()
    for one in asked:
        async for document in _list_one(conn, one, zone):
            if document.doc_id not in seen:
                seen.add(document.doc_id)
                yield document


async def _list_one(conn: Connection, asked: str, zone: ZoneInfo) -> AsyncIterator[Document]:
    link = find_link(asked) if len(asked.split()) == 1 else None
    try:
        found = await documents.find_document(conn, link.doc_id if link else asked)
        if found is not None:
            yield found
        elif link is not None or asked.startswith("tg:"):
            raise NotFoundError("is not stored", where=asked, hint="import or backfill it")
        else:
            tree = syntax.parse(asked, now=datetime.now(UTC), zone=zone)
            async for document in search.iterate(conn, tree):
                yield document
    except (ValueError, DocumentError):
        raise DamagedError(
            "a document can't be read: its row is not as it was stored",
            where=asked,
            hint="restore a backup",
        ) from None


async def read_evidence(conn: Connection, document: Document) -> Evidence | None:
    """All that is stored of a document; None where it has gone meanwhile."""
    name = name_key(document.doc_id)
    row = (await find_rows(conn, [name])).get(name)
    history = None if row is None else await histories.read_history(conn, row)
    if history is None:
        return None
    return Evidence(document=document, history=history, doubts=tuple(histories.doubts_of(history)))


class Heads:
    """The heads of the chain, that of the day which has not ended as well, and the trees of their
    days: each is made when a path is asked for, the last one is held. ``answers`` are those of
    authorities, by the numbers of the heads."""

    def __init__(
        self,
        conn: Connection,
        closed: list[Head],
        opened: Head | None,
        answers: Mapping[int, bytes],
    ) -> None:
        self.answers = answers
        self._conn = conn
        self.all = [*closed, *([opened] if opened else [])]
        self._opened = opened
        self._held: tuple[int, merkle.Tree] | None = None
        self.doubts: dict[int, str] = {}
        self._look_at_heads()

    def _look_at_heads(self) -> None:
        previous, last = entries.NOTHING, 0
        for head in self.all:
            is_sound = head is self._opened or head.hash == head.true_hash
            if not is_sound or (head.previous, head.first) != (previous, last + 1):
                self.doubts[head.number] = f"head {head.number}, {head.day}, is not as it was made"
            previous, last = head.true_hash, head.last

    def find(self, seq: int) -> Head | None:
        """The head that holds an entry."""
        return next((head for head in self.all if head.first <= seq <= head.last), None)

    async def path(self, head: Head, seq: int) -> list[bytes]:
        """The hashes that lead from an entry to the root of its head."""
        if self._held is None or self._held[0] != head.number:
            self._held = (head.number, await self._tree(head))
        return self._held[1].path(seq - head.first)

    async def _tree(self, head: Head) -> merkle.Tree:
        found = await entries.list_hashes(self._conn, head.first, head.last)
        tree = merkle.Tree(digest for _, digest in found)
        if tree.root != head.root:
            what = await self._find_bent(head)
            self.doubts.setdefault(head.number, f"head {head.number}, {head.day}: {what}")
        return tree

    async def _find_bent(self, head: Head) -> str:
        """Which entry of a day is not as it was made."""
        previous = entries.NOTHING
        expected = head.first
        for entry in await entries.list_between(self._conn, head.first - 1, head.last):
            if entry.seq >= head.first:
                if entry.seq != expected:
                    return f"entry {expected} is missing"
                if entries.hash_of(entry.line(previous)) != entry.hash:
                    return f"entry {entry.seq} is not as it was made"
                expected += 1
            previous = entry.hash
        return "its entries are not those that it was made of"


async def read_heads(conn: Connection) -> Heads:
    """The heads as they are now."""
    closed, opened = await heads.list_heads(conn), await heads.find_open(conn)
    return Heads(conn, closed, opened, await stamps.list_stamps(conn))


async def told(evidence: Evidence, all_heads: Heads, names: dict[bytes, str]) -> str:
    """The text of ``post.json``; ``names`` are those of the versions' files, by their hashes."""
    document = evidence.document
    listed = [
        await _entry(one, evidence.history, all_heads, names) for one in evidence.history.entries
    ]
    content = {
        "doc_id": document.doc_id,
        "url": document.url,
        "published_at": document.published_at,
        "deleted_at": document.deleted_at,
        "redacted": evidence.is_redacted,
        "doubts": list(evidence.doubts),
        "entries": listed,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


async def _entry(
    entry: Entry, history: History, all_heads: Heads, names: dict[bytes, str]
) -> dict[str, object]:
    head = all_heads.find(entry.seq)
    path = [] if head is None else await all_heads.path(head, entry.seq)
    return {
        "what": entry.kind,
        "at": entries.moment(entry.made_at),
        "file": names.get(entry.version),
        "line": history.line(entry),
        "head": None if head is None else head.number,
        "path": [digest.hex() for digest in path],
    }
