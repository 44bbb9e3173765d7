"""What was stored before there was a chain."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from storage.chain import entries, found, versions
from storage.chain.entries import Entry
from storage.connection import Database
from storage.document import Document
from storage.documents import documents

MakeDocument = Callable[..., Document]
HOUR = timedelta(hours=1)


async def store(database: Database, *given: Document, at: datetime) -> None:
    async with database.transaction() as tx:
        await documents.store_documents(tx, given, stored_at=at, live=True)


async def chain(database: Database) -> list[Entry]:
    async with database.reader() as conn:
        return await entries.list_between(conn, 1, 1_000_000)


@pytest.fixture
async def older(database: Database, make_document: MakeDocument, now: datetime) -> list[Document]:
    """A database of the time before: two posts, one of which was edited twice."""
    said = [
        make_document("One"),
        make_document("Two", edited_at="2024-05-01T12:30:00Z"),
        make_document("Three", edited_at="2024-05-01T12:31:00Z"),
    ]
    for hours, document in enumerate(said):
        await store(database, document, at=now + hours * HOUR)
    await store(database, make_document("Other", message_id=2), at=now)
    async with database.transaction() as tx:
        await tx.execute("DELETE FROM chain_entry")
    return [said[2], make_document("Other", message_id=2), *said[:2]]


async def test_all_versions_are_found_with_their_times(
    database: Database, older: list[Document], now: datetime
) -> None:
    later = now + 9 * HOUR
    await found.find_all(database, now=later)
    made = await chain(database)
    assert [one.version for one in made] == [
        versions.digest(versions.canonical(document)) for document in older
    ]
    assert {(one.kind, one.made_at) for one in made} == {("found", later)}
    assert [one.stored_at for one in made] == [now + 2 * HOUR, now, now, now + HOUR]
    await found.find_all(database, now=later)
    assert await chain(database) == made
    async with database.reader() as conn:
        assert await found.is_done(conn)


async def test_what_is_changed_before_it_was_found_is_found_as_it_was(
    database: Database, older: list[Document], make_document: MakeDocument, now: datetime
) -> None:
    edited = make_document("Four", edited_at="2024-05-01T12:32:00Z")
    await store(database, edited, at=now + 5 * HOUR)
    await found.find_all(database, now=now + 9 * HOUR)
    made = await chain(database)
    kinds = {one.version: one.kind for one in made}
    expected = {versions.digest(versions.canonical(one)): "found" for one in older}
    assert kinds == expected | {versions.digest(versions.canonical(edited)): "edited"}
    assert len(made) == 5


async def test_what_turns_up_afterwards_was_not_found(
    database: Database, older: list[Document], now: datetime
) -> None:
    await found.find_all(database, now=now)
    made = await chain(database)
    async with database.transaction() as tx:
        await tx.execute(
            "INSERT INTO revision (document_id, replaced_at, json) SELECT id, 1, json FROM document"
        )
    await found.find_all(database, now=now)
    assert await chain(database) == made
