"""The review of a week, asked for and turned."""

from datetime import datetime, timedelta

import pytest

from handlers.digests import corrections, reviewing
from handlers.digests.review import compose_review
from storage.channels import channels
from storage.connection import Database
from storage.document import Channel, Document
from storage.documents import documents
from storage.documents.published import Output

CHANNELS = [Channel(id=100 + n, username=f"port_{n}", title=f"Port {n}") for n in range(4)]
OLDER = [
    f"{size} {thing}"
    for size in ("small", "grey", "old")
    for thing in ("crane", "quay", "boat", "rope", "anchor", "buoy", "mast", "sail", "hull", "dock")
]


async def delete(database: Database, post: Document, noticed_at: datetime) -> None:
    assert post.channel is not None
    async with database.transaction() as tx:
        await documents.mark_deleted(
            tx,
            channel_id=post.channel.id,
            message_ids=[post.message_id],
            noticed_at=noticed_at,
        )


@pytest.fixture
def write(store, make_post, now):
    """Posts of so many days ago, of each channel in turn, as they were watched."""
    numbers = iter(range(1, 10_000))

    async def written(days: float, *texts: str, channels: int = 4, **fields):
        posts = []
        for place, text in enumerate(texts):
            number = next(numbers)
            at = now - timedelta(days=days) + timedelta(minutes=number % 600)
            channel = CHANNELS[place % channels]
            posts.append(
                make_post(number, text, channel=channel, published_at=f"{at:%FT%TZ}", **fields)
            )
        await store(*posts, at=now - timedelta(days=days) + timedelta(minutes=600))
        return posts

    return written


async def join(database, posts) -> None:
    """Make them copies of one statement."""
    async with database.transaction() as tx:
        await tx.execute_many(
            "UPDATE document SET story = 'one' WHERE doc_id = ?", [(one.doc_id,) for one in posts]
        )


@pytest.fixture
async def weeks(write) -> None:
    """Three weeks of talk of harbours before, and a week in which ferries are the talk."""
    for week in (1, 2, 3):
        texts = [f"In harbour {week} a {thing} waits for its {week} day" for thing in OLDER]
        await write(7 * week + 3, *texts)
    await write(3, *(f"The ferry of captain Ida Brandt and {thing} are late" for thing in OLDER))


async def test_it_tells_what_rose_fell_and_is_new(ann, weeks) -> None:
    text = await ann.read("/review")
    title, *sections = text.split("\n\n")
    assert title == "🗓 15 Nov 12:00 – 22 Nov 12:00\n30 posts · 4 channels"
    rose, fell, *others = sections
    assert rose.startswith("📈 Rose")
    assert "ferry" in rose
    assert "30 posts, 4 channels (before 0)" in rose
    assert fell.startswith("📉 Fell")
    assert "harbour" in fell
    assert "0 posts (before 3" in fell
    assert not any("could" in one for one in others)


async def test_a_new_name_is_told_with_who_was_first(ann, weeks, write) -> None:
    await write(2, *(f"A {thing}, says pilot Otto Example" for thing in OLDER[:4]))
    text = await ann.read("/review")
    assert "• Otto Example – 4 posts, 4 channels, first: Port 0 20 Nov" in text
    await write(60, "Long ago there was pilot Otto Example")
    assert "Otto" not in await ann.read("/review")


async def test_without_weeks_before_it_says_so(ann, write) -> None:
    await write(2, *(f"The ferry and {thing} are late" for thing in OLDER))
    text = await ann.read("/review")
    assert text.split("\n\n")[1].startswith("What rose, fell and is new cannot be told yet")
    assert "📈" not in text


async def test_what_was_repeated_is_told_once_an_event(ann, weeks, write, database) -> None:
    posts = await write(2, *["The bridge of Lisvik is closed for the winter"] * 3)
    await join(database, posts)
    text = await ann.read("/review")
    assert "• The bridge of Lisvik is closed for the winter – 3 channels, first: Port 0" in text


async def test_changed_statements_are_told_word_by_word(ann, weeks, write, store, make_post, now):
    (post,) = await write(2, "The ferry carries 40 people to Lisvik")
    changed = make_post(
        post.message_id,
        "The ferry carries 45 people to Lisvik",
        channel=post.channel,
        published_at=post.published_at,
        edited_at=f"{now - timedelta(days=1):%FT%TZ}",
    )
    await store(changed, at=now - timedelta(days=1))
    (message,) = await ann.say("/review")
    assert "✏️ 1 statement changed after publication" in message.text.text
    assert "The ferry carries 40 45 people to Lisvik" in message.text.text
    kinds = {message.text.text[one.start : one.end]: one.kind for one in message.text.spans}
    assert (kinds["40"], kinds["45"]) == ("strike", "bold")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The ferry to Lisvik sails no more", True),
        ("Buy our ferry tickets today. Реклама", False),
        ("Soon", False),
    ],
)
async def test_deleted_posts_are_told(ann, weeks, write, database, now, text, told) -> None:
    (post,) = await write(2, text)
    await delete(database, post, now - timedelta(days=1))
    answer = await ann.read("/review")
    assert ("🗑 1 post deleted" in answer) == told
    assert ("gone by 21 Nov 12:00" in answer) == told


async def test_what_its_channel_tells_again_is_not_gone(ann, weeks, write, database, now) -> None:
    gone, again = await write(2, *["The ferry to Lisvik sails no more"] * 2, channels=1)
    await join(database, [gone, again])
    await delete(database, gone, now - timedelta(days=1))
    assert "🗑" not in await ann.read("/review")


async def test_channels_that_fell_silent_are_told(ann, weeks, store, make_post, database, now):
    quiet = Channel(id=777, username="quiet", title="Quiet Quay")
    posts = [
        make_post(
            n,
            f"Quiet {n}",
            channel=quiet,
            published_at=f"{now - timedelta(days=10, minutes=n):%FT%TZ}",
        )
        for n in range(1, 31)
    ]
    await store(*posts, at=now - timedelta(days=9))
    async with database.transaction() as tx:
        known = await channels.add_channel(tx, channel_id=777, username="quiet", now=now)
        await channels.begin_watching(tx, known.id, 30, now)
    text = await ann.read("/review")
    assert "🔇 Fell silent\n• Quiet Quay – last post 12 Nov 11:59 (before 1" in text
    async with database.transaction() as tx:
        await channels.update_channel(tx, known.id, error="it is private now")
    assert "could not be read" in await ann.read("/review")
    assert "🔇" not in await ann.read("/review ferry")


@pytest.mark.parametrize(("posts", "is_told"), [(2, False), (3, True)])
async def test_a_channel_of_few_posts_is_not_said_to_be_silent(
    database, now, posts, is_told
) -> None:
    async with database.transaction() as tx:
        await channels.add_channel(tx, channel_id=777, username="quiet", now=now)
        span = corrections.Span(conn=tx, after=now - timedelta(days=7), until=now)
        before = {777: Output(channel_id=777, posts=2 * posts, last="tg:777/1")}
        found = await corrections.find_silent(span, {}, before, 2.0)
        assert not await corrections.find_silent(span, before, before, 2.0)
    assert [one.before for one in found] == [3.0] * is_told


async def test_it_can_be_of_a_query_and_of_another_span(ann, weeks) -> None:
    text = await ann.read("/review anchor 3w")
    assert "\n🔎 anchor\n" in text
    assert "9 posts · " in text
    assert (await ann.read("/review cranes-none")).startswith("Nothing for")
    assert (await ann.read("/review after:never")).count("after:")


@pytest.mark.parametrize(("written", "days"), [("24h", 1), ("31d", 31), ("2w", 14)])
async def test_a_span_is_told_whole(ann, weeks, write, now, written: str, days: int) -> None:
    await write(0.6, "The bridge is closed")
    text = await ann.read(f"/review {written}")
    since = now - timedelta(days=days)
    assert f"{since.day} {since:%b} 12:00" in text


@pytest.mark.parametrize("written", ["1h", "5000d", "5w", "0d", "-3 days", "1.5w", "1y"])
async def test_a_span_that_no_review_has_is_refused(ann, weeks, written: str) -> None:
    text = await ann.read(f"/review anchor {written}")
    assert text.startswith(f"{written} is no span that I can count here")
    assert "from 1d to 31d" in text


async def test_nothing_is_said_so(ann) -> None:
    assert (await ann.read("/review")).startswith("Nothing was published since ")


async def test_pages_turn_in_place(ann, weeks, monkeypatch) -> None:
    monkeypatch.setattr("handlers.render.answers.review_pages._ROOM", 150)
    (message,) = await ann.say("/review")
    second = (await ann.press(message.keyboard, "Next")).edit
    assert second.text.text != message.text.text
    assert (await ann.press(second.keyboard, "Prev")).edit == message


async def test_a_review_and_a_digest_are_not_mixed_up(ann, weeks, write, monkeypatch) -> None:
    monkeypatch.setattr("handlers.render.answers.review_pages._ROOM", 150)
    await write(0.6, "The bridge is closed")
    (review,) = await ann.say("/review")
    (digest,) = await ann.say("/digest now")
    token = digest.keyboard[-1][0].data.split("|")[1]
    assert (await ann.press_data(f"rp|{token}|0")).toast == "That review is not kept any more."
    token = review.keyboard[-1][-1].data.split("|")[1]
    assert (await ann.press_data(f"dp|{token}|0")).toast == "That digest is not kept any more."
    assert (await ann.press_data("rp|nothing|0")).toast == "That review is not kept any more."


async def test_it_speaks_russian(ann, weeks) -> None:
    ann.language = "ru"
    text = await ann.read("/обзор")
    assert "📈 Стало больше" in text
    assert "30 постов, 4 канала (раньше 0)" in text


async def test_more_than_can_be_looked_at_is_said(ann, weeks, monkeypatch) -> None:
    monkeypatch.setattr(reviewing, "LIMIT", 20)
    assert "10 older posts are more than one review looks at." in await ann.read("/review")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Follow us: Port 0", "Follow us: Port 7"),
        ("Follow us: Port 0", "Follow us: Port 0\nIt is back"),
        ("Follow us: Port 0\nIt is back", "It is back"),
    ],
)
async def test_what_a_channel_writes_below_all_its_posts_is_no_change(
    ann, weeks, write, store, make_post, now, before: str, after: str
) -> None:
    await write(2, *(f"A {one} was found\nFollow us: Port 0" for one in OLDER), channels=1)
    (post,) = await write(2, f"A stone was found\n{before}", channels=1)
    changed = make_post(
        post.message_id,
        f"A stone was found\n{after}",
        channel=post.channel,
        published_at=post.published_at,
        edited_at=f"{now - timedelta(days=1):%FT%TZ}",
    )
    await store(changed, at=now - timedelta(days=1))
    assert "✏️" not in await ann.read("/review")


async def compose(database, now, **wishes):
    async with database.reader() as conn:
        return await compose_review(
            conn, 501, after=now - timedelta(days=7), until=now, timezone="UTC", language="en",
            **wishes,
        )  # fmt: skip


async def test_a_week_of_nothing_but_deletions_is_a_review(write, database, now) -> None:
    (post,) = await write(9, "The ferry to Lisvik sails no more")
    assert await compose(database, now) is None
    await delete(database, post, now - timedelta(days=1))
    made = await compose(database, now)
    assert made is not None
    assert "🗑 1 post deleted" in made.message.text.text
