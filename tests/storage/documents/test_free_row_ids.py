"""Where documents stand: any number may share a time, in any arrangement and any batch cut."""

import asyncio
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from storage import row_ids
from storage import times as moments
from storage.channels import channels, progress
from storage.connection import Connection, Database
from storage.database import open_database
from storage.document import Document
from storage.documents import documents, free_row_ids, search
from storage.query.reading.syntax import parse
from storage.query.tree import Query
from storage.records import Stored
from storage.sqlite import migrate
from storage.structs import replace

MakeDocument = Callable[..., Document]

MIDNIGHT = datetime(2024, 5, 2, tzinfo=UTC)


def at(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def second_of(document: Document) -> datetime | None:
    return moments.from_partial(document.published_at)


async def store(database: Database, batch: Sequence[Document], now: datetime) -> list[Stored]:
    async with database.transaction() as tx:
        return await documents.store_documents(tx, batch, stored_at=now, live=True)


async def take_row_ids(conn: Connection, firsts: Sequence[int]) -> list[int]:
    return free_row_ids.choose(await conn.fetch_all(*free_row_ids.query(firsts)), firsts)


async def list_places(conn: Connection) -> dict[int, Document]:
    rows = await conn.fetch_all("SELECT id FROM document")
    return await documents.list_documents(conn, [row["id"] for row in rows])


async def read_pages(conn: Connection, query: Query, limit: int) -> list[int]:
    """The row ids of all pages."""
    found: list[int] = []
    cursor = None
    while True:
        page = await search.search(conn, query, limit=limit, cursor=cursor)
        found += [hit.id for hit in page.hits]
        if page.following is None:
            return found
        cursor = page.following


async def check(conn: Connection, asked: Sequence[datetime], limit: int) -> None:
    """What row ids promise, and what search makes of them, against the documents themselves."""
    placed = await list_places(conn)
    times = {row_id: second_of(document) for row_id, document in placed.items()}
    for row_id, moment in times.items():
        assert row_id >= row_ids.first_id(moment)
    order = sorted(placed, key=lambda row_id: (row_ids.first_id(times[row_id]), row_id))
    for text in ("", "grain"):
        whole = parse(text) if text else Query("", None)
        assert await read_pages(conn, whole, limit) == order[::-1]
        for moment in asked:
            early = [i for i in order if (known := times[i]) is not None and known < moment]
            late = [i for i in order if (known := times[i]) is not None and known >= moment]
            before = Query(whole.text, whole.root, before=moment)
            after = Query(whole.text, whole.root, after=moment)
            assert await read_pages(conn, before, limit) == early[::-1]
            assert await read_pages(conn, after, limit) == late[::-1]
            assert await search.count(conn, before) == len(early)
            assert await search.count(conn, after) == len(late)
    grain = parse("grain")
    for query, wanted in ((grain, order), (replace(grain, before=asked[0]), None)):
        page = await search.search(conn, query, limit=1000, sort="relevance")
        if wanted is None:
            wanted = [i for i in order if (known := times[i]) is not None and known < asked[0]]
        assert sorted(hit.id for hit in page.hits) == sorted(wanted)


TIMES = st.sampled_from(
    [
        *(at(MIDNIGHT + timedelta(seconds=step)) for step in range(-3, 5)),
        *("2024-05-02", "2024-05", "2024", "--05-02", None),
    ]
)


@pytest.mark.slow
@examples(20)
@given(
    batches=st.lists(st.lists(st.tuples(TIMES, st.integers(1, 12)), max_size=6), max_size=5),
    limit=st.integers(3, 40),
)
def test_documents_of_any_times_find_places_whatever_the_batches(
    make_document: MakeDocument, batches: list[list[tuple[str | None, int]]], limit: int
) -> None:
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(row_ids, "PER_SECOND", 4)
        patch.setattr(row_ids, "BITS", 2)
        patch.setattr(row_ids, "FIRST_DATED", row_ids.first_id(datetime(1000, 1, 1, tzinfo=UTC)))
        path = Path(folder) / "dateline.db"
        asyncio.run(store_and_check(path, make_document, batches, limit))


async def store_and_check(
    path: Path,
    make: MakeDocument,
    batches: list[list[tuple[str | None, int]]],
    limit: int,
) -> None:
    database = await open_database(f"sqlite:///{path}")
    number = 0
    for runs in batches:
        batch = []
        for time, count in runs:
            precision = {"published_precision": "second" if time and "T" in time else "year"}
            batch += [
                make(
                    f"grain {number + n}", message_id=number + n + 1, published_at=time, **precision
                )
                for n in range(count)
            ]
            number += count
        stored = await store(database, batch, MIDNIGHT)
        assert len({one.id for one in stored}) == len(batch)
    async with database.reader() as conn:
        assert await documents.count_documents(conn) == number
        await check(conn, [MIDNIGHT + timedelta(seconds=step) for step in (0, 1, -2)], limit)
    await database.close()


def of_seconds(make: MakeDocument, *counts: int) -> list[Document]:
    """So many posts in each of the seconds that follow one another."""
    made: list[Document] = []
    for second, count in enumerate(counts):
        time = at(MIDNIGHT + timedelta(seconds=second))
        start = len(made) + 1
        made += [make(f"grain {n}", message_id=start + n, published_at=time) for n in range(count)]
    return made


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 7, 256, 1000])
async def test_a_full_second_and_the_next_are_stored_in_any_batches(
    database: Database, make_document: MakeDocument, now: datetime, size: int
) -> None:
    made = of_seconds(make_document, 257, 30, 1)
    for start in range(0, len(made), size):
        await store(database, made[start : start + size], now)
    async with database.reader() as conn:
        found = [one.message_id async for one in search.iterate(conn, None)]
    assert found == [one.message_id for one in reversed(made)]


@pytest.mark.slow
async def test_posts_of_the_last_second_of_a_day_are_of_that_day(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    last = [
        make_document("grain", message_id=n, published_at=at(MIDNIGHT - timedelta(seconds=1)))
        for n in range(1, 1501)
    ]
    next_day = [
        make_document(
            "grain", message_id=n, published_at=at(MIDNIGHT + timedelta(seconds=n - 2001))
        )
        for n in range(2001, 2011)
    ]
    await store(database, [*next_day, *last], now)
    async with database.reader() as conn:
        for text in ("", "grain "):
            before = parse(f"{text}before:2024-05-02")
            assert len(await read_pages(conn, before, 400)) == 1500
            after = parse(f"{text}after:2024-05-02")
            found = await search.search(conn, after, limit=50)
            numbers = [hit.document.message_id for hit in found.hits]
            assert numbers == list(range(2010, 2000, -1))
            assert await search.count(conn, after) == 10


@pytest.mark.slow
async def test_places_are_free_whatever_is_full(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    await store(database, of_seconds(make_document, *[256] * 8, 300, 10), now)
    firsts = [free_row_ids.first_row_id(one) for one in of_seconds(make_document, *[40] * 12)]
    async with database.reader() as conn:
        places = await take_row_ids(conn, firsts)
        taken = {row["id"] for row in await conn.fetch_all("SELECT id FROM document")}
    assert len(set(places) - taken) == len(firsts)
    assert all(place >= first for place, first in zip(places, firsts, strict=True))


async def test_a_spilled_post_whose_time_is_known_better_moves(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    rough = [
        make_document(
            "grain", message_id=n, source="text", published_at="2024", published_precision="year"
        )
        for n in range(1, 301)
    ]
    await store(database, rough, now)
    exact = make_document(
        "grain", message_id=299, published_at=at(MIDNIGHT), published_precision="second"
    )
    await store(database, [exact], now)
    async with database.reader() as conn:
        assert await search.count(conn, parse("grain after:2024-05-02")) == 1
        assert await search.count(conn, parse("grain before:2024-05-02")) == 299
        spilled = await conn.fetch_all("SELECT document_id FROM spilled")
        assert len(spilled) == 300 - 256 - 1


async def test_the_status_counts_spilled_posts_under_their_own_day(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    async with database.transaction() as tx:
        await channels.add_channel(tx, channel_id=77, username="harbour", now=now)
    late = at(MIDNIGHT - timedelta(seconds=1))
    await store(
        database,
        [make_document("x", message_id=n, published_at=late) for n in range(1, 401)],
        MIDNIGHT,
    )
    async with database.reader() as conn:
        (status,) = await progress.list_status(conn, midnight=MIDNIGHT)
    assert status.posts_today == 0
    assert status.last_post_at == MIDNIGHT - timedelta(seconds=1)


@pytest.mark.slow
async def test_what_an_earlier_version_spilled_is_known_after_the_upgrade(
    database_path: Path, make_document: MakeDocument, now: datetime
) -> None:
    database = await open_database(f"sqlite:///{database_path}")
    times = [at(MIDNIGHT - timedelta(seconds=1)), "2023", "2022-07", "2021-03-04T10:00+03:00"]
    made = [
        make_document("grain", message_id=1000 * k + n, published_at=time)
        for k, time in enumerate(times)
        for n in range(1, 301)
    ]
    made.append(make_document("grain", message_id=9000, published_at="--05-02"))
    await store(database, made, now)
    async with database.reader() as conn:
        written = await conn.fetch_all("SELECT * FROM spilled ORDER BY document_id")
    expected = [tuple(row) for row in written]
    await database.close()
    raw = sqlite3.connect(database_path)
    raw.execute("DELETE FROM spilled")
    script = next(one.sql for one in migrate.list_migrations() if one.version == 8)
    for statement in migrate.statements(script.partition("-- Those that are there already")[2]):
        raw.execute(statement[statement.index("INSERT") :])
    assert raw.execute("SELECT * FROM spilled ORDER BY document_id").fetchall() == expected
    assert len(expected) == 4 * 44
    raw.close()


async def test_what_stands_right_behind_a_stretch_takes_nothing_of_it(
    database: Database,
    make_document: MakeDocument,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(row_ids, "PER_SECOND", 4)
    monkeypatch.setattr(row_ids, "BITS", 2)
    monkeypatch.setattr(row_ids, "FIRST_DATED", row_ids.first_id(datetime(1000, 1, 1, tzinfo=UTC)))
    first = row_ids.first_id(MIDNIGHT)
    times = [*[MIDNIGHT] * 4, MIDNIGHT + timedelta(seconds=3)]
    batch = [
        make_document(f"Ferry {n}", message_id=n, published_at=at(time), content_hash=f"{n:016x}")
        for n, time in enumerate(times, 1)
    ]
    stored = await store(database, batch, now)
    assert [one.id - first for one in stored] == [0, 1, 2, 3, 12]
    async with database.transaction() as tx:
        taken = await take_row_ids(tx, [first] * 3)
    assert [place - first for place in taken] == [4, 5, 6]
