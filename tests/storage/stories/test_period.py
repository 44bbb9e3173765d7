"""What came in within a period."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from storage import row_ids
from storage.connection import Database
from storage.document import Document
from storage.document_json import parse
from storage.documents import documents
from storage.stories import events, period
from storage.stories.events import EventPost

HOUR = timedelta(hours=1)


async def store(
    database: Database, *posts: Document, stored_at: datetime, live: bool = True
) -> list[int]:
    async with database.transaction() as tx:
        stored = await documents.store_documents(tx, posts, stored_at=stored_at, live=live)
    return [one.id for one in stored]


async def test_what_was_watched_is_listed_page_by_page(
    database: Database, make_document: Callable[..., Document], now: datetime
) -> None:
    await store(database, make_document(message_id=1), stored_at=now)
    later = [make_document(message_id=n) for n in (2, 5)]
    await store(database, *later, stored_at=now + HOUR)
    await store(database, make_document(message_id=3), stored_at=now + HOUR, live=False)
    await store(database, make_document(message_id=4), stored_at=now + 2 * HOUR)
    await store(
        database,
        make_document("Changed", message_id=2, edited_at="2024-05-01T13:00:00Z"),
        stored_at=now + 2 * HOUR,
    )
    span = {"after": now, "until": now + 2 * HOUR}
    async with database.reader() as conn:
        found = await period.list_arrived(conn, **span, limit=10)
        first = await period.list_arrived(conn, **span, limit=1)
        rest = await period.list_arrived(conn, **span, from_id=first[0].id + 1, limit=10)
    assert {one.story for one in found} == {"tg:77/2", "tg:77/5", "tg:77/4"}
    assert [*first, *rest] == found
    assert {parse(one.json).doc_id for one in found if one.edited} == {"tg:77/2"}
    assert all(one.story == parse(one.json).doc_id and one.event is None for one in found)


async def test_events_that_began_before_say_when(
    database: Database, make_document: Callable[..., Document], now: datetime
) -> None:
    old = make_document(message_id=1, published_at="2024-04-30T10:00:00Z")
    new = make_document(message_id=2, published_at="2024-05-01T10:00:00Z")
    ids = await store(database, old, stored_at=now - HOUR)
    ids += await store(database, new, stored_at=now + HOUR)
    async with database.transaction() as tx:
        rows = [
            EventPost(id=n, document_id=id, event=event, russian=False)
            for n, (id, event) in enumerate(zip(ids, (1, 1), strict=True), 1)
        ]
        await events.add_posts(tx, rows)
    async with database.reader() as conn:
        begun = await period.list_begun(conn, [1, 2], before=now)
        assert await period.list_begun(conn, [1], before=now - 2 * HOUR) == []
    assert [(event, f"{at:%FT%TZ}") for event, at in begun] == [(1, "2024-04-30T10:00:00Z")]


async def test_an_event_began_with_the_earliest_of_its_posts(
    database: Database, make_document: Callable[..., Document], now: datetime
) -> None:
    given = ((1, "12", 1), (2, "10", 1), (3, "11", 1), (4, "09", 2), (5, "08", 3))
    posts = [
        make_document(message_id=number, published_at=f"2024-04-30T{hour}:00:00Z")
        for number, hour, _ in given
    ]
    ids = await store(database, *posts[:4], stored_at=now)
    ids += await store(database, posts[4], stored_at=now + timedelta(microseconds=1))
    async with database.transaction() as tx:
        rows = [
            EventPost(id=number, document_id=id, event=event, russian=False)
            for id, (number, _, event) in zip(ids, given, strict=True)
        ]
        await events.add_posts(tx, rows)
    async with database.reader() as conn:
        begun = await period.list_begun(conn, [1, 2, 3, 4], before=now)
    assert sorted((event, at.hour) for event, at in begun) == [(1, 10), (2, 9)]


async def test_the_newest_of_a_period_are_found_and_those_before_counted(
    database: Database, make_document: Callable[..., Document], now: datetime
) -> None:
    await store(database, make_document(message_id=1), stored_at=now)
    posts = [
        make_document(message_id=n, published_at=f"2024-05-01T10:00:0{n}Z") for n in range(2, 6)
    ]
    ids = await store(database, *posts, stored_at=now + HOUR)
    await store(database, make_document(message_id=6), stored_at=now + HOUR, live=False)
    await store(database, make_document(message_id=7), stored_at=now + 2 * HOUR)
    span = {"after": now, "until": now + HOUR}
    async with database.reader() as conn:
        assert await period.find_newest(conn, **span, limit=4) == (0, 0)
        assert await period.find_newest(conn, **span, limit=3) == (ids[1], 1)
        assert await period.find_newest(conn, **span, limit=1) == (ids[3], 3)


# What points at what is not looked at.
UNBOUND = {
    "sqlite": "PRAGMA defer_foreign_keys = 1",
    "postgres": "SET LOCAL session_replication_role = replica",
}


async def test_of_the_days_before_only_posts_of_events_that_can_be_compared_are_listed(
    database: Database, make_document: Callable[..., Document], now: datetime, engine: str
) -> None:
    since, before = row_ids.first_id(now), row_ids.first_id(now + HOUR)
    given: list[tuple[int, int | None, bytes | None]] = [
        (since - 1, 1, b"a"),
        (since, 1, b"b"),
        (since + 1, 1, None),
        (since + 2, 1, b"c"),
        (since + 3, None, b"d"),
        *((since + n, None, b"e") for n in range(10, 14)),
        (since + 5, 2, b"f"),
        (since + 6, 3, b"g"),
        (since + 7, 3, None),
        (since + 8, 3, b"j"),
        (before - 1, 1, b"h"),
        (before, 1, b"i"),
    ]
    async with database.transaction() as tx:
        await tx.execute(UNBOUND[engine])
        await events.add_posts(
            tx,
            [
                EventPost(id=n, document_id=id, event=event, russian=False, terms=terms)
                for n, (id, event, terms) in enumerate(given, 1)
            ],
        )
        found = await period.list_earlier(tx, since=now, before=now + HOUR, events=1, posts=9)
        await tx.execute("DELETE FROM event_post")
    assert [(one.event, one.terms) for one in found] == [(1, b"b"), (1, b"c"), (1, b"h")]


async def test_what_was_not_watched_is_counted_by_when_it_was_published(
    database: Database, make_document: Callable[..., Document], now: datetime
) -> None:
    dates = ("2024-05-01T11:00:00Z", "2024-05-01T12:00:00Z", "2024-05-01T13:00:00Z")
    posts = [make_document(message_id=n, published_at=at) for n, at in enumerate(dates, 1)]
    ids = await store(database, *posts, stored_at=now, live=False)
    await store(database, make_document(message_id=9, published_at=dates[1]), stored_at=now)
    span = {
        "after": datetime(2024, 5, 1, 12, tzinfo=UTC),
        "until": datetime(2024, 5, 2, tzinfo=UTC),
    }
    async with database.reader() as conn:
        assert await period.count_history(conn, **{**span, "until": span["after"]}) == 0
        assert await period.count_history(conn, **span) == 2
        assert await period.count_history(conn, **span, among=ids[:2]) == 2
        assert await period.count_history(conn, **span, among=[]) == 0
