"""Adds entries (of the kind ``found``) for what was stored before there was a chain, with the time
at which it was stored by its row. Done in small steps beside the service, or before the first
evidence."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime

from storage import facts, times
from storage.chain import entries, versions
from storage.chain.entries import NewEntry
from storage.connection import Connection, Database, Row, fetch_in

_FACT = "chain_found"
_DONE = "all"
_AT_ONCE = 200

_DOCUMENTS = """
    SELECT id, id AS document_id, doc_id, changed_at AS stored_at, json FROM document
    WHERE id > ? ORDER BY id LIMIT ?
"""
# A revision was stored when the one before it was replaced.
_REVISIONS = """
    SELECT r.id, r.document_id, d.doc_id, coalesce(
        (SELECT max(replaced_at) FROM revision AS former
            WHERE former.document_id = r.document_id AND former.id < r.id), d.stored_at
    ) AS stored_at, r.json
    FROM revision AS r JOIN document AS d ON d.id = r.document_id
    WHERE r.id > ? ORDER BY r.id LIMIT ?
"""
_STEPS = {"documents": _DOCUMENTS, "revisions": _REVISIONS}
# Documents first: one that is changed meanwhile has what it said before among the revisions.
_BEGINNING = f"documents {-(2**62)}"


async def find_all(database: Database, *, now: datetime, pause: float = 0.0) -> None:
    """Add everything that has no entry to the chain; continues where an earlier run ended.
    ``pause``: seconds between two steps."""
    is_more = True
    while is_more:
        is_more = await _find_some(database, now)
        await asyncio.sleep(pause)


async def is_done(conn: Connection) -> bool:
    """Whether everything older than the chain is in it; a version without an entry is then not one
    that Dateline stored."""
    return await facts.find_value(conn, _FACT) == _DONE


async def _find_some(database: Database, now: datetime) -> bool:
    """Process the next rows; returns whether there may be more."""
    async with database.reader() as conn:
        if await is_done(conn):
            return False
    async with database.transaction() as tx:
        table, _, after = (await facts.find_value(tx, _FACT) or _BEGINNING).partition(" ")
        if table not in _STEPS:
            return False
        rows = await tx.fetch_all(_STEPS[table], (int(after), _AT_ONCE))
        if rows:
            await _append(tx, rows, now)
            reached = f"{table} {rows[-1]['id']}"
        else:
            reached = "revisions 0" if table == "documents" else _DONE
        await facts.set_value(tx, _FACT, reached)
    return True


async def _append(tx: Connection, rows: Sequence[Row], now: datetime) -> None:
    ids = sorted({row["document_id"] for row in rows})
    held = await fetch_in(
        tx, "SELECT document_id, version FROM chain_entry WHERE document_id IN (:values)", ids
    )
    known = {(row["document_id"], row["version"]) for row in held}
    await entries.append(tx, _unknown(rows, known), made_at=now)


def _unknown(rows: Sequence[Row], known: set[tuple[int, bytes]]) -> Iterator[NewEntry]:
    for row in rows:
        version = versions.digest(versions.stored_form(row["json"]))
        if (row["document_id"], version) in known:
            continue
        known.add((row["document_id"], version))
        yield NewEntry(
            kind="found",
            doc_id=row["doc_id"],
            version=version,
            document_id=row["document_id"],
            stored_at=times.from_epoch(row["stored_at"]),
        )
