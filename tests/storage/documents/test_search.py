import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.connection import Connection, Database
from storage.database import open_database
from storage.document import Document
from storage.documents import documents, search
from storage.documents import index as document_index
from storage.errors import UsageError
from storage.query.reading.syntax import parse
from storage.query.words import analysis
from storage.records import Page, Sort

MakeDocument = Callable[..., Document]


@pytest.fixture
async def filled(
    database: Database, make_document: MakeDocument, now: datetime
) -> AsyncIterator[Connection]:
    """Twenty-five posts about grain, every fifth about ships too, two of unknown date."""
    made = []
    for number in range(1, 26):
        moment = (now + timedelta(minutes=number)).strftime("%Y-%m-%dT%H:%M:%SZ")
        text = "grain " * (number % 4 + 1) + ("ship" if number % 5 == 0 else "road")
        made.append(make_document(text, message_id=number, published_at=moment))
    made += [make_document("grain", message_id=n, published_at=None) for n in (98, 99)]
    async with database.transaction() as tx:
        await documents.store_documents(tx, made, stored_at=now, live=True)
    async with database.reader() as reader:
        yield reader


def ids(page: Page) -> list[int | None]:
    return [hit.document.message_id for hit in page.hits]


async def test_newest_first_unknown_dates_last(filled: Connection) -> None:
    page = await search.search(filled, parse("grain"), limit=40)
    assert ids(page) == [*range(25, 0, -1), 99, 98]
    assert not page.more
    assert page.following is None


@pytest.mark.parametrize("sort", ["newest", "relevance"])
async def test_pages_join_without_gap_or_overlap(filled: Connection, sort: Sort) -> None:
    query = parse("grain")
    whole = await search.search(filled, query, limit=40, sort=sort)
    found: list[int | None] = []
    cursor = None
    pages = 0
    while True:
        page = await search.search(filled, query, limit=4, sort=sort, cursor=cursor)
        found += ids(page)
        pages += 1
        assert page.more == (page.following is not None)
        if page.following is None:
            break
        cursor = page.following
        assert len(cursor) <= 40
    assert found == ids(whole)
    assert pages == 7


@pytest.mark.parametrize("sort", ["newest", "relevance"])
async def test_what_arrives_between_pages_shifts_nothing(
    filled: Connection, database: Database, make_document: MakeDocument, now: datetime, sort: Sort
) -> None:
    query = parse("grain")
    first = await search.search(filled, query, limit=10, sort=sort)
    newer = make_document("grain", message_id=500, published_at="2024-06-01T00:00:00Z")
    async with database.transaction() as tx:
        await documents.store_documents(tx, [newer], stored_at=now, live=True)
    second = await search.search(filled, query, limit=40, sort=sort, cursor=first.following)
    assert 500 not in ids(second)
    assert not set(ids(first)) & set(ids(second))
    assert len(ids(first)) + len(ids(second)) == 27


async def test_relevance_prefers_dense_and_titled(
    filled: Connection, database: Database, make_document: MakeDocument, now: datetime
) -> None:
    bodies = ["ship road road road", "ship ship ship road", "road road road road"]
    made = [
        make_document(f"{'mill' if n < 203 else 'ship'}\n{body}", message_id=n)
        for n, body in enumerate([*bodies, "road road road road"], 200)
    ]
    async with database.transaction() as tx:
        await documents.store_documents(tx, made, stored_at=now, live=True)
    found = ids(await search.search(filled, parse("ship -grain"), sort="relevance"))
    assert (set(found), found[-1]) == ({200, 201, 203}, 200)


async def test_a_hit_is_marked(filled: Connection) -> None:
    (hit,) = (await search.search(filled, parse("ship"), limit=1)).hits
    assert hit.snippet.text == "grain grain ship"
    assert [hit.snippet.text[a:b] for a, b in hit.snippet.spans] == ["ship"]
    assert hit.matched == ("ship",)


async def test_dates_alone_and_filters_alone(filled: Connection) -> None:
    page = await search.search(filled, parse("before:2024-05-02"), limit=40)
    assert ids(page) == list(range(25, 0, -1))
    assert ids(await search.search(filled, parse("after:2024-05-02"))) == []
    page = await search.search(filled, parse("channel:harbour on:2024-05-01"), limit=3)
    assert ids(page) == [25, 24, 23]


async def test_counting_stops_where_it_is_told(filled: Connection) -> None:
    assert await search.count(filled, parse("ship")) == 5
    assert await search.count(filled, parse("grain"), up_to=7) == 7
    assert await search.count(filled, parse("after:2024"), up_to=100) == 25


async def test_iterating_gives_every_match_and_holds_no_transaction(
    filled: Connection, database_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_CHUNK", 4)
    found = []
    other = sqlite3.connect(database_path)
    async for document in search.iterate(filled, parse("grain")):
        found.append(document.message_id)
        busy, _, _ = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        assert not busy
    assert found == [*range(25, 0, -1), 99, 98]
    other.close()
    everything = [document async for document in search.iterate(filled, None)]
    assert len(everything) == 27


@pytest.mark.parametrize("cursor", ["", "x", "n5", "é", "AAAA", "A" * 11, "A" * 32, "A" * 500])
@pytest.mark.parametrize("sort", ["newest", "relevance"])
async def test_a_cursor_of_elsewhere_is_wrong_use(
    filled: Connection, cursor: str, sort: Sort
) -> None:
    try:
        page = await search.search(filled, parse("grain"), sort=sort, cursor=cursor)
    except UsageError as error:
        assert "no page of these results" in str(error)
    else:
        assert page.hits == ()


async def test_hostile_queries_find_nothing_and_break_nothing(filled: Connection) -> None:
    for text in ['"grain\x00ship"', "grain\u202e", "x'; DROP TABLE document;x", "rowid", "title"]:
        page = await search.search(filled, parse(text))
        assert isinstance(page, Page)
    assert len((await search.search(filled, parse("grain"))).hits) == 10


async def test_a_new_analysis_version_indexes_everything_again(
    database: Database,
    database_path: Path,
    make_document: MakeDocument,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = [make_document(f"grain {n}", message_id=n) for n in range(1, 8)]
    async with database.transaction() as tx:
        await documents.store_documents(tx, made, stored_at=now, live=True)
    assert await document_index.refresh(database) == 0
    analysis.forget()
    monkeypatch.setattr(analysis, "VERSION", 99)
    monkeypatch.setattr(analysis, "fold", lambda surface: "x" + surface.lower())
    monkeypatch.setattr(analysis, "fold_plain", lambda surface: "x" + surface.lower())
    monkeypatch.setattr(document_index, "BATCH", 3)
    upgraded = await open_database(f"sqlite:///{database_path}")
    try:
        async with upgraded.reader() as reader:
            assert await search.count(reader, parse("grain")) == 7
        async with upgraded.transaction() as tx:
            edited = make_document("other", message_id=1, edited_at="2024-05-02T00:00:00Z")
            await documents.store_documents(tx, [edited], stored_at=now, live=True)
            await tx.execute(
                "INSERT INTO document_index (document_index) VALUES ('integrity-check')"
            )
        async with upgraded.reader() as reader:
            assert await search.count(reader, parse("grain")) == 6
    finally:
        await upgraded.close()
        analysis.forget()


async def test_indexing_anew_goes_on_beside_other_work_and_where_it_was_ended(
    database: Database,
    database_path: Path,
    make_document: MakeDocument,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = [
        make_document(f"grain {n}", message_id=n, published_at=f"2024-05-01T10:00:{n:02}Z")
        for n in range(1, 31)
    ]
    async with database.transaction() as tx:
        await documents.store_documents(tx, made, stored_at=now, live=True)
    monkeypatch.setattr(analysis, "VERSION", 99)
    monkeypatch.setattr(document_index, "BATCH", 10)
    running = await open_database(f"sqlite:///{database_path}", index=False)
    try:
        working = asyncio.create_task(document_index.refresh(running, pause=600))
        async with running.reader() as reader:
            async with asyncio.timeout(60):
                while not working.done():
                    if await search.count(reader, parse("grain")) == 10:
                        break
                    await asyncio.sleep(0)
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working
        edits = [
            make_document("grain again", message_id=n, edited_at="2024-05-02T00:00:00Z",
                          published_at=f"2024-05-01T10:00:{n:02}Z")
            for n in (1, 30)
        ]  # fmt: skip
        older = make_document("old grain", message_id=50, published_at="2024-04-01T10:00:00Z")
        async with running.transaction() as tx:
            await documents.store_documents(tx, [*edits, older], stored_at=now, live=True)
        async with running.reader() as reader:
            page = await search.search(reader, parse("grain"), limit=60)
            assert ids(page)[:4] == [30, 29, 28, 27]
            assert ids(page) == [*range(30, 20, -1), 1, 50]
            horizon = await document_index.find_horizon(reader)
            assert horizon is not None
            assert now.replace(hour=10, minute=0, second=1, microsecond=0) < horizon < now
    finally:
        await running.close()
    again = await open_database(f"sqlite:///{database_path}")
    try:
        async with again.reader() as reader:
            assert await document_index.find_horizon(reader) is None
            page = await search.search(reader, parse("grain"), limit=60)
            assert ids(page) == [*range(30, 0, -1), 50]
            assert await search.count(reader, parse("again")) == 2
        async with again.transaction() as tx:
            back = make_document("none", message_id=30, edited_at="2024-05-03T00:00:00Z")
            await documents.store_documents(tx, [back], stored_at=now, live=True)
            await tx.execute(
                "INSERT INTO document_index (document_index) VALUES ('integrity-check')"
            )
        async with again.reader() as reader:
            assert await search.count(reader, parse("grain")) == 30
        assert await document_index.refresh(again) == 0
    finally:
        await again.close()


async def test_a_search_can_be_given_up(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0), database.reader() as reader:
            await search.search(reader, parse("grain"))
    async with database.reader() as reader:
        assert (await search.search(reader, parse("grain"))).hits == ()


async def test_relevance_is_tempered_by_age(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    texts = {
        1: ("2019-01-01T00:00:00Z", "grain and ships on the road"),  # as good, long ago
        2: ("2024-04-20T00:00:00Z", "grain and ships on the road"),
        3: ("2019-01-01T00:00:00Z", "grain grain grain grain grain"),  # far better, long ago
        4: (None, "grain and ships on the road"),
    }
    fillers = [make_document(f"wind {n}", message_id=100 + n) for n in range(30)]
    made = [
        make_document(text, message_id=number, published_at=moment)
        for number, (moment, text) in texts.items()
    ]
    async with database.transaction() as tx:
        await documents.store_documents(tx, made + fillers, stored_at=now, live=True)
    async with database.reader() as reader:
        page = await search.search(reader, parse("grain"), sort="relevance")
    assert ids(page)[0] == 2
    assert set(ids(page)[2:]) == {1, 4}


@pytest.mark.parametrize("sort", ["newest", "relevance"])
@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("fer*", lambda n: n % 5 != 0),
        ("fer* -rare*", lambda n: n % 5 != 0 and n % 9 != 0),
        ("-fer* wind", lambda n: n % 5 == 0),
        ("fer* wind", lambda n: n % 5 != 0),
        ("fer* OR rare*", lambda n: n % 5 != 0 or n % 9 == 0),
        ("rare* -lift*", lambda n: n % 9 == 0),
        ("(fer* OR rare*) -нёб* before:2024-05-01", lambda n: n < 60 and (n % 5 or not n % 9)),
    ],
)
async def test_prefixes_that_most_documents_hold_find_what_they_should_page_by_page(
    database: Database,
    make_document: MakeDocument,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    sort: Sort,
    text: str,
    holds: Callable[[int], bool],
) -> None:
    monkeypatch.setattr(search, "SAMPLED", 30)
    start = datetime(2024, 4, 1, tzinfo=UTC)
    made = [
        make_document(
            f"wind {'ferries' if n % 5 else 'ship'} {'rarely' if n % 9 == 0 else 'often'}",
            message_id=n + 1,
            published_at=(start + timedelta(hours=12 * n)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
        for n in range(120)
    ]
    async with database.transaction() as tx:
        await documents.store_documents(tx, made, stored_at=now, live=True)
    query = parse(text)
    expected = [n for n in reversed(range(120)) if holds(n)]
    async with database.reader() as conn:
        found: list[int] = []
        cursor = None
        while True:
            page = await search.search(conn, query, limit=7, sort=sort, cursor=cursor)
            found += [(hit.document.message_id or 0) - 1 for hit in page.hits]
            cursor = page.following
            if cursor is None:
                break
        counted = await search.count(conn, query)
        listed = [document.message_id async for document in search.iterate(conn, query)]
    assert sorted(found, reverse=True) == expected
    assert sort == "relevance" or found == expected
    assert counted == len(expected)
    assert listed == [n + 1 for n in expected]


@pytest.mark.parametrize("stored_before", [0, 5], ids=["new", "upgraded"])
async def test_what_is_stored_before_the_archive_is_indexed_anew_is_found_after_it(
    database: Database,
    database_path: Path,
    make_document: MakeDocument,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    stored_before: int,
) -> None:
    old = [make_document(f"grain {n}", message_id=n) for n in range(1, 1 + stored_before)]
    async with database.transaction() as tx:
        await documents.store_documents(tx, old, stored_at=now, live=True)
    monkeypatch.setattr(analysis, "VERSION", 99)
    running = await open_database(f"sqlite:///{database_path}", index=False)
    try:
        async with running.transaction() as tx:
            new = [make_document("grain of today", message_id=90)]
            await documents.store_documents(tx, new, stored_at=now, live=True)
        assert await document_index.refresh(running) == stored_before
        async with running.reader() as reader:
            assert await search.count(reader, parse("grain")) == stored_before + 1
    finally:
        await running.close()


@pytest.mark.parametrize("ask", ["search", "relevance", "count", "iterate"])
async def test_texts_are_analysed_beside_the_loop_and_in_pieces(
    filled: Connection, monkeypatch: pytest.MonkeyPatch, ask: str
) -> None:
    monkeypatch.setattr(search, "_CHUNK", 10)
    real, threads, pieces = analysis.analyse_document, set(), []
    fetch = search.time_order.fetch_json

    def analysed(document: Document) -> analysis.Analysed:
        threads.add(threading.current_thread())
        return real(document)

    async def fetched(*given: object) -> object:
        pieces.append(given[-1])
        return await fetch(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(analysis, "analyse_document", analysed)
    monkeypatch.setattr(search.time_order, "fetch_json", fetched)
    query = parse("==grain")
    if ask == "count":
        assert await search.count(filled, query) == 27
    elif ask == "iterate":
        assert len([one async for one in search.iterate(filled, query)]) == 27
    elif ask == "search":
        assert len((await search.search(filled, query, limit=40)).hits) == 27
    else:
        assert (await search.search(filled, query, limit=40, sort="relevance")).hits
    assert threads and threading.main_thread() not in threads
    assert all(piece <= 10 for piece in pieces)
