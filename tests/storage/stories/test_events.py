"""Posts in their events, as they are kept: found by number, time, event and story."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from database_steps import list_event

from storage.connection import Connection
from storage.document import Channel, Document, Forward, Source
from storage.documents import documents
from storage.stories import events, stories
from storage.stories.events import EventPost, Tied, Unthreaded
from storage.structs import replace

NOON = datetime(2025, 11, 1, 12, tzinfo=UTC)


def post(number: int, *, channel: int = 1, minutes: int | None = 0, text: str = "") -> Document:
    at = None if minutes is None else (NOON + timedelta(minutes=minutes)).isoformat()
    return Document(
        kind="post",
        doc_id=f"tg:{channel}/{number}",
        source=Source(type="telethon"),
        channel=Channel(id=channel),
        message_id=number,
        published_at=at,
        title=text or f"post {number}",
        content_hash=f"{channel:08x}{number:08x}",
    )


async def store(tx: Connection, *posts: Document) -> list[int]:
    """Store posts; gives their row ids."""
    stored = await documents.store_documents(tx, posts, stored_at=NOON, live=True)
    return [one.id for one in stored]


async def put(
    tx: Connection, given: Sequence[tuple[int, int, int | None]], **fields: bytes
) -> list[EventPost]:
    """Put posts into events: number, row id, event."""
    made = [
        EventPost(id=id, document_id=row, event=event, russian=id % 2 == 0, **fields)  # type: ignore[arg-type]
        for id, row, event in given
    ]
    await events.add_posts(tx, made)
    return made


async def test_posts_come_back_as_they_went_in_by_number(tx: Connection) -> None:
    rows = await store(tx, post(1), post(2, minutes=1), post(3, minutes=2))
    made = await put(tx, [(7, rows[2], 7), (8, rows[0], None), (9, rows[1], 7)], terms=b"abc")
    made[1] = replace(made[1], terms=None)
    await tx.execute("UPDATE event_post SET terms = NULL WHERE id = 8")
    assert await events.list_since(tx, 0) == made
    assert await events.list_since(tx, 8) == made[1:]
    assert await events.list_since(tx, 10) == []


async def test_posts_of_a_stretch_of_time_and_those_beside_it(tx: Connection) -> None:
    rows = await store(tx, *(post(n, minutes=n) for n in range(5)), post(9, minutes=None))
    # Numbered against the order of their times.
    made = await put(tx, [(10 - n, row, 50 + n % 2) for n, row in enumerate(rows)])
    first, end = NOON + timedelta(minutes=1), NOON + timedelta(minutes=3)
    within = [made[2], made[1]]
    assert await events.list_published(tx, first, end) == within
    assert await events.list_others(tx, [50, None, 51, 99], first, end) == [
        made[5], made[4], made[3], made[0],
    ]  # fmt: skip
    assert await events.list_others(tx, [50], first, end) == [made[4], made[0]]
    assert await events.list_others(tx, [None], first, end) == []


async def test_a_number_is_never_given_twice(tx: Connection) -> None:
    assert await events.find_next(tx) == 1
    (row,) = await store(tx, post(1))
    await put(tx, [(4, row, 4)])
    assert await events.find_next(tx) == 5
    await events.merge(tx, 9, into=4)
    assert await events.find_next(tx) == 10
    await events.set_frequencies(tx, {True: (3, b"x")}, counted_to=12)
    assert await events.find_next(tx) == 13
    await put(tx, [(20, (await store(tx, post(2)))[0], None)])
    assert await events.find_next(tx) == 21


async def test_an_event_is_found_by_every_name_it_had(tx: Connection) -> None:
    rows = await store(tx, post(1, minutes=2), post(2, channel=5), post(3, minutes=None), post(4))
    await put(tx, [(1, rows[0], 1), (2, rows[1], 2), (3, rows[2], 3), (4, rows[3], None)])
    await events.merge(tx, 3, into=2)
    await events.merge(tx, 2, into=1)
    assert [await events.find_event(tx, f"tg:{name}") for name in ("1/1", "5/2", "1/3")] == [1] * 3
    assert await events.find_event(tx, "tg:1/4") is None
    assert await events.find_event(tx, "tg:1/99") is None
    posts = ["tg:1/3", "tg:5/2", "tg:1/1"]
    for name in (1, 2, 3):
        assert await list_event(tx, name) == posts
    assert await list_event(tx, 4) == []
    merges = await events.list_merges(tx, after=0)
    assert [(event, into) for _, event, into in merges] == [(3, 1), (2, 1)]
    assert await events.list_merges(tx, after=merges[0][0]) == merges[1:]
    assert await events.list_merges(tx, after=merges[1][0]) == []


async def test_of_stories_those_posts_are_tied_that_are_in_events_and_near(tx: Connection) -> None:
    rows = await store(tx, *(post(n, minutes=n, channel=n + 1) for n in range(6)))
    await put(tx, [(n + 1, row, None if n == 4 else 7) for n, row in enumerate(rows[:5])])
    for row, story in zip(rows, ("a", "a", "b", "a", "a", "a"), strict=True):
        await tx.execute("UPDATE document SET story = ? WHERE id = ?", (story, row))
    near = (rows[1], rows[5])
    tied = [
        Tied(story="a", document_id=rows[n], channel_id=n + 1, event=7)
        for n in (1, 3)  # 4 is a roundup, 5 in no event yet
    ]
    found = await events.list_tied(tx, ["a"], near=near)
    assert sorted(found, key=lambda one: one.document_id) == tied
    assert await events.list_tied(tx, ["a"], near=(rows[1] + 1, rows[3])) == tied[1:]
    assert await events.list_tied(tx, ["c"], near=near) == []


async def test_frequencies_are_kept_by_script(tx: Connection) -> None:
    assert await events.find_frequencies(tx) == (0, {})
    await events.set_frequencies(tx, {True: (3, b"ru"), False: (1, b"en")}, counted_to=5)
    assert await events.find_frequencies(tx) == (5, {True: (3, b"ru"), False: (1, b"en")})
    await events.set_frequencies(tx, {True: (4, b"RU")}, counted_to=8)
    assert await events.find_frequencies(tx) == (8, {True: (4, b"RU"), False: (1, b"en")})


async def test_the_last_texts_of_a_channel_by_their_numbers(tx: Connection) -> None:
    await store(tx, *(post(n, minutes=-n) for n in range(1, 5)), post(9, channel=2))
    assert await events.list_texts(tx, [2, 1, 3], limit=3) == {
        1: ["post 2", "post 3", "post 4"],
        2: ["post 9"],
        3: [],
    }
    assert await events.list_texts(tx, [], limit=3) == {}


async def test_what_was_never_put_into_an_event_is_read_in_parts(tx: Connection) -> None:
    first, copy = post(1, text="Fire"), replace(post(2, channel=2, minutes=1), title="Fire again")
    copy = replace(copy, forwarded_from=Forward(channel_id=1, message_id=1))
    rows = await store(tx, first, copy, post(3, minutes=2), post(4, minutes=3))
    for row in rows[:2]:
        await tx.execute("UPDATE document SET story = 'tg:1/1' WHERE id = ?", (row,))
    await put(tx, [(1, rows[2], None)])  # a roundup was looked at, too
    expected = [
        Unthreaded(document_id=rows[0], channel_id=1, story="tg:1/1", is_copy=False, text="Fire"),
        Unthreaded(
            document_id=rows[1], channel_id=2, story="tg:1/1", is_copy=True, text="Fire again"
        ),
        Unthreaded(document_id=rows[3], channel_id=1, story="tg:1/4", is_copy=False, text="post 4"),
    ]
    assert await events.list_unthreaded(tx, after=0, limit=10) == (rows[3], expected)
    assert await events.list_unthreaded(tx, after=0, limit=1) == (rows[0], expected[:1])
    assert await events.list_unthreaded(tx, after=rows[0], limit=2) == (rows[2], expected[1:2])
    assert await events.list_unthreaded(tx, after=rows[3], limit=2) == (None, [])


async def test_members_come_as_they_were_stored_those_of_one_moment_by_their_rows(
    tx: Connection,
) -> None:
    wanted = []
    for at, numbers in ((NOON, range(1, 60)), (NOON + timedelta(hours=1), range(60, 120))):
        posts = [post(number, minutes=number * 7 % 59) for number in numbers]
        stored = await documents.store_documents(tx, posts, stored_at=at, live=True)
        wanted += sorted(one.id for one in stored)
    await tx.execute("UPDATE document SET story = ?", ("tg:1/1",))
    assert await stories.list_members(tx, "tg:1/1") == wanted
