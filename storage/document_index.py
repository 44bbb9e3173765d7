"""The full-text index of documents: contentless FTS5, fed with terms of our own.

Without content of its own, FTS5 forgets a document only when it is given the very terms it was fed;
they are derived again from the stored document. So every row of ``document`` says under which
analysis version it was indexed (0: not yet), and a new version feeds everything again.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from storage import facts
from storage.document import Document
from storage.document_json import parse
from storage.query import analysis
from storage.query.analysis import Analysed
from storage.query.compile_fts5 import index_row

if TYPE_CHECKING:
    from storage.database import Connection, Database

BATCH = 500

_FACT = "analysis_version"

_ADD = "INSERT INTO document_index (rowid, body, title, mark) VALUES (?, ?, ?, ?)"
_REMOVE = (
    "INSERT INTO document_index (document_index, rowid, body, title, mark)"
    " VALUES ('delete', ?, ?, ?, ?)"
)

Entry = tuple[int, Analysed]


async def add_entries(tx: "Connection", entries: Iterable[Entry]) -> None:
    """Index documents under their row ids."""
    await tx.execute_many(_ADD, ((row_id, *index_row(analysed)) for row_id, analysed in entries))


async def remove_entries(tx: "Connection", entries: Iterable[Entry]) -> None:
    """Take documents out; they are given as they were when they were indexed."""
    await tx.execute_many(_REMOVE, ((row_id, *index_row(analysed)) for row_id, analysed in entries))


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
        document.lang,
        document.media,
        document.album_ids,
        bool(document.links),
        document.edited_at is None,
        document.deleted_at is None,
    )


async def refresh(database: "Database") -> int:
    """Index what is not indexed under this analysis version; gives the number of documents.

    A change of version empties the index first: what the old version fed can't be derived any more.
    """
    async with database.reader() as reader:
        known = await facts.find_value(reader, _FACT)
    if known != str(analysis.VERSION):
        async with database.transaction() as tx:
            await tx.execute("INSERT INTO document_index (document_index) VALUES ('delete-all')")
            await tx.execute("UPDATE document SET analysis = 0 WHERE analysis <> 0")
            await facts.set_value(tx, _FACT, str(analysis.VERSION))
    done = 0
    while await _is_behind(database):
        done += await _index_batch(database)
    return done


async def _is_behind(database: "Database") -> bool:
    async with database.reader() as reader:
        row = await reader.fetch_one("SELECT 1 FROM document WHERE analysis = 0 LIMIT 1")
    return row is not None


async def _index_batch(database: "Database") -> int:
    async with database.transaction() as tx:
        rows = await tx.fetch_all(
            "SELECT id, json FROM document WHERE analysis = 0 ORDER BY id DESC LIMIT ?", (BATCH,)
        )
        await add_entries(tx, ((row["id"], _analysed(row["json"])) for row in rows))
        done: Sequence[tuple[int, int]] = [(analysis.VERSION, row["id"]) for row in rows]
        await tx.execute_many("UPDATE document SET analysis = ? WHERE id = ?", done)
    return len(rows)


def _analysed(text: str) -> Analysed:
    return analysis.analyse_document(parse(text))
