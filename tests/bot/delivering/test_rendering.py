"""Rows as messages, over a real database."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.delivering import rendering
from bot.delivering.rendering import Renderer, UnreadableRowError
from storage import database
from storage.connection import Database
from storage.document import Block, Channel, Document, Source
from storage.documents import documents
from storage.outbox import queueing
from storage.payloads import AlertPayload
from storage.records import Delivery, NewDelivery, Subscriber
from storage.stories import folded
from storage.stories.folded import Fold

NOW = datetime(2026, 1, 2, tzinfo=UTC)
POST = Document(
    kind="post",
    doc_id="tg:77/1",
    source=Source(type="telethon"),
    channel=Channel(id=77, title="Harbour"),
    message_id=1,
    content_hash="0" * 16,
    body=(Block(type="para", text="The ferry sails", gap=2),),
)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """A database with one post."""
    opened = await database.open_database(database_url)
    await store(opened, POST)
    yield opened
    await opened.close()


async def store(db: Database, document: Document) -> None:
    async with db.transaction() as tx:
        await documents.store_documents(tx, [document], stored_at=NOW, live=True)


def row(chat_id: int, query: str = "ferry", doc_id: str = "tg:77/1") -> Delivery:
    return Delivery(
        id=chat_id,
        chat_id=chat_id,
        kind="alert",
        key=str(chat_id),
        random_id=chat_id,
        payload=AlertPayload(doc_id=doc_id, alerts=((chat_id, query),)),
        priority=1,
        due_at=NOW,
        state="queued",
        attempts=1,
        created_at=NOW,
    )


def reader(chat_id: int, language: str) -> Subscriber:
    return Subscriber(chat_id=chat_id, language=language, created_at=NOW)


async def test_all_recipients_of_a_post_share_one_reading_and_have_their_own_buttons(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings = []
    get_document = documents.get_document

    async def count(conn: Any, doc_id: str) -> Document:
        readings.append(doc_id)
        return await get_document(conn, doc_id)

    monkeypatch.setattr(rendering.documents, "get_document", count)
    renderer = Renderer(db, language="en", timezone="UTC")
    languages = ["en", "ru"]
    made = await asyncio.gather(
        *(renderer.render(row(n), reader(n, languages[n % 2])) for n in range(1, 101))
    )
    assert readings == ["tg:77/1"]
    assert len({message.text for message in made}) == 2
    assert len({message.keyboard for message in made}) == 100


async def test_what_tells_readers_apart_is_not_shared(db: Database) -> None:
    renderer = Renderer(db, language="en", timezone="UTC")
    one, other = [(await renderer.render(row(1, query), None)).text for query in ("ferry", "sails")]
    assert one != other
    assert one.text.partition("\n")[0] != other.text.partition("\n")[0]


async def test_after_a_claim_a_post_is_read_anew(db: Database) -> None:
    renderer = Renderer(db, language="en", timezone="UTC")
    await renderer.render(row(1), None)
    later = (Block(type="para", text="The ferry sails at noon", gap=2),)
    await store(db, replace(POST, body=later, content_hash="1" * 16))
    assert "at noon" not in (await renderer.render(row(2), None)).text.text
    renderer.refresh()
    assert "at noon" in (await renderer.render(row(2), None)).text.text


async def test_a_post_that_is_not_there_makes_each_row_of_it_unreadable(db: Database) -> None:
    renderer = Renderer(db, language="en", timezone="UTC")
    failed = await asyncio.gather(
        *(renderer.render(row(n, doc_id="tg:77/9"), None) for n in range(1, 4)),
        return_exceptions=True,
    )
    assert [type(error) for error in failed] == [UnreadableRowError] * 3


async def test_where_the_told_post_was_deleted_a_folded_copy_is_shown(db: Database) -> None:
    mirror = Channel(id=88, username="mirror", title="Mirror")
    copy = replace(POST, doc_id="tg:88/1", channel=mirror)
    await store(db, copy)
    new = NewDelivery(
        chat_id=1, kind="alert", key="a", payload=row(1).payload, priority=1, due_at=NOW,
        created_at=NOW, story="s",
    )  # fmt: skip
    async with db.transaction() as tx:
        await queueing.add_deliveries(tx, [new])
        fold = Fold(chat_id=1, story="s", onto=POST.doc_id, post=copy.doc_id)
        await folded.add_folds(tx, [fold], now=NOW)
        await documents.mark_deleted(tx, channel_id=77, message_ids=[1], noticed_at=NOW)
    renderer = Renderer(db, language="en", timezone="UTC")
    made = await renderer.render_again(1)
    assert made is not None
    assert "🗑 deleted; the same stands in Mirror" in made.text.text
    assert "https://t.me/mirror/1" in [span.url for span in made.text.spans]
    assert made.keyboard[0][0].url == "https://t.me/mirror/1"
    other = await renderer.render(row(2), None)  # nothing was folded for this reader
    assert "stands in" not in other.text.text
    assert await renderer.render_again(7) is None
