"""What a review reads of the archive: which posts, however many there are, and of what before."""

from datetime import timedelta

import pytest

from handlers.digests import reviewing
from handlers.digests.reviewing import read_review
from handlers.reviews.review import LEAST_BEFORE
from storage.document import Channel
from storage.query.reading import syntax

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
PORTS = [Channel(id=100 + n, username=f"port_{n}", title=f"Port {n}") for n in range(3)]


@pytest.fixture
def publish(store, make_post, now):
    """Stores posts of so long ago, each of its own story and of each channel in turn."""
    numbers = iter(range(1, 10_000))

    async def stored(*ages: timedelta, text: str = "The crane stands idle") -> None:
        made = [
            make_post(
                number, f"{text} {number}", channel=PORTS[number % 3],
                published_at=f"{now - ago:%FT%TZ}",
            )
            for ago, number in zip(ages, numbers, strict=False)
        ]  # fmt: skip
        await store(*made, at=now)

    return stored


def weekly(database, now, query: str | None = None):
    async def read():
        async with database.reader() as conn:
            asked = None if query is None else syntax.parse(query)
            return await read_review(conn, after=now - 7 * DAY, until=now, query=asked)

    return read()


@pytest.mark.parametrize("page", [1, 2, 3, 4, 5, 1000])
@pytest.mark.parametrize(("limit", "posts", "older"), [(4, 4, 0), (3, 3, 1), (1, 1, 3), (9, 4, 0)])
async def test_the_newest_posts_of_the_span_are_read_page_by_page(
    database, now, publish, monkeypatch, page: int, limit: int, posts: int, older: int
) -> None:
    monkeypatch.setattr(reviewing, "_PAGE", page)
    monkeypatch.setattr(reviewing, "LIMIT", limit)
    await publish(timedelta(0), SECOND, DAY, 2 * DAY, 7 * DAY, 7 * DAY + SECOND)
    made = await weekly(database, now)
    assert (made.posts, made.older) == (posts, older)
    assert made.channels == min(posts, 3)


@pytest.mark.parametrize(
    ("query", "posts"),
    [
        ("ferry", 3),
        ("crane", 2),
        ("ferry OR crane", 5),
        ("grain", 0),
        ("ferry after:2026-11-20", 2),
        ("ferry before:2026-11-20", 1),
        ("ferry after:2020-01-01", 3),
        ("ferry before:2030-01-01", 3),
    ],
)
async def test_a_review_of_a_query_reads_what_it_finds(
    database, now, publish, query: str, posts: int
) -> None:
    await publish(DAY, 2 * DAY)
    await publish(DAY, 2 * DAY, 6 * DAY, 8 * DAY, text="A ferry sails")
    made = await weekly(database, now, query)
    assert (made.posts, made.silent) == (posts, ())


@pytest.mark.parametrize(
    ("before", "oldest", "is_compared"),
    [
        (LEAST_BEFORE, 10.5, True),  # half a span
        (LEAST_BEFORE, 10.4, False),
        (LEAST_BEFORE - 1, 10.5, False),
        (LEAST_BEFORE + 1, 35, True),  # four spans
        (LEAST_BEFORE, 36, False),  # What is older is of no span before.
    ],
)
async def test_it_compares_with_half_a_span_before_and_enough_in_it(
    database, now, publish, before: int, oldest: float, is_compared: bool
) -> None:
    await publish(*(DAY + n * SECOND for n in range(3)), text="A ferry sails")
    recent = [8 * DAY + n * SECOND for n in range(before - 1)]
    await publish(oldest * DAY, *recent)
    assert (await weekly(database, now)).compared == is_compared


async def test_channels_that_write_no_more_are_compared_with_nothing(
    database, now, publish, store, make_post
) -> None:
    gone = Channel(id=900, username="gone", title="Gone")
    old = [
        make_post(n, f"A pilot boat waits {n}", channel=gone, published_at=f"{at:%FT%TZ}")
        for n, at in enumerate((now - 12 * DAY - n * SECOND for n in range(200)), 1)
    ]
    await store(*old, at=now)
    await publish(*(12 * DAY + n * SECOND for n in range(60)))
    await publish(*(DAY + n * SECOND for n in range(60)), text="A ferry sails")
    made = await weekly(database, now)
    assert made.compared
    told = {word for one in made.falling for word in one.words}
    assert told == {"crane", "stands", "idle"}
