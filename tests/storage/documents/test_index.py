"""The index: what goes in comes out whole, and what it depends on is known."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from storage import row_ids
from storage.connection import Connection, Database
from storage.document import Author, Block, Channel, Document, Event, Forward, Link, Media
from storage.documents import documents, index, search
from storage.query.reading.syntax import parse
from storage.query.words import analysis
from storage.structs import replace

MakeDocument = Callable[..., Document]
SECRET = "zyxwina"


def held(path: Path) -> bytes:
    """All that lies in the files of a database."""
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


async def count(conn: Connection, text: str) -> int:
    return await search.count(conn, parse(text))


@pytest.mark.usefixtures("sqlite_alone")
async def test_what_is_taken_out_is_found_no_more_and_what_is_left_is(
    tx: Connection, make_document: MakeDocument, now: datetime
) -> None:
    made = [make_document(f"{word} grain", message_id=n) for n, word in enumerate(("ship", "ore"))]
    stored = await documents.store_documents(tx, made, stored_at=now, live=True)
    entries = [(one.id, analysis.analyse_document(one.document)) for one in stored]
    await tx.index.remove(entries[:1])
    assert [await count(tx, word) for word in ("ship", "grain", "ore")] == [0, 1, 1]
    await tx.index.add(entries[:1])
    assert [await count(tx, word) for word in ("ship", "grain", "ore")] == [1, 2, 1]
    await tx.execute("INSERT INTO document_index (document_index) VALUES ('integrity-check')")


@pytest.mark.parametrize("merged_pages", [1, 500])
async def test_once_all_is_merged_no_word_is_left_of_what_was_taken_out(
    database: Database,
    database_path: Path,
    make_document: MakeDocument,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    merged_pages: int,
) -> None:
    monkeypatch.setattr(index, "MERGED_PAGES", merged_pages)
    texts = [f"{SECRET} grain", *(f"ship{n} ore{n} grain" for n in range(40))]
    stored = []
    for number, text in enumerate(texts):  # each is a tree of its own, as posts come in
        async with database.transaction() as tx:
            made = make_document(text, message_id=number)
            stored += await documents.store_documents(tx, [made], stored_at=now, live=True)
    async with database.transaction() as tx:
        first = stored[0]
        entry = (first.id, analysis.analyse_document(first.document))
        await tx.index.remove([entry])
        await tx.execute("DELETE FROM document WHERE id = ?", (first.id,))
        rows = await tx.fetch_all("SELECT block FROM document_index_data")
        assert any(SECRET.encode() in row["block"] for row in rows)
    await index.merge_all(database)
    async with database.reader() as conn:
        rows = await conn.fetch_all("SELECT block FROM document_index_data")
        assert rows
        assert not any(SECRET.encode() in row["block"] for row in rows)
        assert await count(conn, "grain") == 40
        assert await count(conn, "ship7 ore7") == 1


CHANGES: Sequence[tuple[str, Any]] = (
    ("kind", "article"),
    ("title", "Other"),
    ("deck", "Below"),
    ("body", (Block(type="para", text="Other"),)),
    ("dateline", "MOSCOW"),
    ("event", Event(place="Oslo", date="2024-05-01", basis="pin_line")),
    ("channel", Channel(id=78)),
    ("forwarded_from", Forward(channel_id=5)),
    ("author", Author(kind="user", name="Ann")),
    ("lang", "ru"),
    ("media", (Media(type="photo"),)),
    ("album_ids", (1, 2)),
    ("links", (Link(text="there", url="https://example.org/"),)),
    ("edited_at", "2024-05-02T00:00:00Z"),
    ("deleted_at", "2024-05-02T00:00:00Z"),
)


@pytest.mark.parametrize(("name", "value"), CHANGES)
def test_what_the_index_depends_on_is_asked_for(
    name: str, value: object, make_document: MakeDocument
) -> None:
    former = make_document("Grain")
    changed = replace(former, **{name: value})  # type: ignore[arg-type]
    assert index.asked_for(changed) != index.asked_for(former)


@pytest.mark.parametrize("name", ["edited_at", "deleted_at"])
def test_when_exactly_it_was_edited_is_not(name: str, make_document: MakeDocument) -> None:
    one, other = (make_document("Grain", **{name: f"2024-05-0{day}T00:00:00Z"}) for day in (2, 3))
    assert index.asked_for(one) == index.asked_for(other)


async def test_documents_are_found_again_from_a_horizon_on_while_they_are_indexed_anew(
    database: Database,
    make_document: MakeDocument,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(index, "BATCH", 2)
    made = [
        make_document(f"grain {n}", message_id=n, published_at=f"2024-05-0{n}T10:00:00Z")
        for n in range(1, 6)
    ]
    async with database.transaction() as tx:
        await documents.store_documents(tx, made, stored_at=now, live=True)

    async def state() -> tuple[int, datetime | None]:
        async with database.reader() as conn:
            return await count(conn, "grain"), await index.find_horizon(conn)

    await index.begin(database)
    assert await state() == (5, None)
    assert await index.refresh(database) == 0
    monkeypatch.setattr(analysis, "VERSION", analysis.VERSION + 1)
    await index.begin(database)
    assert await state() == (0, row_ids.time_of(row_ids.LAST_DATED))
    await index.begin(database)
    days = [datetime(2024, 5, day, 10, tzinfo=UTC) for day in (4, 2)]
    for number, day in enumerate(days, 1):
        assert await index._index_batch(database) == 2
        assert await state() == (2 * number, day)
    assert await index.refresh(database) == 1
    assert await state() == (5, None)
    assert await index.refresh(database) == 0


async def test_a_process_of_another_version_indexes_nothing_anew_once_a_new_one_has_begun(
    database: Database, make_document: MakeDocument, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would write its own terms among the new ones, and have them taken for those."""
    made = [make_document(f"grain {n}", message_id=n) for n in range(3)]
    async with database.transaction() as tx:
        await documents.store_documents(tx, made, stored_at=now, live=True)
    with monkeypatch.context() as newer:
        newer.setattr(analysis, "VERSION", analysis.VERSION + 1)
        await index.begin(database)
    assert await index.refresh(database) == 0
    async with database.reader() as conn:
        assert await count(conn, "grain") == 0
        assert await index.find_horizon(conn) is not None


@pytest.mark.parametrize("broken", ["{}", '{"schema":"dateline/9"}'])
async def test_a_document_that_cannot_be_read_keeps_no_other_from_being_indexed(
    database: Database,
    make_document: MakeDocument,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    broken: str,
) -> None:
    made = [make_document(f"grain {n}", message_id=n) for n in range(3)]
    async with database.transaction() as tx:
        stored = await documents.store_documents(tx, made, stored_at=now, live=True)
        sql = "UPDATE document SET json = ? WHERE id = ?"
        await tx.execute(sql, (broken, stored[1].id))
    monkeypatch.setattr(analysis, "VERSION", analysis.VERSION + 1)
    await index.begin(database)
    assert await index.refresh(database) == 2
    async with database.reader() as conn:
        assert [await count(conn, f"{n}") for n in range(3)] == [1, 0, 1]
        assert await index.count_unread(conn) == 1
        assert await index.find_horizon(conn) is None


async def test_what_is_asked_of_the_index_begins_with_one_row_and_ends_before_another(
    tx: Connection, make_document: MakeDocument, now: datetime
) -> None:
    made = [
        make_document("grain", message_id=n, published_at=f"2024-05-01T10:00:0{n}Z")
        for n in range(1, 7)
    ]
    ids = [one.id for one in await documents.store_documents(tx, made, stored_at=now, live=True)]
    assert ids == sorted(ids)
    asked = tx.index.compile(parse("grain").root)
    for first, end in ((1, 4), (0, 6), (2, 3), (3, 3)):
        span, expected = (ids[first], (*ids, ids[-1] + 1)[end]), ids[first:end][::-1]
        assert [row["id"] for row in await tx.index.newest(asked, *span, 9)] == expected
        assert [row["id"] for row in await tx.index.score(asked, *span, 9)] == expected
        assert await tx.index.list_ids(asked, *span, 9) == expected
        assert await tx.index.list_ids(asked, *span, 1) == expected[:1]
        assert await tx.index.count(asked, *span, 9) == len(expected)
        assert await tx.index.count(asked, *span, 2) == min(2, len(expected))
        counted = await tx.index.count_by_channel(asked, *span)
        assert [(row["channel_id"], row["posts"]) for row in counted] == (
            [(77, len(expected))] if expected else []
        )
