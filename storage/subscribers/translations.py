"""Translations of posts that readers asked for. They are removed with the post, and when its text
is edited or redacted."""

from datetime import datetime

from storage import times
from storage.connection import Connection
from storage.document import Document, name_key


async def find_translation(conn: Connection, document: Document, language: str) -> str | None:
    """The translation of a post with its present text; None if there is none."""
    row = await conn.fetch_one(
        "SELECT t.text FROM translation AS t JOIN document AS d ON d.id = t.document_id"
        " WHERE d.doc_id = ? AND t.language = ? AND t.content_hash = ?",
        (name_key(document.doc_id), language, document.content_hash),
    )
    return None if row is None else str(row["text"])


async def list_texts(conn: Connection, row_id: int) -> list[str]:
    """The translations of a post, by its row id, in all languages."""
    rows = await conn.fetch_all("SELECT text FROM translation WHERE document_id = ?", (row_id,))
    return [row["text"] for row in rows]


async def keep_translation(
    tx: Connection, document: Document, language: str, text: str, *, now: datetime
) -> bool:
    """Store a translation; False if the post is gone, or has another text by now."""
    row = await tx.fetch_one(
        "SELECT id FROM document WHERE doc_id = ? AND content_hash = ?",
        (name_key(document.doc_id), document.content_hash),
    )
    if row is None:
        return False
    await tx.execute(
        "INSERT INTO translation (document_id, language, content_hash, text, made_at)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (document_id, language) DO UPDATE SET"
        " content_hash = excluded.content_hash, text = excluded.text, made_at = excluded.made_at",
        (row["id"], language, document.content_hash, text, times.to_epoch(now)),
    )
    return True
