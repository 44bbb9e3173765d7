"""A surge is told once in six hours; history, copies and channels that are new don't count."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.rhythms import counts
from handlers.rhythms.counts import Seen
from handlers.signals.recipients import Recipients
from handlers.signals.surges import ONCE_IN, WEEKS, Surges, _by_third, _is_enough
from storage.channels import channels
from storage.document import Channel
from storage.documents import documents
from storage.documents.counted import Counted
from storage.errors import StorageError
from storage.outbox.gate import Outbox
from storage.subscribers import subscribers, surges

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
CHANNELS = tuple(Channel(id=100 + n, username=f"name{n}", title=f"Name {n}") for n in range(5))


@pytest.fixture
def looking(database, clock) -> Surges:
    recipients = Recipients(outbox=Outbox(), language="en", timezone="UTC")
    return Surges(database, recipients, clock)


@pytest.fixture
def watch(database, make_post, now):
    """Watches channels for so many days; every two hours one posts of ferries, another of trams."""

    async def watched(days: int = 40) -> None:
        made, at = [], now - 28 * DAY - HOUR
        while at < now - 2 * HOUR:
            number = len(made) + 1
            channel = CHANNELS[number % len(CHANNELS)]
            title = f"The {'ferry' if number % 2 else 'tram'} number {number} leaves"
            made.append(make_post(number, title, channel=channel, published_at=f"{at:%FT%TZ}"))
            at += HOUR
        async with database.transaction() as tx:
            for channel in CHANNELS:
                await channels.add_channel(
                    tx,
                    channel_id=channel.id,
                    username=channel.username,
                    title=channel.title,
                    now=now - timedelta(days=days),
                )
            for start in range(0, len(made), 200):
                batch = made[start : start + 200]
                await documents.store_documents(tx, batch, stored_at=now - HOUR, live=True)
            await subscribers.add_subscriber(tx, chat_id=1, now=now)
            await surges.add_surge(tx, 1, "ferry", now=now)

    return watched


@pytest.fixture
def burst(database, make_post, clock):
    """Stores so many posts of ferries of the last minutes, of so many channels."""

    async def posted(
        number: int,
        *,
        of: int = 4,
        live: bool = True,
        copies: bool = False,
        ago: timedelta = timedelta(0),
        first: int = 90_000,
    ) -> None:
        made = [
            make_post(
                first + n,
                "The ferry has sunk" if copies else f"Ferry {n}: {'abcdefghijklmnop'[n]} is late",
                channel=CHANNELS[n % of],
                published_at=f"{clock.now - ago - (n + 1) * MINUTE:%FT%TZ}",
            )
            for n in range(number)
        ]
        async with database.transaction() as tx:
            await documents.store_documents(tx, made, stored_at=clock.now, live=live)
            if copies:
                await tx.execute(
                    "UPDATE document SET story = ? WHERE content_hash = ?",
                    (made[0].doc_id, made[0].content_hash),
                )

    return posted


async def test_a_surge_is_told_once_with_its_posts_and_channels(
    looking, watch, burst, told, clock
) -> None:
    await watch()
    await looking.run()
    assert await told() == []
    await burst(10)
    await looking.run()
    ((chat, text),) = await told()
    assert chat == 1
    assert text.startswith(
        "📈 ferry: 10 posts of 4 channels in the last hour.\n"
        "Usually it is 1 post.\n"
        "Name 0 (3), Name 1 (3), Name 2 (2), Name 3 (2)"
    )
    assert "Ferry 0: a is late" in text
    assert text.endswith("and 2 more")
    clock.now += ONCE_IN - MINUTE
    await burst(10, first=91_000)
    await looking.run()
    assert len(await told()) == 1
    clock.now += MINUTE
    await looking.run()
    assert len(await told()) == 2


@pytest.mark.parametrize(
    ("given", "days"),
    [
        ({"number": 4}, 40),  # fewer than five
        ({"number": 12, "of": 2}, 40),  # of two channels
        ({"number": 12, "live": False}, 40),  # history
        ({"number": 12, "copies": True}, 40),  # the same, copied
        ({"number": 12, "ago": 5 * HOUR}, 40),  # held up by an outage
        ({"number": 12}, 13),  # of channels that are new
    ],
)
async def test_what_is_no_surge(looking, watch, burst, told, given, days) -> None:
    await watch(days)
    await burst(**given)
    await looking.run()
    assert await told() == []


async def test_another_query_and_a_stopped_chat_are_told_nothing(
    database, looking, watch, burst, told, now
) -> None:
    await watch()
    async with database.transaction() as tx:
        await surges.add_surge(tx, 1, "tram", now=now)
        await subscribers.add_subscriber(tx, chat_id=2, language="ru", now=now)
        await subscribers.add_subscriber(tx, chat_id=3, now=now)
        for chat_id in (2, 3):
            await surges.add_surge(tx, chat_id, "ferry", now=now)
        await subscribers.deactivate(tx, 3)
    await burst(10)
    await looking.run()
    texts = dict(await told())
    assert texts.keys() == {1, 2}
    assert "tram" not in texts[1]
    assert texts[2].startswith("📈 ferry: 10 постов из 4 каналов за последний час.")


@pytest.mark.parametrize("query", ["tram", None])
async def test_what_is_written_anew_or_removed_during_a_run_is_not_told(
    database, looking, watch, burst, told, clock, query: str | None
) -> None:
    await watch()
    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=2, now=clock.now)
        await surges.add_surge(tx, 2, "ferry", now=clock.now)
    await burst(10)
    async with database.transaction() as tx:
        asked = await surges.list_asked(tx, told_before=clock.now)
        first = asked[0]
        if query is None:
            await surges.remove_surge(tx, first.id, first.chat_id)
        else:
            await surges.change_query(tx, first.id, first.chat_id, query, now=clock.now)
    since = {channel.id: clock.now - 40 * DAY for channel in CHANNELS}
    await looking._look("ferry", asked, since, clock.now)
    assert [chat for chat, _ in await told()] == [2]
    async with database.reader() as conn:
        have = await surges.list_surges(conn, 1)
    assert [(one.query, one.told_at) for one in have] == ([(query, None)] if query else [])


@pytest.mark.parametrize("is_restarted", [False, True])
@pytest.mark.parametrize("query", ["ferry OR tram", "ferry late", "ferries", "ferry"])
async def test_a_surge_is_not_told_again_because_its_query_is_written_anew(
    database, looking, watch, burst, told, clock, query: str, is_restarted: bool
) -> None:
    await watch()
    await burst(10)
    await looking.run()
    async with database.transaction() as tx:
        (one,) = await surges.list_surges(tx, 1)
        if query == one.query:
            await surges.remove_surge(tx, one.id, 1, now=clock.now)
            await surges.add_surge(tx, 1, query, now=clock.now)
        else:
            await surges.change_query(tx, one.id, 1, query, now=clock.now)
    if is_restarted:
        looking = Surges(database, looking.recipients, clock)
    clock.now += 2 * MINUTE
    await burst(2, first=91_000)
    await looking.run()
    assert len(await told()) == 1
    await burst(10, first=92_000)
    await looking.run()
    assert len(await told()) == 2


async def test_another_query_in_its_place_is_told_at_once(
    database, looking, watch, burst, told, make_post, clock
) -> None:
    await watch()
    await burst(10)
    await looking.run()
    trams = [
        make_post(
            95_000 + n,
            f"Tram {n}: {'abcdefghij'[n]} is late",
            channel=CHANNELS[n % 4],
            published_at=f"{clock.now - (n + 1) * MINUTE:%FT%TZ}",
        )
        for n in range(10)
    ]
    async with database.transaction() as tx:
        (one,) = await surges.list_surges(tx, 1)
        await surges.change_query(tx, one.id, 1, "tram", now=clock.now)
        await documents.store_documents(tx, trams, stored_at=clock.now, live=True)
    await looking.run()
    assert len(await told()) == 2


async def test_what_is_removed_and_asked_for_anew_during_a_run_is_told_once(
    database, looking, watch, burst, told, clock
) -> None:
    await watch()
    await burst(10)
    async with database.transaction() as tx:
        asked = await surges.list_asked(tx, told_before=clock.now)
        await surges.remove_surge(tx, asked[0].id, 1)
        await surges.add_surge(tx, 1, "ferry", now=clock.now)
    since = {channel.id: clock.now - 40 * DAY for channel in CHANNELS}
    await looking._look("ferry", asked, since, clock.now)
    await looking.run()
    assert [chat for chat, _ in await told()] == [1]


async def test_what_could_not_be_written_is_told_the_next_time(
    database, looking, watch, burst, told, clock
) -> None:
    await watch()
    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=2, now=clock.now)
        await surges.add_surge(tx, 2, "ferry", now=clock.now)
        await tx.execute(
            "CREATE TRIGGER refuse BEFORE UPDATE ON surge WHEN NEW.chat_id = 2"
            " BEGIN SELECT RAISE(ABORT, 'refused'); END"
        )
    await burst(10)
    with pytest.raises(StorageError):
        await looking.run()
    assert await told() == []
    async with database.transaction() as tx:
        await tx.execute("DROP TRIGGER refuse")
    await looking.run()
    assert [chat for chat, _ in await told()] == [1, 2]


async def test_who_stops_during_a_run_is_told_after_they_start_again(
    database, looking, watch, burst, told, clock
) -> None:
    await watch()
    await burst(10)
    async with database.transaction() as tx:
        asked = await surges.list_asked(tx, told_before=clock.now)
        await subscribers.deactivate(tx, 1)
    since = {channel.id: clock.now - 40 * DAY for channel in CHANNELS}
    await looking._look("ferry", asked, since, clock.now)
    assert await told() == []
    async with database.transaction() as tx:
        await subscribers.update_subscriber(tx, 1, active=True)
    await looking.run()
    assert [chat for chat, _ in await told()] == [1]


async def test_more_queries_than_are_looked_at_at_once_have_their_turn(
    monkeypatch, looking
) -> None:
    monkeypatch.setattr("handlers.signals.surges.MOST", 2)
    queries = ["a", "b", "c", "d", "e"]
    looked = [list(looking._turn(queries)) for _ in range(5)]
    assert looked == [["a", "b"], ["c", "d"], ["e", "a"], ["b", "c"], ["d", "e"]]


@pytest.mark.parametrize(
    ("weeks", "read_weeks", "share"),
    [
        (0.5, 4, 8),
        (1, 4, 4),
        (2, 4, 2),
        (3, 4, 4 / 3),
        (4, 4, 1),
        (50, 4, 1),
        (2, 2, 1),
        (2, 3, 1.5),
    ],
)
def test_a_channel_of_some_weeks_counts_for_all_that_was_read(
    weeks: float, read_weeks: int, share: float
) -> None:
    """On an instance that is as new as its channels nothing counts for more than it is."""
    at = datetime(2026, 11, 20, 12, 59, 59, tzinfo=UTC)
    third, hour = int(at.timestamp()) // 1200, int(at.timestamp()) // 3600
    read = list(range(hour - read_weeks * 168 + 1, hour + 1))
    since = {1: at - timedelta(weeks=weeks) + HOUR}
    found = [Counted(1, at, 1), Counted(2, at - HOUR, 1), Counted(3, at, 2), Counted(4, at, 1)]
    total, weight = _by_third(found, since, read)
    assert timedelta(weeks=4) == WEEKS
    assert total == pytest.approx({third: 2 * share, third - 3: share})
    assert weight == pytest.approx(share)
    assert _by_third([], since, read) == ({}, 1.0)


@pytest.mark.parametrize(
    ("number", "channels", "is_enough"),
    [(5, 3, True), (4, 3, False), (5, 2, False), (50, 2, False), (0, 1, False)],
)
def test_most_often_there_is_too_little_to_look_further(number, channels, is_enough) -> None:
    assert (counts.LEAST_POSTS, counts.LEAST_CHANNELS) == (5, 3)
    assert _is_enough([Seen(n, n % channels, n) for n in range(number)]) is is_enough


@pytest.mark.parametrize("days", [timedelta(days=14), timedelta(days=14) - MINUTE])
async def test_a_channel_counts_from_the_fourteenth_day_on(
    looking, watch, burst, told, days: timedelta
) -> None:
    await watch(days.total_seconds() / 86400)
    await burst(10)
    await looking.run()
    assert bool(await told()) == (days >= timedelta(days=14))


async def test_the_weeks_are_read_once_an_hour(
    database, looking, watch, burst, told, clock
) -> None:
    """What is stored late says nothing in the hour in which its weeks were read already."""
    await watch()
    await burst(6)
    await looking.run()
    assert len(await told()) == 1
    read = looking._weeks["ferry"]
    clock.now += MINUTE
    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=2, now=clock.now)
        await surges.add_surge(tx, 2, "ferry", now=clock.now)
    await looking.run()
    assert looking._weeks["ferry"] is read
    clock.now += HOUR
    await burst(6, first=92_000)
    async with database.transaction() as tx:
        await tx.execute("UPDATE surge SET told_at = NULL")
    await looking.run()
    assert looking._weeks["ferry"][0] == read[0] + 1
