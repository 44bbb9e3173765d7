"""A silence is told once, by who asked, as far as the channel is known to be read."""

from datetime import UTC, datetime, time, timedelta

import pytest

from handlers.signals.recipients import Recipients
from handlers.signals.silences import GRACE, UNREAD, Silences
from storage.channels import channels
from storage.document import Channel
from storage.outbox.gate import Outbox
from storage.subscribers import silences, subscribers

HARBOUR = Channel(id=100, username="harbour", title="Harbour News")
QUAY = Channel(id=101, username="quay", title="Quay")
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
LAST = datetime(2026, 11, 20, 8, 20, tzinfo=UTC)  # a Friday


@pytest.fixture
def looking(database, clock) -> Silences:
    clock.now = LAST + 7 * HOUR
    recipients = Recipients(outbox=Outbox(), language="en", timezone="UTC")
    return Silences(database, recipients, clock)


@pytest.fixture
def ask(database):
    """Has chats ask for the silences of a channel."""

    async def asked(row: int, *chats: int) -> None:
        async with database.transaction() as tx:
            for chat_id in chats:
                await subscribers.add_subscriber(tx, chat_id=chat_id, now=LAST)
                await silences.add_silence(tx, chat_id, row, now=LAST)

    return asked


@pytest.fixture
def read(database, clock):
    """Has a channel read now, with nothing new."""

    async def scanned(row: int) -> None:
        async with database.transaction() as tx:
            await channels.advance_cursor(tx, row, 0, clock.now)

    return scanned


@pytest.mark.slow
async def test_a_silence_is_told_once_to_each_who_asked(
    database, looking, ask, read, post_weeks, told, clock
) -> None:
    row = await post_weeks(HARBOUR, until=LAST, read_at=LAST + 7 * HOUR)
    await ask(row, 1, 2)
    assert await looking.run()  # To be read once more.
    assert await told() == []
    clock.now += MINUTE
    await read(row)
    assert not await looking.run()
    first, second = await told()
    assert [first[0], second[0]] == [1, 2]
    assert first[1] == (
        "🔇 Harbour News is silent: its last post came today 8:20, 7 hours ago.\n"
        "At this time of the week its pauses take 1 hour at most, but for the rarest."
    )
    clock.now += 3 * HOUR
    await read(row)
    assert not await looking.run()
    await ask(row, 3)  # Who asks later hears of it too.
    await looking.run()
    clock.now += MINUTE
    await read(row)
    await looking.run()
    assert [chat for chat, _ in await told()] == [1, 2, 3]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("hours", "is_told"),
    [(3, False), (5.9, False), (7, True)],
)
async def test_six_hours_are_the_least(
    looking, ask, read, post_weeks, told, clock, hours, is_told
) -> None:
    clock.now = LAST + hours * HOUR
    row = await post_weeks(HARBOUR, until=LAST, read_at=clock.now)
    await ask(row, 1)
    await looking.run()
    clock.now += MINUTE
    await read(row)
    await looking.run()
    assert bool(await told()) == is_told


async def test_a_night_is_no_silence(looking, ask, read, post_weeks, told, clock) -> None:
    evening = LAST.replace(hour=19)
    clock.now = evening + 10 * HOUR
    row = await post_weeks(HARBOUR, until=evening, read_at=clock.now)
    await ask(row, 1)
    assert not await looking.run()
    assert await told() == []


async def test_what_was_not_read_is_no_silence_but_said_to_be_unread(
    looking, ask, post_weeks, told, clock
) -> None:
    """After an outage of ours nothing is said at once: it may be read in a moment."""
    row = await post_weeks(HARBOUR, until=LAST, read_at=LAST + 2 * HOUR)
    await ask(row, 1)
    clock.now = LAST + 9 * HOUR
    await looking.run()
    assert await told() == []
    clock.now += GRACE
    await looking.run()
    await looking.run()
    assert [text for _, text in await told()] == [
        "⚠️ Harbour News could not be read since today 10:20. Whether it is silent is not known."
    ]


async def test_a_channel_that_is_watched_on_after_hours_has_time_to_be_read(
    database, looking, ask, post_weeks, told, clock
) -> None:
    row = await post_weeks(HARBOUR, until=LAST, read_at=LAST + 7 * HOUR)
    await ask(row, 1)
    await looking.run()
    read_at = clock.now
    async with database.transaction() as tx:
        await channels.remove_channel(tx, row)
    clock.now += 7 * HOUR
    await looking.run()
    async with database.transaction() as tx:
        await channels.restore_channel(tx, row, last_scan_at=read_at)
    await looking.run()
    assert await told() == []
    clock.now += GRACE
    await looking.run()
    assert [text[:36] for _, text in await told()] == ["⚠️ Harbour News could not be read sin"[:36]]


async def test_a_pause_that_ends_between_two_readings_is_none(
    database, looking, ask, read, post_weeks, store, make_post, told, clock
) -> None:
    """What was missed comes page by page: the first may end with an old post."""
    row = await post_weeks(HARBOUR, until=LAST, read_at=LAST + 7 * HOUR)
    await ask(row, 1)
    assert await looking.run()
    at = LAST + 6 * HOUR
    post = make_post(9000, "It goes on", channel=HARBOUR, published_at=f"{at:%FT%TZ}")
    await store(post, at=clock.now)
    clock.now += MINUTE
    await read(row)
    assert not await looking.run()
    assert await told() == []


@pytest.mark.slow
async def test_quiet_hours_stopped_chats_and_other_channels_are_left_alone(
    database, looking, ask, read, post_weeks, told, clock
) -> None:
    row = await post_weeks(HARBOUR, until=LAST, read_at=LAST + 7 * HOUR)
    other = await post_weeks(QUAY, until=LAST + 6 * HOUR, read_at=LAST + 7 * HOUR)
    await ask(row, 1, 2)
    await ask(other, 3)
    async with database.transaction() as tx:
        await subscribers.update_subscriber(
            tx, 1, quiet_from=time(15), quiet_until=time(18), language="ru"
        )
        await subscribers.deactivate(tx, 2)
    await looking.run()
    clock.now += MINUTE
    await read(row)
    await looking.run()
    ((chat, text),) = await told()
    assert chat == 1
    assert "молчит" in text
    async with database.reader() as conn:
        queued = await conn.fetch_one("SELECT due_at FROM delivery")
    assert queued is not None
    assert queued["due_at"] == int(LAST.replace(hour=18, minute=0).timestamp() * 1e6)


async def test_a_channel_with_little_behind_it_is_never_silent(
    looking, ask, read, post_weeks, told, clock
) -> None:
    row = await post_weeks(HARBOUR, until=LAST, read_at=LAST + 7 * HOUR, weeks=1)
    await ask(row, 1)
    assert not await looking.run()
    assert await told() == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("unread", "running", "is_told"),
    [
        (UNREAD, GRACE, True),
        (UNREAD - MINUTE, GRACE, False),
        (UNREAD, GRACE - MINUTE, False),
        (UNREAD + HOUR, 2 * GRACE, True),
    ],
)
async def test_a_channel_is_unread_after_six_hours_and_half_an_hour_of_ours(
    looking, ask, post_weeks, told, clock, unread, running, is_told
) -> None:
    assert (timedelta(hours=6), timedelta(minutes=30)) == (UNREAD, GRACE)
    row = await post_weeks(HARBOUR, until=LAST, read_at=LAST)
    await ask(row, 1)
    clock.now = LAST + unread - running
    await looking.run()
    clock.now = LAST + unread
    await looking.run()
    assert bool(await told()) == is_told


async def test_a_channel_that_was_never_read_is_unread_since_it_was_added(
    database, looking, ask, post_weeks, told, clock, now
) -> None:
    row = await post_weeks(HARBOUR, until=LAST, read_at=None)
    await ask(row, 1)
    clock.now = now
    assert not await looking.run()
    clock.now += GRACE
    await looking.run()
    ((_, text),) = await told()
    assert "could not be read since 27 Sep." in text
    await channels_removed(database, row)
    assert not await looking.run()


async def channels_removed(database, row: int) -> None:
    async with database.transaction() as tx:
        await channels.remove_channel(tx, row)


@pytest.mark.slow
async def test_each_silence_and_each_time_unread_is_told_anew(
    database, looking, ask, read, post_weeks, store, make_post, told, clock
) -> None:
    row = await post_weeks(HARBOUR, until=LAST, read_at=LAST)
    await ask(row, 1)
    clock.now = LAST + 7 * HOUR
    for _ in range(2):  # Twice it goes unread, each from another time.
        await looking.run()
        clock.now += GRACE
        await looking.run()
        await read(row)
        clock.now += UNREAD
    assert len(await told()) == 2
    assert all("could not be read" in text for _, text in await told())


@pytest.mark.parametrize("is_read", [True, False])
async def test_who_stops_during_a_run_is_told_after_they_start_again(
    database, looking, ask, read, post_weeks, told, clock, *, is_read: bool
) -> None:
    row = await post_weeks(HARBOUR, until=LAST, read_at=LAST + 7 * HOUR)
    await ask(row, 1)
    async with database.reader() as conn:
        asked = await silences.list_asked(conn)
    await looking.run()
    clock.now += MINUTE if is_read else 8 * HOUR
    if is_read:
        await read(row)
    async with database.transaction() as tx:
        await subscribers.deactivate(tx, 1)
    await looking._look(row, asked, clock.now)
    assert await told() == []
    async with database.transaction() as tx:
        await subscribers.update_subscriber(tx, 1, active=True)
    await looking.run()
    assert [chat for chat, _ in await told()] == [1]


@pytest.mark.slow
@pytest.mark.parametrize("is_read", [True, False])
@pytest.mark.parametrize(("is_remade", "asking"), [(False, [2]), (True, [1, 2])])
async def test_what_is_removed_during_a_run_is_not_told_and_what_is_remade_told_once(
    database, looking, ask, read, post_weeks, told, clock, asking, *, is_read: bool, is_remade: bool
) -> None:
    row = await post_weeks(HARBOUR, until=LAST, read_at=LAST + 7 * HOUR)
    await ask(row, 1, 2)
    async with database.reader() as conn:
        asked = await silences.list_asked(conn)
    if is_read:
        await looking.run()
        clock.now += MINUTE
        await read(row)
    else:
        await looking.run()
        clock.now += 8 * HOUR
    async with database.transaction() as tx:
        await silences.remove_silence(tx, 1, row)
        if is_remade:
            await silences.add_silence(tx, 1, row, now=clock.now, topic=7)
    await looking._look(row, asked, clock.now)
    assert sorted(chat for chat, _ in await told()) == asking
    async with database.reader() as conn:
        have = {one.chat_id: one for one in await silences.list_asked(conn)}
        rows = await conn.fetch_all("SELECT topic FROM delivery WHERE chat_id = 1")
    assert sorted(have) == asking
    assert all((one.told_of if is_read else one.unread_of) for one in have.values())
    assert [one["topic"] for one in rows] == ([7] if is_remade else [])
