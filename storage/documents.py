"""Documents and their revisions: storing, merging, finding, deleting."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from storage import moments
from storage.database import Connection, fetch_in
from storage.document import Document
from storage.document_batch import Batch, document_names, name_key
from storage.document_json import parse
from storage.errors import NotFoundError
from storage.records import Stored


async def store_documents(
    tx: Connection, documents: Sequence[Document], *, stored_at: datetime, live: bool
) -> list[Stored]:
    """Store documents, merged with what is known of them; one result each, in their order.

    ``live``: they came from watching, not from an import or a backfill. Some hundreds at once take
    no more hops to the engine than one.
    """
    given = await _with_channel_ids(tx, documents)
    batch = Batch(tx)
    await batch.load({name for document in given for name in document_names(document)})
    heard = [batch.add(document) for document in given]
    await batch.write(stored_at=stored_at, live=live)
    return [
        Stored(id=entry.row_id, document=entry.document, outcome=outcome, revised=revised)
        for entry, outcome, revised in heard
    ]


async def _with_channel_ids(tx: Connection, documents: Sequence[Document]) -> list[Document]:
    """Posts known by their channel's user name alone get its number where the channel is known."""
    names = sorted({name for document in documents if (name := _numberless(document))})
    rows = await fetch_in(
        tx,
        "SELECT username_key, channel_id FROM channel"
        " WHERE channel_id IS NOT NULL AND username_key IN (:values)",
        names,
    )
    ids = {row["username_key"]: row["channel_id"] for row in rows}
    return [_numbered(document, ids) for document in documents]


def _numberless(document: Document) -> str:
    channel = document.channel
    if channel is None or channel.id is not None or document.message_id is None:
        return ""
    return (channel.username or "").lower() if document.doc_id.startswith("tg:@") else ""


def _numbered(document: Document, ids: dict[str, int]) -> Document:
    channel_id = ids.get(_numberless(document))
    if channel_id is None or document.channel is None:
        return document
    return replace(
        document,
        channel=replace(document.channel, id=channel_id),
        doc_id=f"tg:{channel_id}/{document.message_id}",
    )


async def find_document(conn: Connection, doc_id: str) -> Document | None:
    """The document that any of its names means, those of an album's parts too; or None."""
    return (await find_documents(conn, [doc_id])).get(doc_id)


async def get_document(conn: Connection, doc_id: str) -> Document:
    """The document of that name. Raises NotFoundError."""
    document = await find_document(conn, doc_id)
    if document is None:
        raise NotFoundError("there is no such document", where=doc_id)
    return document


async def find_documents(conn: Connection, doc_ids: Iterable[str]) -> dict[str, Document]:
    """Those of the named documents that are there, by the names asked for."""
    asked = {doc_id: name_key(doc_id) for doc_id in doc_ids}
    rows = await fetch_in(
        conn,
        "SELECT n.doc_id, d.json FROM document_name n JOIN document d ON d.id = n.document_id"
        " WHERE n.doc_id IN (:values)",
        sorted(set(asked.values())),
    )
    found = {row["doc_id"]: parse(row["json"]) for row in rows}
    return {doc_id: found[key] for doc_id, key in asked.items() if key in found}


async def list_documents(conn: Connection, ids: Sequence[int]) -> dict[int, Document]:
    """Those of the documents with these row ids that are there."""
    rows = await fetch_in(conn, "SELECT id, json FROM document WHERE id IN (:values)", ids)
    return {row["id"]: parse(row["json"]) for row in rows}


async def list_stored_between(
    conn: Connection, *, after: datetime, until: datetime, limit: int
) -> list[tuple[int, Document]]:
    """Documents first stored after one time and until another, oldest first.

    Only those that came from watching: what was imported or backfilled is no news.
    """
    rows = await conn.fetch_all(
        "SELECT id, json FROM document WHERE live = 1 AND stored_at > ? AND stored_at <= ?"
        " ORDER BY stored_at, id LIMIT ?",
        (moments.to_epoch(after), moments.to_epoch(until), limit),
    )
    return [(row["id"], parse(row["json"])) for row in rows]


async def mark_deleted(
    tx: Connection, *, channel_id: int, message_ids: Sequence[int], noticed_at: datetime
) -> int:
    """Note that messages are gone; gives the number of documents that are gone with them.

    A document stays, with ``deleted_at``. An album is gone when its last part is.
    """
    names = [f"tg:{channel_id}/{message_id}" for message_id in message_ids]
    when = moments.to_epoch(noticed_at)
    await tx.execute_many(
        "UPDATE document_name SET deleted_at = ? WHERE doc_id = ? AND deleted_at IS NULL",
        [(when, name) for name in names],
    )
    batch = Batch(tx)
    await batch.load(names)
    entries = [entry for entry in batch.list_loaded() if entry.document.deleted_at is None]
    present = await _list_present(tx, [entry.row_id for entry in entries], f"tg:{channel_id}/")
    gone = [entry for entry in entries if entry.row_id not in present]
    for entry in gone:
        entry.delete(noticed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    await batch.write(stored_at=noticed_at, live=False)
    return len(gone)


async def _list_present(tx: Connection, ids: Sequence[int], prefix: str) -> set[int]:
    """Which of the documents still have a message that was not deleted."""
    rows = await fetch_in(
        tx,
        "SELECT DISTINCT document_id FROM document_name WHERE deleted_at IS NULL"
        " AND substr(doc_id, 1, ?) = ? AND document_id IN (:values)",
        ids,
        before=(len(prefix), prefix),
    )
    return {row["document_id"] for row in rows}


async def list_revisions(conn: Connection, doc_id: str) -> list[Document]:
    """What a document said before each later edit, oldest first."""
    rows = await conn.fetch_all(
        "SELECT r.json FROM revision r JOIN document_name n ON n.document_id = r.document_id"
        " WHERE n.doc_id = ? ORDER BY r.id",
        (name_key(doc_id),),
    )
    return [parse(row["json"]) for row in rows]


async def count_documents(conn: Connection) -> int:
    """How many documents there are."""
    row = await conn.fetch_one("SELECT count(*) AS n FROM document")
    return 0 if row is None else int(row["n"])
