"""Copies of a post, found by what they share."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from storage import documents, folds, search
from storage.database import Database, open_database
from storage.document import Block, Channel, Document, Forward, Media, Source
from storage.query import syntax

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_database(f"sqlite:///{tmp_path}/dateline.db")
    yield opened
    await opened.close()


def post(channel: int, number: int, text: str, **fields: Any) -> Document:
    given: dict[str, Any] = {
        "kind": "post",
        "doc_id": f"tg:{channel}/{number}",
        "source": Source(type="telethon"),
        "channel": Channel(id=channel, username=f"channel{channel}"),
        "message_id": number,
        "published_at": f"2026-11-22T10:{number:02}:00Z",
        "published_precision": "second",
        "published_basis": "api",
        "body": (Block(type="para", text=text),) if text else (),
        "content_hash": f"{hash(text) & 0xFFFFFFFFFFFFFFFF:016x}",
    }
    return Document(**{**given, **fields})


async def read_folds(database: Database, asked: str, *posts: Document) -> dict[str, folds.Fold]:
    async with database.transaction() as tx:
        await documents.store_documents(tx, posts, stored_at=AT, live=False)
    async with database.reader() as conn:
        page = await search.search(conn, syntax.parse(asked))
        found = await folds.list_folds(conn, page.hits)
    return {hit.document.doc_id: found[hit.id] for hit in page.hits}


async def test_equal_content_and_a_forward_share_a_key_with_the_original(
    database: Database,
) -> None:
    origin = Forward(name="One", channel_id=1, message_id=1)
    found = await read_folds(
        database,
        "ferry",
        post(1, 1, "The ferry sails"),
        post(2, 2, "The ferry sails"),
        post(3, 3, "Look: a ferry", forwarded_from=origin),
        post(4, 4, "A ferry of its own"),
    )
    first, copy, forward, other = (found[f"tg:{n}/{n}"] for n in (1, 2, 3, 4))
    assert (first.channels, other.channels) == (2, 0)
    assert first.keys & copy.keys
    assert first.keys & forward.keys
    assert not first.keys & other.keys


async def test_posts_without_words_are_not_the_same(database: Database) -> None:
    photo = (Media(type="photo"),)
    found = await read_folds(
        database, "has:photo", post(1, 1, "", media=photo), post(2, 2, "", media=photo)
    )
    assert [fold.channels for fold in found.values()] == [0, 0]
    assert not frozenset.intersection(*(fold.keys for fold in found.values()))


async def test_copies_are_looked_up_by_indexes(database: Database) -> None:
    sql = folds._SHARED.format(worded="?", marks="?")
    async with database.reader() as conn:
        plan = await conn.fetch_all(f"EXPLAIN QUERY PLAN {sql}", (1, folds.COUNTED, 1))
    assert not [row["detail"] for row in plan if row["detail"].startswith("SCAN other")]


async def test_stories_of_documents_by_name(database: Database) -> None:
    async with database.transaction() as tx:
        posts = (post(1, 1, "The ferry sails"),)
        await documents.store_documents(tx, posts, stored_at=AT, live=False)
    async with database.reader() as conn:
        assert await folds.list_stories(conn, ["tg:1/1", "tg:9/9"]) == {"tg:1/1": "tg:1/1"}
