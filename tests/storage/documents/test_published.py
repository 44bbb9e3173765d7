"""What was published in a span, and what became of it."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.database import open_database
from storage.document import Channel, Document, Source
from storage.document_json import parse
from storage.documents import documents, published
from storage.structs import replace

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def post(number: int, *, days: float, channel: int = 100, **fields) -> Document:
    given = {
        "kind": "post",
        "doc_id": f"tg:{channel}/{number}",
        "source": Source(type="telethon"),
        "channel": Channel(id=channel, username=f"port_{channel}", title="Port"),
        "message_id": number,
        "published_at": f"{NOW - days * DAY:%FT%TZ}",
        "published_precision": "second",
        "published_basis": "api",
        "title": f"Ferry {number}",
        "content_hash": f"{number:016x}",
    }
    return Document(**{**given, **fields})


@pytest.fixture
async def database(database_url):
    opened = await open_database(database_url)
    yield opened
    await opened.close()


async def put(database, *posts: Document, at: datetime = NOW, live: bool = True) -> None:
    async with database.transaction() as tx:
        await documents.store_documents(tx, posts, stored_at=at, live=live)


async def test_posts_are_of_the_span_in_which_they_were_published(database) -> None:
    await put(database, post(1, days=8), post(2, days=6), post(3, days=1), live=False)
    await put(database, post(4, days=0), post(5, days=2, published_at=None))
    span = {"after": NOW - 7 * DAY, "until": NOW}
    async with database.reader() as conn:
        found = await published.list_published(conn, **span, limit=10)
        assert [(one.doc_id, one.channel_id) for one in found] == [
            ("tg:100/2", 100),
            ("tg:100/3", 100),
        ]
        assert [one.story for one in found] == ["tg:100/2", "tg:100/3"]
        rest = await published.list_published(conn, **span, from_id=found[0].id + 1, limit=10)
        assert rest == found[1:]
        assert len(await published.list_published(conn, **span, limit=1)) == 1
        assert await published.find_first(conn, **span) == NOW - 6 * DAY
        assert await published.find_first(conn, after=NOW + DAY, until=NOW + 2 * DAY) is None
        # A span begins with its first second and ends before its last.
        at = NOW - 6 * DAY
        assert await published.find_first(conn, after=at, until=NOW) == at
        assert await published.find_first(conn, after=NOW - 7 * DAY, until=at) is None
        outputs = await published.count_by_channel(conn, after=NOW - 7 * DAY, until=at)
        assert outputs == {}
        outputs = await published.count_by_channel(conn, after=at, until=NOW - 1 * DAY)
        assert outputs[100].posts == 1


async def test_the_newest_are_found_where_there_are_too_many(database) -> None:
    await put(database, *(post(n, days=6 - n) for n in range(1, 6)))
    span = {"after": NOW - 7 * DAY, "until": NOW}
    async with database.reader() as conn:
        assert await published.find_newest(conn, **span, limit=5) == (0, 0)
        start, older = await published.find_newest(conn, **span, limit=2)
        found = await published.list_published(conn, **span, from_id=start, limit=10)
    assert older == 3
    assert [one.doc_id for one in found] == ["tg:100/4", "tg:100/5"]


async def test_channels_are_counted_with_their_last_post(database) -> None:
    await put(database, post(1, days=3), post(2, days=2), post(1, days=5, channel=200))
    async with database.reader() as conn:
        found = await published.count_by_channel(conn, after=NOW - 4 * DAY, until=NOW)
    assert {key: (one.posts, one.last) for key, one in found.items()} == {100: (2, "tg:100/2")}


async def test_edits_give_what_was_said_before_the_first_of_the_span(database) -> None:
    first = post(1, days=5, title="Forty people")
    await put(database, first, post(2, days=5), at=NOW - 5 * DAY)
    for day, title in ((4, "Fifty people"), (2, "Sixty people"), (1, "Seventy people")):
        edited = f"{NOW - day * DAY:%FT%TZ}"
        changed = replace(first, title=title, edited_at=edited, content_hash=f"{day:016x}")
        await put(database, changed, at=NOW - day * DAY)
    async with database.reader() as conn:
        (found,) = await published.list_edited(conn, after=NOW - 3 * DAY, until=NOW, limit=9)
        assert not await published.list_edited(conn, after=NOW, until=NOW + DAY, limit=9)
    assert (parse(found.before).title, parse(found.now).title) == ("Fifty people", "Seventy people")
    assert (found.doc_id, found.channel_id, found.at) == ("tg:100/1", 100, NOW - DAY)


async def test_deleted_posts_are_those_that_went_in_the_span(database) -> None:
    await put(database, *(post(n, days=n) for n in range(1, 5)))
    async with database.transaction() as tx:
        await tx.execute("UPDATE document SET story = 'one' WHERE message_id < 3")
        for number, day in ((1, 0.5), (3, 2)):
            await documents.mark_deleted(
                tx, channel_id=100, message_ids=[number], noticed_at=NOW - day * DAY
            )
    async with database.reader() as conn:
        span = {"after": NOW - DAY, "until": NOW, "limit": 9}
        found = await published.list_deleted(conn, since=NOW - 9 * DAY, **span)
        assert [one.doc_id for one in found] == ["tg:100/1"]
        assert not await published.list_deleted(conn, since=NOW - DAY / 2, **span)
        gone = await published.list_edited(conn, after=NOW - 9 * DAY, until=NOW, limit=9)
        assert not gone
        assert await published.list_standing(conn, ["one", "two"]) == [("one", 100)]


async def test_events_are_found_by_their_posts(database) -> None:
    await put(database, post(1, days=1), post(2, days=1))
    async with database.transaction() as tx:
        await tx.execute(
            "INSERT INTO event_post (id, document_id, event, russian)"
            " SELECT 1, id, 7, 0 FROM document WHERE doc_id = 'tg:100/1'"
        )
    async with database.reader() as conn:
        found = await published.find_events(conn, ["tg:100/1", "tg:100/2", "nothing"])
    assert found == {"tg:100/1": 7}


async def put_edits(database, *edits: tuple[Document, datetime]) -> None:
    """Store posts, and then as they were changed at these times."""
    await put(database, *{one.doc_id: replace(one, title="Before") for one, _ in edits}.values())
    for number, (one, at) in enumerate(edits):
        changed = replace(one, edited_at=f"{at:%FT%TZ}", content_hash=f"{at:%FT%T}{number}"[:16])
        await put(database, changed, at=at)


async def test_only_posts_of_channels_that_stand_are_told_as_changed_the_last_first(
    database,
) -> None:
    day = [NOW - n * DAY for n in range(5)]
    edits = [(post(n, days=9, title=f"Now {n}"), day[n]) for n in (4, 3, 2, 1)]
    gone = post(7, days=9, title="Gone")
    page = post(8, days=9, title="Page", channel=None, doc_id="file:page", message_id=None)
    same = post(6, days=9, title="Same time")
    await put_edits(database, *edits, (gone, day[2]), (page, day[2]), (same, day[2]))
    async with database.transaction() as tx:
        await documents.mark_deleted(tx, channel_id=100, message_ids=[7], noticed_at=NOW)
    async with database.reader() as conn:

        async def edited(after: datetime, until: datetime, limit: int = 9) -> list[str]:
            found = await published.list_edited(conn, after=after, until=until, limit=limit)
            assert all(parse(one.before).title == "Before" for one in found)
            return [one.doc_id.removeprefix("tg:100/") for one in found]

        assert await edited(day[4], NOW) == ["1", "2", "6", "3", "4"]
        assert await edited(day[3], day[1]) == ["2", "6", "3"]
        assert await edited(day[3], day[1] + DAY / 24) == ["1", "2", "6", "3"]
        assert await edited(day[4], NOW, limit=1) == ["1"]


async def test_what_has_no_channel_or_no_time_is_of_no_span(database) -> None:
    page = post(8, days=1, channel=None, doc_id="file:page", message_id=None)
    await put(database, page, post(1, days=2), post(2, days=1), post(3, days=1, published_at=None))
    span = {"after": NOW - 2 * DAY, "until": NOW - DAY + timedelta(seconds=1)}
    async with database.reader() as conn:
        found = await published.list_published(conn, **span, limit=9)
        assert [one.doc_id for one in found] == ["tg:100/1", "tg:100/2"]
        early = {**span, "until": NOW - DAY}
        assert len(await published.list_published(conn, **early, limit=9)) == 1
        late = {**span, "after": NOW - 2 * DAY + timedelta(seconds=1)}
        assert len(await published.list_published(conn, **late, limit=9)) == 1
        assert await published.find_newest(conn, **span, limit=2) == (0, 0)
        assert await published.find_newest(conn, **span, limit=1) == (found[1].id, 1)
        assert await published.find_newest(conn, **early, limit=1) == (0, 0)
        counted = await published.count_by_channel(conn, **span)
        assert {key: (one.posts, one.last) for key, one in counted.items()} == {
            100: (2, "tg:100/2")
        }
        assert await published.find_first(conn, **late) == NOW - DAY


async def test_deleted_posts_are_listed_the_last_first_within_their_span(database) -> None:
    posts = [post(n, days=n) for n in range(1, 6)]
    page = post(8, days=1, channel=None, doc_id="file:page", deleted_at=f"{NOW - DAY:%FT%TZ}")
    await put(database, *posts, page)
    async with database.transaction() as tx:
        for number, ago in ((1, 3), (2, 2), (3, 2), (4, 1)):
            at = NOW - ago * DAY
            await documents.mark_deleted(tx, channel_id=100, message_ids=[number], noticed_at=at)
        await tx.execute("UPDATE document SET story = 'one' WHERE message_id IN (4, 5)")
    async with database.reader() as conn:

        async def gone(after: float, until: float, since: float = 9, limit: int = 9) -> list[str]:
            found = await published.list_deleted(
                conn, after=NOW - after * DAY, until=NOW - until * DAY, since=NOW - since * DAY,
                limit=limit,
            )  # fmt: skip
            return [one.doc_id.removeprefix("tg:100/") for one in found]

        assert await gone(3, 0) == ["4", "3", "2", "1"]
        assert await gone(3, 1) == ["3", "2", "1"]
        assert await gone(2.5, 1) == ["3", "2"]
        assert await gone(3, 0, since=3) == ["3", "2", "1"]
        assert await gone(3, 0, since=2.9) == ["2", "1"]
        assert await gone(3, 0, limit=2) == ["4", "3"]
        (last,) = await published.list_deleted(
            conn, after=NOW - DAY, until=NOW, since=NOW - 9 * DAY, limit=9
        )
        assert last.story == "one"
        assert await published.list_standing(conn, ["one", "two"]) == [("one", 100)]
