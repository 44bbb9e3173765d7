"""The posts of a query are counted when they were published, each story once."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.document import Channel, Link
from storage.documents import counted, documents
from storage.query.reading.syntax import parse

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
QUAY = Channel(id=78, username="quay", title="Quay")


@pytest.fixture
def put(tx, make_document):
    """Stores a post that was published then."""

    async def stored(number: int, text: str, at: datetime, *, live: bool = True, **fields) -> str:
        post = make_document(text, message_id=number, published_at=f"{at:%FT%TZ}", **fields)
        await documents.store_documents(tx, [post], stored_at=NOON + 5 * HOUR, live=live)
        return post.doc_id

    return stored


@pytest.mark.parametrize("asked", ["grain", "grain -barley", '"grain exports"', "grain*"])
async def test_posts_of_a_query_count_by_when_they_were_published(tx, put, asked: str) -> None:
    await put(1, "Grain exports resumed", NOON)
    await put(2, "Grain exports stopped", NOON + HOUR)
    await put(3, "Grain exports again", NOON + 2 * HOUR)  # The span ends before it.
    await put(4, "Grain exports of old", NOON + HOUR / 2, live=False)  # history
    await put(5, "A ferry sails", NOON)
    found = await counted.list_counted(tx, parse(asked), after=NOON, until=NOON + 2 * HOUR)
    assert sorted((one.at, one.channel_id) for one in found) == [(NOON, 77), (NOON + HOUR, 77)]


@pytest.mark.parametrize("asked", ["grain", "grain -barley", "grain*", "==Grain link:example.org"])
async def test_every_stored_post_counts_for_its_channel(tx, put, asked: str) -> None:
    linked = {"links": (Link(text="more", url="https://example.org/a"),)}
    await put(1, "Grain exports resumed", NOON, **linked)
    await put(1, "Grain exports resumed", NOON + HOUR, channel=QUAY, **linked)
    await put(2, "Grain exports of old", NOON + HOUR, live=False, **linked)
    await put(3, "Grain exports again", NOON + 2 * HOUR, **linked)  # The span ends before it.
    await put(4, "A ferry sails", NOON, **linked)
    query = parse(asked)
    span = {"after": NOON, "until": NOON + 2 * HOUR}
    assert await counted.count_by_channel(tx, query, **span) == {77: 2, 78: 1}
    assert len(await counted.list_found(tx, query, **span)) == 3
    assert not await counted.count_by_channel(tx, parse("after:2024-01-01"), **span)


async def test_posts_beyond_those_of_a_second_count_too(tx, make_document) -> None:
    posts = [
        make_document(f"Grain {n}", message_id=n, published_at=f"{NOON:%FT%TZ}")
        for n in range(1, 301)
    ]
    await documents.store_documents(tx, posts, stored_at=NOON, live=True)
    for after, many in ((NOON, 300), (NOON + HOUR, 0)):
        found = counted.count_by_channel(tx, parse("grain"), after=after, until=after + HOUR)
        assert (await found)[77] == many


async def test_a_story_counts_once_when_it_was_told_first(tx, put) -> None:
    first = await put(1, "Grain exports resumed", NOON)
    await put(2, "Grain exports resumed", NOON + HOUR, channel=QUAY)
    await tx.execute("UPDATE document SET story = ?", (first,))
    query = parse("grain")
    whole = await counted.list_counted(tx, query, after=NOON, until=NOON + 3 * HOUR)
    assert [one.channel_id for one in whole] == [77]
    later = await counted.list_counted(tx, query, after=NOON + HOUR, until=NOON + 3 * HOUR)
    assert later == []


async def test_hours_in_which_nothing_was_published_were_not_read(tx, put) -> None:
    await put(1, "One", NOON)
    await put(2, "Two", NOON + HOUR - timedelta(seconds=1))
    await put(3, "Three", NOON + 3 * HOUR)
    await put(4, "History", NOON + 4 * HOUR, live=False)
    hour = int(NOON.timestamp()) // 3600
    assert await counted.list_read_hours(tx, since=NOON) == [hour, hour + 3]
    assert await counted.list_read_hours(tx, since=NOON + 6 * HOUR) == []
