"""How far channels are read, as it is told, and buttons to read further back."""

from datetime import timedelta

import pytest

from handlers.render.text.dates import here_in
from handlers.searching import reading
from handlers.texts.languages import words_of
from storage.channels import backfills, channels
from storage.channels.backfills import descend, find_backfill, finish
from storage.structs import replace

ASKED = timedelta(days=3)


async def watch(database, name: str, number: int, at, newest: int = 100):
    async with database.transaction() as tx:
        channel = await channels.add_channel(tx, channel_id=number, username=name, now=at)
        await channels.begin_watching(tx, channel.id, newest, at)
    return channel


async def read(database, channel, *, down_to: int, posts: int, at=None, since=None) -> None:
    """Recent posts are read down to there; all of them, where ``at``."""
    async with database.transaction() as tx:
        known = await find_backfill(tx, channel.id)
        await descend(tx, channel.id, from_id=known.last_id, last_id=down_to, posts=posts)
        if at is not None:
            await finish(tx, channel.id, finished_at=at, since=since)


async def test_an_alert_says_how_far_back_the_archive_reaches(
    ann, database, now, store, make_post
) -> None:
    ann.services = replace(ann.services, alerts_per_person=9)
    harbour = await watch(database, "harbour", 100, now - ASKED)
    await store(make_post(60, "Embargo", published_at=f"{now - timedelta(days=5):%FT%TZ}"))
    await store(make_post(40, "Embargo", published_at=f"{now - timedelta(days=30):%FT%TZ}"))
    await read(database, harbour, down_to=50, posts=1)
    said = await ann.read("/alert embargo")
    assert "1 time in the last 7 days. The archive reaches back to 17 Nov.\n" in said
    since = now - ASKED - timedelta(days=14)
    await read(database, harbour, down_to=50, posts=0, at=now, since=since)
    assert "reaches back to 5 Nov.\n" in await ann.read("/alert embargoes OR ban")
    await watch(database, "city", 200, now - timedelta(minutes=2))
    said = await ann.read("/alert embargo OR bans")
    assert "back to 5 Nov, of some channels only to today 11:58.\n" in said
    await ann.say("/settings language ru")
    said = await ann.read("/alert embargo OR banned")
    assert "Начало архива: 5 ноя; у некоторых каналов — сегодня 11:58." in said


async def test_history_reaches_back_when_all_of_it_is_read(
    ann, database, now, store, make_post
) -> None:
    harbour = await watch(database, "harbour", 100, now - ASKED)
    await store(make_post(5, "Embargo", published_at="2025-01-05T09:00:00Z"))
    for next_id, day in ((50, "19 Nov"), (101, "5 Jan 2025")):
        async with database.transaction() as tx:
            await backfills.ask_for(tx, harbour.id, now=now)
            await backfills.begin(tx, harbour.id, first_id=1, last_id=100)
            await backfills.advance(tx, harbour.id, from_id=1, next_id=next_id, posts=1)
        query = f"/alert embargo OR ban{next_id}"
        assert f"The archive reaches back to {day}." in await ann.read(query)


async def test_what_was_watched_before_reaches_back_to_its_return(
    ann, database, now, store, make_post
) -> None:
    harbour = await watch(database, "harbour", 100, now - ASKED)
    await read(database, harbour, down_to=0, posts=1, at=now, since=now - timedelta(days=17))
    async with database.transaction() as tx:
        await channels.remove_channel(tx, harbour.id)
        await channels.watch_channel(tx, harbour.id, now=now - timedelta(hours=1))
        await channels.begin_watching(tx, harbour.id, 200, now)
    assert "The archive reaches back to today 11:00." in await ann.read("/alert embargo")


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Recent posts of 2 channels are still being read: 50 posts so far."),
        ("ru", "Ещё читаю недавние посты (2 канала): пока 50 постов."),
    ],
)
async def test_progress_is_told_until_all_is_read(
    database, services, now, language: str, line: str
) -> None:
    harbour = await watch(database, "harbour", 100, now)
    await read(database, harbour, down_to=50, posts=50)
    async with database.transaction() as tx:
        city = await channels.add_channel(tx, username="city", now=now)
    words, reads = words_of(language), replace(services, read_on_watch=(14, 500))
    async with database.reader() as conn:
        told = await reading.progress(conn, reads, words)
        assert told is not None and told.text == line
        assert await reading.progress(conn, services, words) is None
    await read(database, harbour, down_to=0, posts=1, at=now)
    async with database.transaction() as tx:
        await channels.update_channel(tx, city.id, error="there is no such channel")
    async with database.reader() as conn:
        assert await reading.progress(conn, reads, words) is None


async def test_below_watch_one_sees_how_far_it_is(operator, database, now) -> None:
    (said,) = await operator.say("/watch @harbour")
    assert [[button.text for button in row] for row in said.keyboard] == [
        ["↻ How far?", "Read further back"]
    ]
    shown = (await operator.press(said.keyboard, "How far")).edit
    assert shown.text.text == "@harbour is not read yet."
    channel = await watch(database, "harbour", 100, now)
    await read(database, channel, down_to=50, posts=50)
    shown = (await operator.press(shown.keyboard, "How far")).edit
    assert shown.text.text == (
        "@harbour: recent posts are being read, newest first: 50 posts, back to today 12:00."
    )
    await read(database, channel, down_to=0, posts=1, at=now, since=now - timedelta(days=14))
    shown = (await operator.press(shown.keyboard, "How far")).edit
    assert shown.text.text == "@harbour is stored back to 8 Nov."
    here = here_in("UTC", now)
    async with database.transaction() as tx:
        await channels.update_channel(tx, channel.id, error="there is no such channel")
        lost = await channels.get_channel(tx, channel.id)
        told = await reading.channel_state(tx, lost, here, words_of("ru"))
    assert told.text == "⚠️ @harbour: чтение прервано: такого канала нет."


async def test_a_button_below_watch_reads_further_back_and_one_takes_it_back(
    operator, database, now
) -> None:
    (said,) = await operator.say("/watch @harbour")
    await watch(database, "harbour", 100, now)
    asked = (await operator.press(said.keyboard, "further")).edit
    assert [button.text for button in asked.keyboard[0]] == ["30 days", "1 year", "All"]
    for _ in range(2):
        begun = (await operator.press(asked.keyboard, "1 year")).edit
        assert begun.text.text.startswith("The history of @harbour is read now, oldest first.")
    async with database.reader() as conn:
        (row,) = await backfills.list_backfills(conn, open_only=True)
        assert await channels.count_changes(conn) == 3
    assert row.asked_by == operator.chat_id
    assert row.since is not None and row.since.isoformat() == "2025-11-22T00:00:00+00:00"
    shown = (await operator.press(begun.keyboard, "How far")).edit
    assert "the history is being read, oldest first. So far 0 posts." in shown.text.text
    for keyboard in (begun.keyboard, shown.keyboard):
        stopped = (await operator.press(keyboard, "Stop")).edit
    assert [button.text for button in stopped.keyboard[0]] == ["↻ How far?", "Read further back"]
    async with database.reader() as conn:
        assert await backfills.list_backfills(conn, open_only=True) == []


@pytest.mark.parametrize("data", ["ws|1", "wf|1", "wr|1|30", "wx|1"])
async def test_only_the_operator_reads_further(ann, operator, database, now, data: str) -> None:
    await operator.say("/watch @harbour")
    assert (await ann.press_data(data)).toast == words_of("en").operators_only
    assert (await operator.press_data(data)).toast is None
    for forged in (data.replace("1", "77", 1), data.replace("|1", "|x", 1), "wr|1|31"):
        assert (await operator.press_data(forged)).toast == words_of("en").old_button
