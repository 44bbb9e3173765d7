"""The full-text index of documents: an engine's (``storage.connection.Index``), given terms that we
make ourselves.

To remove a document from it, the same terms may have to be given that were put in, made again from
the stored document. So every row of ``document`` says with which
version of the analysis it was indexed, and after an upgrade that changes it all are indexed anew.
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
"""How many documents are indexed anew at once: what is stored meanwhile waits for that not longer
than some tens of milliseconds."""

_FACT = "analysis_version"
_LEFT = "analysis_left"  # while a new version is at work: the lowest row id that it has looked at
_HIGHEST = (1 << 63) - 1
_NEXT = "SELECT id, json, analysis FROM document WHERE id < ? ORDER BY id DESC LIMIT ?"
_NAMED = "SELECT id, json FROM document WHERE id IN (:values)"

MERGED_PAGES = 500
"""How many pages of the index are merged at once."""

Entry = tuple[int, Analysed]


def version() -> int:
    """What documents are indexed under now: the analysis and its layout in the index."""
    return LAYOUT * 100_000 + analysis.VERSION


async def merge_all(database: "Database") -> None:
    """Make one tree of the index, some of it at a time: only then it holds no term any more of
    what was taken out."""
    begins = True
    while True:
        async with database.transaction() as tx:
            if not await tx.index.merge(MERGED_PAGES, begins=begins):
                return
        begins = False


def asked_for(document: Document) -> tuple[object, ...]:
    """All that the index depends on: while it stays the same, so does the index."""
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
    """Index what ``begin`` left to be indexed; gives the number of documents.

    The newest come first, some at a time with a ``pause`` (seconds) after them, and what is done is
    remembered with them: whatever ends it, the next call goes on from there. Meanwhile documents
    can be stored and searched; ``find_horizon`` says how far back.
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
    """Index anew what the index has lost something of, the newest first, some at a time with a
    ``pause`` (seconds) after them; gives the number of documents."""
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
    """Whether this version feeds the index: another one, in another process, may have begun to."""
    return await facts.find_value(tx, _FACT) == str(version())


async def begin(database: "Database") -> None:
    """Empty the index where another version fed it: what that one fed can't be derived any more.

    Before anything is stored: what is fed by this version is not fed again, so it must not be lost.
    """
    if await _find(database, _FACT) == str(version()):
        return
    async with database.transaction() as tx:  # another process may have been faster
        if not await _feeds(tx):
            await tx.index.clear()
            await facts.set_value(tx, _FACT, str(version()))
            await facts.set_value(tx, _LEFT, str(_HIGHEST))


async def note_all(tx: "Connection") -> None:
    """All documents have been indexed by somebody else than ``refresh``: nothing is left to be."""
    await facts.remove_value(tx, _LEFT)


async def find_horizon(conn: "Connection") -> datetime | None:
    """The time before which documents may not be found yet, because they are being indexed anew;
    None when all are found."""
    left = await facts.find_value(conn, _LEFT)
    return None if left is None else row_ids.time_of(min(int(left), row_ids.LAST_DATED))


async def _index_batch(database: "Database") -> int | None:
    """Look at the next documents, and index those that no change of theirs has; gives how many,
    None where it is another process's to do. One that cannot be read stands in no way: it is not
    found, and ``dateline verify`` names it."""
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


def _analyse_all(rows: Sequence["Row"], done: list[tuple[int, int]]) -> Iterator[Entry]:
    """The entries of those that can be read; ``done`` names them."""
    for row in rows:
        try:
            analysed = analysis.analyse_document(parse(row["json"]))
        except (DocumentError, ValueError):
            continue
        done.append((version(), row["id"]))
        yield row["id"], analysed


async def count_unread(conn: "Connection") -> int:
    """How many documents are not in the index because they cannot be read; looks at every row."""
    sql = "SELECT count(*) AS n FROM document WHERE analysis <> ?"
    row = await conn.fetch_one(sql, (version(),))
    return 0 if row is None else int(row["n"])
