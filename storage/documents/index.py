"""The full-text index of documents: an engine's (``storage.connection.Index``), given terms that we
make ourselves.

To remove a document, the same terms must be given that were added, made again from the stored
document. So every row of ``document`` says with which version of the analysis it was indexed, and
after an upgrade that changes the analysis all are indexed anew.
"""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from storage import facts, row_ids
from storage.connection import fetch_in
from storage.document import Document
from storage.document_json import parse
from storage.errors import DocumentError
from storage.query.compile_fts5 import LAYOUT
from storage.query.words import analysis
from storage.query.words.analysis import Analysed

if TYPE_CHECKING:
    from storage.connection import Connection, Database, Row

BATCH = 100
"""Documents that are indexed anew in one transaction: writers wait for it some tens of
milliseconds."""

_FACT = "analysis_version"
_LEFT = "analysis_left"  # while a new version is at work: the lowest row id that it has looked at
_HIGHEST = (1 << 63) - 1
_NEXT = "SELECT id, json, analysis FROM document WHERE id < ? ORDER BY id DESC LIMIT ?"
_NAMED = "SELECT id, json FROM document WHERE id IN (:values)"

MERGED_PAGES = 500
"""Pages of the index that are merged in one transaction."""

IndexEntry = tuple[int, Analysed]


def version() -> int:
    """The version that documents are indexed with now: of the analysis and of the index's
    layout."""
    return LAYOUT * 100_000 + analysis.VERSION


async def merge_all(database: "Database") -> None:
    """Merge the index into one tree, in several transactions: only then it has no terms of removed
    documents any more."""
    begins = True
    while True:
        async with database.transaction() as tx:
            if not await tx.index.merge(MERGED_PAGES, begins=begins):
                return
        begins = False


def asked_for(document: Document) -> tuple[object, ...]:
    """Everything that a document's index entries depend on."""
    return (
        document.kind,
        document.title,
        document.deck,
        document.body,
        document.dateline,
        document.event,
        document.channel,
        document.forwarded_from,
        document.author,
        document.lang,
        document.media,
        document.album_ids,
        document.links,
        document.edited_at is None,
        document.deleted_at is None,
    )


async def refresh(database: "Database", *, pause: float = 0.0) -> int:
    """Index what ``begin`` left to be indexed; returns the number of documents.

    Newest first, in batches with a ``pause`` (seconds) after each. The progress is stored with
    them, so the next call continues where this one ended. Meanwhile documents can be stored and
    searched; ``find_horizon`` says how far back.
    """
    done = 0
    while await _find(database, _LEFT) is not None:
        indexed = await _index_batch(database)
        if indexed is None:
            break
        done += indexed
        await asyncio.sleep(pause)
    return done


async def mend(database: "Database", *, pause: float = 0.0) -> int:
    """Index documents anew of which the index has lost something, newest first, in batches with a
    ``pause`` (seconds) after each; returns their number."""
    async with database.reader() as conn:
        lost = await conn.list_lost(version())
    mended = 0
    for start in range(0, len(lost), BATCH):
        async with database.transaction() as tx:
            if not await _feeds(tx):
                break
            done: list[tuple[int, int]] = []
            rows = await fetch_in(tx, _NAMED, lost[start : start + BATCH])
            await tx.index.add(_analyse_all(rows, done))
        mended += len(done)
        await asyncio.sleep(pause)
    return mended


async def _find(database: "Database", name: str) -> str | None:
    async with database.reader() as reader:
        return await facts.find_value(reader, name)


async def _feeds(tx: "Connection") -> bool:
    """Whether this version maintains the index: another version, in another process, may have taken
    over."""
    return await facts.find_value(tx, _FACT) == str(version())


async def begin(database: "Database") -> None:
    """Empty the index if another version filled it, since those terms cannot be derived any more.

    Call it before anything is stored: what this version indexes must not be lost.
    """
    if await _find(database, _FACT) == str(version()):
        return
    async with database.transaction() as tx:  # another process may have been faster
        if not await _feeds(tx):
            await tx.index.clear()
            await facts.set_value(tx, _FACT, str(version()))
            await facts.set_value(tx, _LEFT, str(_HIGHEST))


async def note_all(tx: "Connection") -> None:
    """Record that all documents were indexed by other means than ``refresh``."""
    await facts.remove_value(tx, _LEFT)


async def find_horizon(conn: "Connection") -> datetime | None:
    """The time before which documents may not be found yet, because they are being indexed anew;
    None if all are found."""
    left = await facts.find_value(conn, _LEFT)
    return None if left is None else row_ids.time_of(min(int(left), row_ids.LAST_DATED))


async def _index_batch(database: "Database") -> int | None:
    """Index the next documents that were not indexed since by a change; returns how many, None if
    this is another process's task. A document that cannot be read is skipped: it is not found, and
    ``dateline verify`` names it."""
    async with database.transaction() as tx:
        left = await facts.find_value(tx, _LEFT)
        if left is None or not await _feeds(tx):
            return None
        rows = await tx.fetch_all(_NEXT, (int(left), BATCH))
        old = [row for row in rows if row["analysis"] != version()]
        done: list[tuple[int, int]] = []
        await tx.index.add(_analyse_all(old, done))
        await tx.execute_many("UPDATE document SET analysis = ? WHERE id = ?", done)
        if len(rows) < BATCH:
            await facts.remove_value(tx, _LEFT)
        else:
            await facts.set_value(tx, _LEFT, str(rows[-1]["id"]))
    return len(done)


def _analyse_all(rows: Sequence["Row"], done: list[tuple[int, int]]) -> Iterator[IndexEntry]:
    """The index entries of the rows that can be read; adds those to ``done``."""
    for row in rows:
        try:
            analysed = analysis.analyse_document(parse(row["json"]))
        except (DocumentError, ValueError):
            continue
        done.append((version(), row["id"]))
        yield row["id"], analysed


async def count_unread(conn: "Connection") -> int:
    """The documents that are not in the index because they cannot be read; scans the whole
    table."""
    sql = "SELECT count(*) AS n FROM document WHERE analysis <> ?"
    row = await conn.fetch_one(sql, (version(),))
    return 0 if row is None else int(row["n"])
