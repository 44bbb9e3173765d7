"""Documents and their revisions: stores, merges, finds and deletes them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from storage import times
from storage.chain import entries as chain
from storage.connection import Connection, Query, fetch_in
from storage.document import Document, name_key
from storage.document_json import dump, parse
from storage.documents import chained, groups, problems
from storage.documents.authors import Authors, forgotten, list_keys
from storage.documents.batch import Batch, document_names, find_rows
from storage.documents.batch_entry import BatchEntry, Ready
from storage.errors import NotFoundError
from storage.records import Outcome, Stored
from storage.structs import replace

_NO_PERSONS = Authors()
_NEWEST = 100
_LINE = 80  # characters
_LANGUAGES = """
    SELECT lang, count(*) AS n FROM (
        SELECT json_extract(json, '$.lang') AS lang, json_extract(json, '$.lang_basis') AS basis,
            json_extract(json, '$.title') AS title
        FROM document WHERE channel_id = ? AND message_id IS NOT NULL
        ORDER BY message_id DESC LIMIT ?
    ) AS newest WHERE basis IS NULL AND (lang IS NOT NULL OR length(title) > ?) GROUP BY lang
"""

# The channel has another name, or none, or is known to have had another one.
_MOVED = (
    "EXISTS (SELECT 1 FROM channel WHERE channel.channel_id = channel_name.channel_id"
    " AND (username_key IS NOT NULL OR last_scan_at IS NOT NULL))"
    " OR EXISTS (SELECT 1 FROM channel_name AS other"
    " WHERE other.channel_id = channel_name.channel_id"
    " AND other.username_key <> channel_name.username_key)"
)


async def store_documents(
    tx: Connection,
    documents: Sequence[Document],
    *,
    stored_at: datetime,
    live: bool,
    authors: Authors = _NO_PERSONS,
    seen_at: Sequence[datetime | None] | None = None,
    ready: Mapping[str, Ready] | None = None,
) -> list[Stored]:
    """Store documents, merged with what is known of them; returns a result for each, in order.

    ``live``: they came from watching, not from an import or a backfill. ``authors``: how much is
    kept of who wrote them. ``seen_at``: for each document when its channel showed it, which
    restores what was taken for deleted before. ``ready``: what was computed of some of them
    beforehand, by ``doc_id``. Hundreds at once take no more queries than one.
    """
    await groups.note_groups(tx, documents)
    given = await _with_channel_ids(tx, [authors.kept(document) for document in documents])
    batch = Batch(tx, ready)
    names = [*map(document_names, given)]
    await batch.load(set().union(*names))
    seen = seen_at or [None] * len(given)
    heard = [batch.add(*one) for one in zip(given, names, seen, strict=True)]
    await batch.write(stored_at=stored_at, live=live)
    return [_told(batch, *one) for one in heard]


def _told(batch: Batch, heard: BatchEntry, outcome: Outcome, revised: bool) -> Stored:
    """What became of a document; of one that a later one of the batch showed to be the same post as
    another: what became of that."""
    entry = batch.find_left(heard)
    return Stored(
        id=entry.row_id,
        document=entry.document,
        outcome=outcome if entry is heard else "updated",
        revised=revised,
        analysed=entry.analysed,
    )


async def _with_channel_ids(tx: Connection, documents: Sequence[Document]) -> list[Document]:
    """The documents; those whose channel is known by its username only get the channel's id.

    If the channel with that id has had other names, the name may be another's by now: then the
    document stays as it is, so that no post is taken for another channel's.
    """
    names = {name for document in documents if (name := _numberless(document))}
    numbers = await _find_numbers(tx, names, but_not=_MOVED) if names else {}
    return [_numbered(document, numbers) for document in documents]


async def _find_numbers(
    conn: Connection, usernames: Iterable[str], *, but_not: str = "1 = 0"
) -> dict[str, int]:
    """The ids of channels by username (in small letters), if known.

    ``but_not``: a condition that leaves out former names, unless a channel has the name at present.
    """
    names = sorted(usernames)
    rows = await fetch_in(
        conn,
        "SELECT username_key, channel_id FROM channel_name"  # noqa: S608
        f" WHERE username_key IN (:values) AND NOT ({but_not})",
        names,
    )
    rows += await fetch_in(
        conn,
        "SELECT username_key, channel_id FROM channel"
        " WHERE channel_id IS NOT NULL AND username_key IN (:values)",
        names,
    )
    return {row["username_key"]: row["channel_id"] for row in rows}


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
    """The document with this name, also the name of an album's part; or None."""
    return (await find_documents(conn, [doc_id])).get(doc_id)


async def get_document(conn: Connection, doc_id: str) -> Document:
    """The document with this name. Raises NotFoundError."""
    document = await find_document(conn, doc_id)
    if document is None:
        raise NotFoundError("there is no such document", where=doc_id)
    return document


async def find_documents(conn: Connection, doc_ids: Iterable[str]) -> dict[str, Document]:
    """Those of the named documents that exist, by the names asked for."""
    keys = {doc_id: name_key(doc_id) for doc_id in doc_ids}
    rows = await _find_rows(conn, keys.values())
    found = await list_documents(conn, sorted(set(rows.values())))
    return {doc_id: found[rows[key]] for doc_id, key in keys.items() if rows.get(key) in found}


async def _find_rows(conn: Connection, names: Iterable[str]) -> dict[str, int]:
    """The row ids of documents by name; usernames are also tried as their channels' ids."""
    asked = sorted(set(names))
    rows = await find_rows(conn, asked)
    return rows | await _by_number(conn, [name for name in asked if name not in rows])


async def _by_number(conn: Connection, names: Sequence[str]) -> dict[str, int]:
    """Row ids of documents by names with usernames, looked up by their channels' ids."""
    parts = {name: name.removeprefix("tg:@").rpartition("/") for name in names if "@" in name}
    numbers = await _find_numbers(conn, {owner for owner, _, _ in parts.values()})
    numbered = {
        name: f"tg:{numbers[owner]}/{message}"
        for name, (owner, _, message) in parts.items()
        if owner in numbers
    }
    rows = await find_rows(conn, sorted(set(numbered.values())))
    return {name: rows[other] for name, other in numbered.items() if other in rows}


async def list_documents(conn: Connection, ids: Sequence[int]) -> dict[int, Document]:
    """Those of the documents with these row ids that exist, by row id."""
    rows = await fetch_in(conn, "SELECT id, json FROM document WHERE id IN (:values)", ids)
    return {row["id"]: parse(row["json"]) for row in rows}


async def list_changes(conn: Connection, ids: Sequence[int]) -> dict[int, datetime]:
    """When the documents with these row ids were last stored or changed (aware UTC)."""
    rows = await fetch_in(conn, "SELECT id, changed_at FROM document WHERE id IN (:values)", ids)
    return {row["id"]: times.from_epoch(row["changed_at"]) for row in rows}


async def list_newest(conn: Connection, channel_id: int, *, limit: int) -> list[Document]:
    """The last posts of a channel by message id, newest first."""
    rows = await conn.fetch_all(
        "SELECT json FROM document WHERE channel_id = ? AND message_id IS NOT NULL"
        " ORDER BY message_id DESC LIMIT ?",
        (channel_id, limit),
    )
    return [parse(row["json"]) for row in rows]


async def mark_deleted(
    tx: Connection, *, channel_id: int, message_ids: Sequence[int], noticed_at: datetime
) -> list[Document]:
    """Record that messages were deleted; returns the documents that are deleted with them.

    A document stays, with ``deleted_at``. An album loses the messages, and is deleted with its last
    one.
    """
    names = [f"tg:{channel_id}/{message_id}" for message_id in message_ids]
    when = times.to_epoch(noticed_at)
    await tx.execute_many(
        "UPDATE document_name SET deleted_at = ? WHERE doc_id = ? AND deleted_at IS NULL",
        [(when, name) for name in names],
    )
    batch = Batch(tx)
    await batch.load(names)
    gone = {*message_ids}
    there = [entry for entry in batch.list_loaded() if entry.document.deleted_at is None]
    wholly = [entry for entry in there if entry.delete(gone, noticed_at)]
    await batch.write(stored_at=noticed_at, live=False)
    return [entry.document for entry in wholly]


async def forget_person(tx: Connection, user_id: int, *, now: datetime) -> int:
    """Remove a person from the posts that they wrote in groups, and as the origin of what others
    forwarded; the texts stay. Returns the number of posts changed; call it again until that is 0.

    Reading a post again later does not bring the person back.
    """
    keys = await list_keys(tx, user_id)
    written = await fetch_in(
        tx, "SELECT id, doc_id FROM document WHERE author_key IN (:values) LIMIT 500", keys
    )
    forwarded = await tx.fetch_all(
        "SELECT id, doc_id FROM document"
        " WHERE json_extract(json, '$.forwarded_from.user_id') = ? LIMIT 500",
        (user_id,),
    )
    rows = {row["id"]: row["doc_id"] for row in (*written, *forwarded)}
    batch = Batch(tx)
    await batch.load(rows.values())
    for entry in batch.list_loaded():
        entry.rewrite(forgotten(entry.document, user_id, keys))
    await batch.write(stored_at=now, live=False, because="forgotten")
    await _forget_in_revisions(tx, sorted(rows), user_id, keys, now=now)
    await problems.forget_person(tx, user_id, keys)
    return len(rows)


async def _forget_in_revisions(
    tx: Connection, ids: Sequence[int], user_id: int, keys: Sequence[str], *, now: datetime
) -> None:
    rows = await fetch_in(
        tx, "SELECT id, document_id, json FROM revision WHERE document_id IN (:values)", ids
    )
    told = [(row, parse(row["json"])) for row in rows]
    left = [(row, document, forgotten(document, user_id, keys)) for row, document in told]
    changed = [(row, after) for row, document, after in left if after != document]
    await tx.execute_many(
        "UPDATE revision SET json = ? WHERE id = ?",
        [(dump(document), row["id"]) for row, document in changed],
    )
    linked = (chained.link(document, "forgotten", row["document_id"]) for row, document in changed)
    await chain.append(tx, linked, made_at=now)


async def count_languages(conn: Connection, channel_id: int) -> dict[str, int]:
    """The languages detected in a channel's newest posts, with the number of posts; the key ``""``
    counts posts longer than a line without a language."""
    rows = await conn.fetch_all(*languages_query(channel_id))
    return {row["lang"] or "": row["n"] for row in rows}


def languages_query(channel_id: int) -> Query:
    """What ``count_languages`` asks."""
    return _LANGUAGES, (channel_id, _NEWEST, _LINE)


async def list_revisions(conn: Connection, doc_id: str) -> list[Document]:
    """The former versions of a document, oldest first."""
    row_id = (await _find_rows(conn, [name_key(doc_id)])).get(name_key(doc_id))
    rows = await conn.fetch_all(
        "SELECT json FROM revision WHERE document_id = ? ORDER BY id", (row_id,)
    )
    return [parse(row["json"]) for row in rows]


async def count_documents(conn: Connection) -> int:
    """The number of documents."""
    row = await conn.fetch_one("SELECT count(*) AS n FROM document")
    return 0 if row is None else int(row["n"])
