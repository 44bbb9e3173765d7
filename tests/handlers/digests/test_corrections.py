"""What became of posts in a span, by a rule over channels and posts of every kind."""

from datetime import datetime, timedelta
from itertools import product

import pytest

from handlers.digests import corrections
from handlers.digests.corrections import EDITS, OLDEST, Span
from storage.channels import channels
from storage.document import Channel
from storage.documents import documents
from storage.documents.published import Output
from storage.query.reading import syntax

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
PORTS = [Channel(id=100 + n, username=f"port_{n}", title=f"Port {n}") for n in range(4)]


def span(conn, now: datetime, query: str | None = None) -> Span:
    asked = None if query is None else syntax.parse(query)
    return Span(conn=conn, after=now - 7 * DAY, until=now, query=asked)


async def test_silent_channels_are_those_that_had_much_and_have_nothing(database, now) -> None:
    cases = list(product((None, 0, 5, 6, 7, 8), (None, 0, 1)))
    earlier, output = {}, {}
    async with database.transaction() as tx:
        for place, (had, has) in enumerate(cases):
            id = 500 + place
            await channels.add_channel(tx, channel_id=id, username=f"quay_{place}", now=now)
            if had is not None:
                earlier[id] = Output(channel_id=id, posts=had, last=f"tg:{id}/1")
            if has is not None:
                output[id] = Output(channel_id=id, posts=has, last=f"tg:{id}/2")
        await channels.add_channel(tx, channel_id=None, username="unnumbered", now=now)
        earlier[900] = Output(channel_id=900, posts=99, last="tg:900/1")  # It is not watched.
        found = await corrections.find_silent(span(tx, now), output, earlier, 2.0)
    silent = [500 + at for had in (8, 7, 6) for at, one in enumerate(cases) if one == (had, None)]
    assert [(one.last, one.before) for one in found] == [
        (f"tg:{id}/1", earlier[id].posts / 2) for id in silent
    ]


async def test_of_channels_that_had_as_much_each_has_its_place(database, now) -> None:
    async with database.transaction() as tx:
        for id in (503, 501, 502):
            await channels.add_channel(tx, channel_id=id, username=f"quay_{id}", now=now)
        earlier = {id: Output(channel_id=id, posts=9, last=f"tg:{id}/1") for id in (502, 503, 501)}
        found = await corrections.find_silent(span(tx, now), {}, earlier, 1.0)
    assert [one.last for one in found] == ["tg:501/1", "tg:502/1", "tg:503/1"]


@pytest.mark.parametrize(
    ("ago", "error", "is_read"),
    [
        (None, None, False),
        (timedelta(0), None, True),
        (3.5 * DAY, None, True),
        (3.5 * DAY + SECOND, None, False),
        (DAY, "it is private now", False),
    ],
)
async def test_a_silent_channel_was_read_if_it_was_looked_at_lately(
    database, now, ago: timedelta | None, error: str | None, is_read: bool
) -> None:
    async with database.transaction() as tx:
        known = await channels.add_channel(tx, channel_id=777, username="quiet", now=now)
        if ago is not None:
            await channels.begin_watching(tx, known.id, 30, now - ago)
        if error is not None:
            await channels.update_channel(tx, known.id, error=error)
        earlier = {777: Output(channel_id=777, posts=9, last="tg:777/1")}
        (found,) = await corrections.find_silent(span(tx, now), {}, earlier, 1.0)
    assert found.is_read == is_read


def telling(number: int) -> str:
    return f"The ferry to Lisvik sails {number} times no more"


@pytest.fixture
def gone(store, make_post, database, now):
    """Stores posts of Port 0 and notes that they are gone; (published, gone) so long ago."""

    async def stored(*ages: tuple[timedelta, timedelta]) -> None:
        for number, (published, ago) in enumerate(ages, 1):
            at = now - published
            await store(
                make_post(number, telling(number), channel=PORTS[0], published_at=f"{at:%FT%TZ}"),
                at=at,
            )
            async with database.transaction() as tx:
                await documents.mark_deleted(
                    tx, channel_id=100, message_ids=[number], noticed_at=now - ago
                )

    return stored


async def test_deleted_posts_are_of_the_span_and_not_of_long_ago(gone, database, now) -> None:
    ages = [
        (8 * DAY, 7 * DAY),
        (8 * DAY, 7 * DAY + SECOND),
        (8 * DAY, SECOND),
        (8 * DAY, timedelta(0)),
        (OLDEST, DAY),
        (OLDEST + SECOND, DAY),
    ]
    await gone(*ages)
    async with database.reader() as conn:
        told, many = await corrections.read_deleted(span(conn, now))
        ferries, _ = await corrections.read_deleted(span(conn, now, "ferry 3"))
        assert await corrections.read_deleted(span(conn, now, "grain")) == ((), 0)
    expected = [
        number
        for number, (published, ago) in enumerate(ages, 1)
        if published <= OLDEST and timedelta(0) < ago <= 7 * DAY
    ]
    assert many == len(expected) == 3
    assert [one.doc_id for one in told] == [f"tg:100/{number}" for number in expected[:2]]
    assert [one.doc_id for one in ferries] == ["tg:100/3"]
    assert all(one.others == 0 for one in told)


async def test_who_tells_still_of_what_is_gone_is_counted(
    gone, store, make_post, database, now
) -> None:
    await gone((3 * DAY, DAY), (3 * DAY, DAY), (3 * DAY, DAY))
    # The first is told by two others still, the second by nobody, the third by its own channel.
    others = [(10, PORTS[1], "one"), (10, PORTS[2], "one"), (11, PORTS[2], "one"),
              (10, PORTS[0], "three"), (10, PORTS[3], "three")]  # fmt: skip
    async with database.transaction() as tx:
        for number, story in ((1, "one"), (2, "two"), (3, "three")):
            await tx.execute("UPDATE document SET story = ? WHERE message_id = ?", (story, number))
    for number, channel, story in others:
        post = make_post(
            number, telling(number), channel=channel, published_at=f"{now - 2 * DAY:%FT%TZ}"
        )
        await store(post, at=now - 2 * DAY)
        async with database.transaction() as tx:
            await tx.execute("UPDATE document SET story = ? WHERE doc_id = ?", (story, post.doc_id))
    async with database.reader() as conn:
        told, many = await corrections.read_deleted(span(conn, now))
    assert many == 2
    assert [(one.doc_id, one.others) for one in told] == [("tg:100/1", 2), ("tg:100/2", 0)]


@pytest.mark.parametrize(
    ("query", "is_told"),
    [(None, True), ("40", True), ("60", True), ("ferry", True), ("grain", False)],
)
async def test_a_change_is_told_to_who_asks_for_what_was_said_or_what_is(
    store, make_post, database, now, query: str | None, is_told: bool
) -> None:
    for text, ago in (("40", 3 * DAY), ("60", DAY)):
        edited = None if text == "40" else f"{now - ago:%FT%TZ}"
        post = make_post(
            1, f"The ferry carries {text} people to Lisvik {'and back ' * 500}", channel=PORTS[0],
            published_at=f"{now - 3 * DAY:%FT%TZ}", edited_at=edited,
        )  # fmt: skip
        await store(post, at=now - ago)
    async with database.reader() as conn:
        told, many = await corrections.read_changed(span(conn, now, query))
    assert (len(told), many) == (is_told, is_told)
    for one in told:
        assert (one.doc_id, one.at) == ("tg:100/1", (now - DAY).isoformat())
        assert (len(one.old), len(one.new)) == (3000, 3000)
        assert one.old.startswith("The ferry carries 40 people")
        assert one.new.startswith("The ferry carries 60 people")
    assert EDITS == 1000
