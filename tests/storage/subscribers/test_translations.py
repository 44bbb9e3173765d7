"""Translations of posts: kept for the words that they were made of, and gone with them."""

from collections.abc import Callable
from datetime import datetime

from storage.connection import Connection, Database
from storage.document import Document
from storage.documents import documents
from storage.redaction import redacting
from storage.structs import replace
from storage.subscribers import translations

Make = Callable[..., Document]


async def test_it_is_kept_for_each_language_and_made_anew(
    tx: Connection, make_document: Make, now: datetime
) -> None:
    post = make_document("Зерно продано")
    await documents.store_documents(tx, [post], stored_at=now, live=True)
    assert await translations.find_translation(tx, post, "en") is None
    for text in ("Grain is sold", "The grain was sold"):
        assert await translations.keep_translation(tx, post, "en", text, now=now)
        assert await translations.find_translation(tx, post, "en") == text
    assert await translations.find_translation(tx, post, "de") is None
    other = replace(post, content_hash="0" * 16)
    assert await translations.find_translation(tx, other, "en") is None
    assert not await translations.keep_translation(tx, other, "en", "x", now=now)
    gone = make_document("Нет такого", message_id=99)
    assert not await translations.keep_translation(tx, gone, "en", "x", now=now)


async def test_it_goes_with_the_words_and_with_the_post(
    database: Database, make_document: Make, now: datetime
) -> None:
    posts = [make_document("Зерно продано", message_id=number) for number in (1, 2, 3)]
    posts[2] = replace(posts[2], views=1)
    async with database.transaction() as tx:
        await documents.store_documents(tx, posts, stored_at=now, live=True)
        for post in posts:
            assert await translations.keep_translation(tx, post, "en", "Grain is sold", now=now)

    async def left() -> list[bool]:
        async with database.reader() as conn:
            rows = await conn.fetch_all(
                "SELECT d.message_id FROM translation AS t JOIN document AS d"
                " ON d.id = t.document_id"
            )
        there = {row["message_id"] for row in rows}
        return [number in there for number in (1, 2, 3)]

    async with database.transaction() as tx:
        edited = make_document("Зерно не продано", message_id=1, edited_at="2024-05-01T12:00:00Z")
        seen_more = replace(posts[2], views=2)
        await documents.store_documents(tx, [edited, seen_more], stored_at=now, live=True)
    assert await left() == [False, True, True]
    await redacting.redact(database, posts[1].doc_id, reason="a name", now=now)
    assert await left() == [False, False, True]
    async with database.transaction() as tx:
        await tx.execute("DELETE FROM document WHERE message_id = 3")
        assert not await tx.fetch_all("SELECT language FROM translation")
