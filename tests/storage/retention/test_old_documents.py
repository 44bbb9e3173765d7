"""Documents that are older than they are kept go with all that hangs on them, and no others."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers.stories import fingerprint
from storage.connection import Database
from storage.document import Author, Channel, Document
from storage.documents import documents, search
from storage.documents import index as document_index
from storage.documents.reach import Horizon, find_horizon
from storage.query.reading.syntax import parse
from storage.retention.limits import Keeping
from storage.retention.old_documents import forget_documents
from storage.stories import events, stories
from storage.stories.events import EventPost
from storage.structs import replace

MakeDocument = Callable[..., Document]
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
YEAR = Keeping(documents=365 * DAY)


def at(moment: datetime) -> dict[str, Any]:
    return {"published_at": f"{moment:%FT%TZ}", "published_precision": "second"}


@pytest.fixture
def store(database: Database) -> Callable[..., Any]:
    async def put(*made: Document, now: datetime = NOW) -> list[int]:
        async with database.transaction() as tx:
            stored = await documents.store_documents(tx, made, stored_at=now, live=True)
            await stories.join_stories(tx, stored, fingerprint, now=now, live=True)
        return [one.id for one in stored]

    return put


async def names(database: Database) -> list[str]:
    async with database.reader() as conn:
        rows = await conn.fetch_all("SELECT doc_id FROM document ORDER BY doc_id")
    return [row["doc_id"] for row in rows]


async def found(database: Database, query: str) -> list[str]:
    async with database.reader() as conn:
        page = await search.search(conn, parse(query), limit=100)
    return [hit.document.doc_id for hit in page.hits]


async def count(database: Database, tables: Sequence[str]) -> dict[str, int]:
    async with database.reader() as conn:
        rows = [await conn.fetch_one(f"SELECT count(*) AS n FROM {table}") for table in tables]  # noqa: S608
    return {table: row["n"] for table, row in zip(tables, rows, strict=True) if row}


async def test_what_is_older_than_it_is_kept_goes(
    database: Database, store: Callable[..., Any], make_document: MakeDocument
) -> None:
    limit = NOW - 365 * DAY
    made = [
        make_document(f"Grain {number}", message_id=number, **at(moment))
        for number, moment in enumerate(
            (limit - 900 * DAY, limit - timedelta(seconds=1), limit, NOW), 1
        )
    ]
    vague = make_document(
        "Grain 5", message_id=5, published_at="2025-05", published_precision="month"
    )
    await store(*made, vague)
    turns = await forget_documents(database, YEAR, now=NOW)
    assert turns.done == 2
    assert await names(database) == ["tg:77/3", "tg:77/4", "tg:77/5"]
    assert sorted(await found(database, "grain")) == ["tg:77/3", "tg:77/4", "tg:77/5"]
    async with database.reader() as conn:
        assert await find_horizon(conn) == Horizon(documents=limit)


async def test_nothing_goes_where_all_is_kept(
    database: Database, store: Callable[..., Any], make_document: MakeDocument
) -> None:
    await store(make_document(published_at="1999-01-01T00:00:00Z"))
    turns = await forget_documents(database, Keeping(), now=NOW)
    assert turns.done == 0
    assert await names(database) == ["tg:77/1"]
    async with database.reader() as conn:
        assert await find_horizon(conn) == Horizon()


async def test_what_has_no_date_goes_by_when_it_came(
    database: Database, store: Callable[..., Any], make_document: MakeDocument
) -> None:
    undated = {"published_at": None, "published_precision": "none"}
    await store(make_document("One", message_id=1, **undated), now=NOW - 366 * DAY)
    await store(make_document("Two", message_id=2, **undated), now=NOW - 364 * DAY)
    await forget_documents(database, YEAR, now=NOW)
    assert await names(database) == ["tg:77/2"]


@pytest.mark.parametrize("keep", ["channels", "full"])
async def test_posts_of_groups_have_a_limit_of_their_own(
    database: Database, make_document: MakeDocument, keep: Any
) -> None:
    group = Channel(id=88, title="Mill talk")
    old, young = at(NOW - 31 * DAY), at(NOW - 29 * DAY)
    made = [
        make_document("Said", message_id=1, channel=group, **old),
        make_document("Said too", message_id=2, channel=group, **young),
        make_document("Posted", message_id=3, **old),
    ]
    author = Author(kind="user", id=5, name="Ann")
    made[:2] = [replace(document, author=author) for document in made[:2]]
    async with database.transaction() as tx:
        await documents.store_documents(
            tx, made, stored_at=NOW, live=True, authors=documents.Authors(keep=keep)
        )
    await forget_documents(database, Keeping(group_posts=30 * DAY), now=NOW)
    assert await names(database) == ["tg:77/3", "tg:88/2"]
    async with database.reader() as conn:
        assert await find_horizon(conn) == Horizon(group_posts=NOW - 30 * DAY)


async def test_all_that_hangs_on_a_document_goes_with_it(
    database: Database, store: Callable[..., Any], make_document: MakeDocument, engine: str
) -> None:
    tables = ("document", "document_name", "revision", "event_post", "spilled")
    moment = NOW - 400 * DAY
    album = make_document("Album", message_id=1, album_ids=(1, 2), **at(moment))
    later = f"{moment + DAY:%FT%TZ}"
    edited = replace(album, title="Album again", content_hash="f" * 16, edited_at=later)
    crowd = [
        make_document(f"Crowd {number}", message_id=number, **at(moment))
        for number in range(10, 300)
    ]
    (row_id,) = await store(album)
    await store(edited)
    await store(*crowd)
    async with database.transaction() as tx:
        await events.add_posts(tx, [EventPost(id=1, document_id=row_id, event=1, russian=False)])
    before = await count(database, tables)
    assert min(before.values()) > 0
    await forget_documents(database, YEAR, now=NOW)
    assert await count(database, tables) == dict.fromkeys(tables, 0)
    async with database.transaction() as tx:
        if engine == "sqlite":  # the index checks itself against what it says it holds
            await tx.execute(
                "INSERT INTO document_index (document_index) VALUES ('integrity-check')"
            )
        else:
            assert await tx.fetch_all("SELECT 1 FROM document_index") == []
    assert await found(database, "album") == []


async def test_the_rest_of_a_story_stays_one(
    database: Database, store: Callable[..., Any], make_document: MakeDocument
) -> None:
    limit = NOW - 365 * DAY
    mill = Channel(id=78, username="mill", title="Mill")
    text = "The ferry to the island does not sail today because of the storm at sea"
    await store(make_document(text, **at(limit - timedelta(hours=1))))
    await store(make_document(text, channel=mill, **at(limit + timedelta(hours=1))))
    await forget_documents(database, YEAR, now=NOW)
    async with database.reader() as conn:
        assert await stories.find_story(conn, "tg:78/1") == "tg:77/1"
        members = await stories.list_members(conn, "tg:77/1")
        assert len(members) == 1
        assert await documents.find_document(conn, "tg:77/1") is None


async def test_what_changes_while_it_is_looked_at_is_met_again(
    database: Database,
    store: Callable[..., Any],
    make_document: MakeDocument,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = make_document("Grain", **at(NOW - 400 * DAY))
    await store(old)
    running = asyncio.get_running_loop()

    def edit_first(function: Any, *arguments: Any) -> Any:
        patch.undo()
        chosen = function(*arguments)

        async def edited() -> Any:
            await store(replace(old, title="Barley", edited_at=f"{NOW:%FT%TZ}"))
            return chosen

        return running.create_task(edited())

    with monkeypatch.context() as patch:
        patch.setattr(asyncio, "to_thread", edit_first)
        assert (await forget_documents(database, YEAR, now=NOW)).done == 0
    assert await found(database, "barley") == ["tg:77/1"]
    assert (await forget_documents(database, YEAR, now=NOW)).done == 1
    assert await found(database, "barley") == []


async def test_what_is_not_indexed_yet_goes_too(
    database: Database, store: Callable[..., Any], make_document: MakeDocument
) -> None:
    await store(
        make_document("Grain", message_id=1, **at(NOW - 400 * DAY)),
        make_document("Grain", message_id=2, **at(NOW)),
    )
    async with database.transaction() as tx:
        await tx.execute("UPDATE fact SET value = '1' WHERE name = 'analysis_version'")
        await tx.execute("UPDATE document SET analysis = 1")
    await document_index.begin(database)
    await forget_documents(database, YEAR, now=NOW)
    await document_index.refresh(database)
    assert await found(database, "grain") == ["tg:77/2"]


async def test_a_horizon_never_comes_nearer_to_the_past(
    database: Database, store: Callable[..., Any], make_document: MakeDocument
) -> None:
    await store(make_document(message_id=1, **at(NOW - 400 * DAY)))
    await forget_documents(database, YEAR, now=NOW)
    await store(make_document(message_id=2, **at(NOW - 2000 * DAY)))
    await forget_documents(database, Keeping(documents=1000 * DAY), now=NOW)
    assert await names(database) == []
    async with database.reader() as conn:
        assert await find_horizon(conn) == Horizon(documents=NOW - 365 * DAY)
