"""The room of what was forgotten is given back: in the index, and in the file."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.connection import Database, Pages
from storage.database import open_database
from storage.document import Document
from storage.documents import documents
from storage.retention.limits import Keeping
from storage.retention.old_documents import forget_documents
from storage.retention.space import give_back, merge_index

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


async def fill(database: Database, make_document: Callable[..., Document], posts: int) -> None:
    """Posts of as many hours up to now, with words of their own."""
    for start in range(0, posts, 100):
        made = []
        for number in range(start, start + 100):
            at = NOW - timedelta(hours=number)
            words = " ".join(f"word{number * 40 + other}" for other in range(40))
            made.append(
                make_document(
                    f"Head {number}\n{words}",
                    message_id=number + 1,
                    published_at=f"{at:%FT%TZ}",
                    published_precision="second",
                )
            )
        async with database.transaction() as tx:
            await documents.store_documents(tx, made, stored_at=NOW, live=True)


async def count_documents(database: Database) -> int:
    async with database.reader() as conn:
        return await documents.count_documents(conn)


async def checked(database: Database) -> Pages:
    async with database.reader() as conn:
        (row,) = await conn.fetch_all("PRAGMA integrity_check")
        assert next(iter(row)) == "ok"
        return await conn.count_pages()


@pytest.mark.slow
async def test_the_file_shrinks_when_most_is_forgotten(
    database: Database, make_document: Callable[..., Document], database_path: Path
) -> None:
    await fill(database, make_document, 1000)
    full = await checked(database)
    assert full.can_shrink
    await forget_documents(database, Keeping(documents=4 * DAY), now=NOW)
    merged = await merge_index(database)
    assert merged.done > 0
    assert (await merge_index(database)).done == 0  # Nothing was taken out since.
    merged_pages = await checked(database)
    turns = await give_back(database)
    left = await checked(database)
    # A page that only told of those that are gone goes with them.
    assert left.all <= merged_pages.all - turns.done < full.all / 2
    assert left.unused <= full.all / 10
    assert await database.scrub()
    assert await checked(database) == left
    assert await count_documents(database) == 97
    written = await asyncio.to_thread(database_path.read_bytes)
    assert len(written) == left.all * 4096
    assert b"word39999" not in written
    assert b"word0" in written


async def test_the_index_is_merged_only_where_it_is_worth_it(
    database: Database, make_document: Callable[..., Document]
) -> None:
    await fill(database, make_document, 100)
    old = NOW - timedelta(hours=95, minutes=30)
    await forget_documents(database, Keeping(documents=NOW - old), now=NOW)
    assert (await merge_index(database)).done == 0


@pytest.mark.slow
async def test_a_file_of_an_older_version_keeps_its_room_until_it_is_written_anew(
    tmp_path: Path, make_document: Callable[..., Document]
) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT")
        db.execute("DROP TABLE fact")
    database = await open_database(f"sqlite:///{path}")
    try:
        await fill(database, make_document, 300)
        await forget_documents(database, Keeping(documents=DAY), now=NOW)
        before = await checked(database)
        assert not before.can_shrink
        assert before.unused > before.all // 10
        assert (await give_back(database)).done == 0
        await database.vacuum()
        after = await checked(database)
        assert after.can_shrink
        assert after.all < before.all
    finally:
        await database.close()
