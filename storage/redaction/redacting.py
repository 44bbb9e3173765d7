"""Redacting a post: its text gone from every table and file, the fact that it stood there kept.

What holds words of it is looked for first, beside the writer; then all is changed in one
transaction, which also notes that deleted words lie about: ``wiping.finish`` overwrites them, and
does so later where a crash comes between.
"""

import re
from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec import Struct

from storage.connection import Connection, Database, Row, fetch_in
from storage.document import Document, name_key
from storage.documents import documents, redactions
from storage.documents.batch import Batch, document_names, find_rows
from storage.documents.redactions import Redaction
from storage.errors import NotFoundError
from storage.outbox import updates
from storage.redaction import holders
from storage.redaction.holders import Holders
from storage.redaction.others import Other, list_others
from storage.redaction.wording import Wording
from storage.retention import wiping
from storage.subscribers import translations

OUT = ("sent", "bundled")

_PLACE = re.compile(r"(?:tg:)?(-?[0-9]{1,18})/([0-9]{1,18})")


class Redacted(Struct, frozen=True, kw_only=True):
    """What redacting a post did. ``redaction`` may be an earlier one: then nothing was left to do.

    ``versions`` that were stored of it; ``chats`` that were sent it, ``edited`` messages to them
    that a running service edits now, ``dropped`` messages that waited; ``messages`` and ``digests``
    that held words of it; ``others``: posts that say the same, which are not redacted with it.
    """

    doc_id: str
    redaction: Redaction
    is_new: bool
    versions: int = 0
    chats: int = 0
    edited: int = 0
    dropped: int = 0
    messages: int = 0
    digests: int = 0
    problems: int = 0
    others: tuple[Other, ...] = ()


class _Post(Struct, frozen=True, kw_only=True):
    """A post with all that is stored of it; ``row_id`` 0 where it is only set aside."""

    row_id: int
    names: frozenset[str]
    versions: tuple[Document, ...] = ()
    translations: tuple[str, ...] = ()
    problems: tuple[int, ...] = ()


async def redact(database: Database, doc_id: str, *, reason: str, now: datetime) -> Redacted:
    """Take out the text of the post with this name, ``wiping.finish`` to follow, which overwrites
    it in the files. Done again, it changes nothing. Raises NotFoundError, other StorageErrors."""
    redaction = Redaction(redacted_at=now, reason=redactions.one_line(reason))
    async with database.reader() as conn:
        post = await _find_post(conn, doc_id)
        known = await redactions.find_redactions(conn, post.names)
        if known:
            done = Redacted(doc_id=doc_id, redaction=next(iter(known.values())), is_new=False)
        else:
            wording = Wording(post.versions, post.names, post.translations)
            found = await holders.find_holders(conn, wording, post.versions)
    if not known:
        async with database.transaction() as tx:
            post = await _find_post(tx, doc_id)
            await holders.find_messages(tx, wording, found)
            done = await _redact(tx, post, found, redaction)
    return done


async def _find_post(conn: Connection, doc_id: str) -> _Post:
    """What is stored of a post. Raises NotFoundError."""
    name = name_key(doc_id)
    document = await documents.find_document(conn, name)
    if document is None:
        aside = await _list_problems(conn, {name})
        if not aside:
            raise NotFoundError(
                "no such post is stored", where=doc_id, hint="name it as `dateline search` does"
            )
        return _Post(row_id=0, names=frozenset({name}), problems=tuple(aside))
    own = name_key(document.doc_id)
    row_id = (await find_rows(conn, [own]))[own]
    beside = await conn.fetch_all(
        "SELECT doc_id FROM document_name WHERE document_id = ?", (row_id,)
    )
    names = document_names(document) | {row["doc_id"] for row in beside}
    return _Post(
        row_id=row_id,
        names=frozenset(names),
        versions=(document, *await documents.list_revisions(conn, own)),
        translations=tuple(await translations.list_texts(conn, row_id)),
        problems=tuple(await _list_problems(conn, names)),
    )


async def _list_problems(conn: Connection, names: Collection[str]) -> list[int]:
    rows = await fetch_in(conn, "SELECT id FROM problem WHERE place IN (:values)", sorted(names))
    for place in filter(None, map(_PLACE.fullmatch, names)):
        rows += await conn.fetch_all(
            "SELECT id FROM problem WHERE channel_id = ? AND message_id = ?",
            (int(place[1]), int(place[2])),
        )
    return sorted({row["id"] for row in rows})


async def _redact(tx: Connection, post: _Post, found: Holders, redaction: Redaction) -> Redacted:
    others = await list_others(tx, post.versions[0], post.row_id) if post.versions else ()
    await redactions.add_redactions(tx, post.names, redaction)
    await tx.execute_many("DELETE FROM problem WHERE id = ?", [(id,) for id in post.problems])
    await holders.change(tx, found)
    await _unquote(tx, found.quoting, redaction.redacted_at)
    if post.row_id:
        await _empty(tx, post, redaction)
    rows = await _list_alerts(tx, post.names)
    dropped = await _drop(tx, rows, redaction.redacted_at)
    out = [row for row in rows if row["state"] in OUT]
    edited = await updates.add_updates_of(tx, [row["id"] for row in out], now=redaction.redacted_at)
    await wiping.note_deleted(tx, words=True)
    return Redacted(
        doc_id=post.versions[0].doc_id if post.versions else next(iter(post.names)),
        redaction=redaction,
        is_new=True,
        versions=len(post.versions),
        chats=len({row["chat_id"] for row in out}),
        edited=edited,
        dropped=dropped,
        messages=len(found.messages),
        digests=len(found.digests),
        problems=len(post.problems),
        others=others,
    )


async def _empty(tx: Connection, post: _Post, redaction: Redaction) -> None:
    """Leave the notice of the document, and nothing of what was reckoned from its words."""
    batch = Batch(tx)
    await batch.load(post.names)
    for entry in batch.list_loaded():
        if entry.row_id == post.row_id:
            entry.empty(redaction.notice)
    await batch.write(stored_at=redaction.redacted_at, live=False)
    await tx.execute("DELETE FROM sketch WHERE document_id = ?", (post.row_id,))
    await tx.execute("UPDATE event_post SET terms = NULL WHERE document_id = ?", (post.row_id,))


async def _unquote(tx: Connection, names: Sequence[str], now: datetime) -> None:
    batch = Batch(tx)
    await batch.load(names)
    for entry in batch.list_loaded():
        entry.rewrite(holders.unquoted(entry.document))
    await batch.write(stored_at=now, live=False)
    await holders.unquote_revisions(tx, [entry.row_id for entry in batch.list_loaded()])


async def _list_alerts(tx: Connection, names: frozenset[str]) -> Sequence[Row]:
    """The messages that tell of the post alone."""
    return await fetch_in(
        tx,
        "SELECT d.id, d.chat_id, d.state FROM told_post AS t"
        " JOIN delivery AS d ON d.told_post = t.id"
        " WHERE d.kind = 'alert' AND lower(t.post) IN (:values)",
        sorted(names),
    )


async def _drop(tx: Connection, rows: Sequence[Row], now: datetime) -> int:
    """Send nothing of what waits."""
    waiting = [row["id"] for row in rows if row["state"] == "queued"]
    await tx.execute_many(
        "UPDATE delivery SET state = 'dropped', leased_until = NULL WHERE id = ?",
        [(id,) for id in waiting],
    )
    return len(waiting)
