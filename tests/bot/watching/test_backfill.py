"""History that is asked for: read oldest first, to its end or as far as it goes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.intake.asides import Asides, cause_of
from bot.intake.intake import Intake
from bot.intake.saved_queries import SavedQueries
from bot.sandbox.state import media
from bot.telegram.retry import Failure
from bot.watching import backfill as backfill_module
from bot.watching.backfill import Backfiller
from bot.watching.budget import Budget
from bot.watching.sources import Source
from handlers.operators.troubles import Troubles
from storage.channels import backfills
from storage.outbox.gate import Outbox
from storage.records import Backfill, Channel

HISTORY = "messages.getHistory"
BEGAN = datetime(2025, 3, 1, tzinfo=UTC)


def make_backfiller(ground: Any, **limits: Any) -> Backfiller:
    return Backfiller(
        ground.db,
        ground.watchlist,
        ground.intake,
        {"account": Source(history=ground.history, budget=Budget(600))},
        ground.notices,
        ground.gate,
        account_serves=lambda: True,
        **limits,
    )


@pytest.fixture
def backfiller(ground: Any) -> Backfiller:
    return make_backfiller(ground)


@pytest.fixture
async def row(ground: Any) -> Channel:
    """Harbour, watched after it had posted once a day."""
    for day in range(8):
        await ground.harbour.post(f"Day {day}", date=BEGAN + timedelta(days=day))
    return await ground.watch()


async def ask(ground: Any, row: Channel, **wishes: Any) -> None:
    async with ground.db.transaction() as tx:
        await backfills.ask_for(tx, row.id, asked_by=900, now=datetime.now(UTC), **wishes)


async def found(ground: Any, row: Channel) -> Backfill:
    async with ground.db.reader() as conn:
        backfill = await backfills.find_backfill(conn, row.id)
    assert backfill is not None
    return backfill


@pytest.mark.parametrize("since", [None, BEGAN, BEGAN + timedelta(days=7)])
async def test_nothing_is_read_that_would_be_forgotten_again(
    ground: Any, row: Channel, since: datetime | None
) -> None:
    backfiller = make_backfiller(
        ground, kept_for=datetime.now(UTC) - BEGAN - timedelta(days=4, hours=12)
    )
    await ask(ground, row, since=since)
    assert await backfiller.read(row) == 0.0
    first = 7 if since and since > BEGAN else 5
    assert (await found(ground, row)).posts == 8 - first


@pytest.mark.parametrize(
    ("wishes", "days"),
    [
        ({}, range(8)),
        ({"limit": 3}, range(3)),
        ({"since": BEGAN + timedelta(days=5)}, range(5, 8)),
        ({"since": BEGAN + timedelta(days=5), "limit": 2}, range(5, 7)),
        ({"since": BEGAN + timedelta(days=99)}, ()),
        ({"limit": 0}, ()),
    ],
)
async def test_what_is_asked_for_is_stored_oldest_first(
    ground: Any, backfiller: Backfiller, row: Channel, wishes: dict[str, Any], days: Any
) -> None:
    await ask(ground, row, **wishes)
    assert await backfiller.read(row) == 0.0
    assert await ground.texts() == [f"Day {day}" for day in days]
    backfill = await found(ground, row)
    assert backfill.finished_at is not None
    assert backfill.posts == len(days)
    assert (await ground.row()).cursor == row.cursor


async def test_another_call_goes_on_and_each_is_told(
    ground: Any, backfiller: Backfiller, row: Channel
) -> None:
    for _ in range(2):
        await ask(ground, row, limit=4)
        await backfiller.read(row)
    assert await ground.texts() == [f"Day {day}" for day in range(8)]
    assert len(await ground.told()) == 2


async def test_a_failure_is_waited_out_and_it_goes_on_where_it_was(
    ground: Any, backfiller: Backfiller, row: Channel
) -> None:
    await ask(ground, row)
    ground.sandbox.faults.flood_wait(HISTORY, 7)
    assert await backfiller.read(row) >= 7
    assert (await found(ground, row)).finished_at is None
    assert await backfiller.read(row) == 0.0
    assert len(await ground.texts()) == 8


async def test_a_channel_that_cannot_be_read_ends_it_and_says_why(
    ground: Any, backfiller: Backfiller, row: Channel
) -> None:
    await ask(ground, row)
    ground.sandbox.faults.fail(HISTORY, "CHANNEL_PRIVATE")
    assert await backfiller.read(row) == 0.0
    backfill = await found(ground, row)
    assert (backfill.finished_at is not None, backfill.error) == (True, "CHANNEL_PRIVATE")


async def test_what_nobody_asked_for_is_not_read(
    ground: Any, backfiller: Backfiller, row: Channel
) -> None:
    assert await backfiller.read(row) == 0.0
    assert await ground.texts() == []


async def test_it_is_found_in_the_database_whoever_asked(
    ground: Any, backfiller: Backfiller, row: Channel, running: Any
) -> None:
    async with running(backfiller.run()):
        await ask(ground, row)
        await ground.wait_texts(*(f"Day {day}" for day in range(8)))


async def test_what_is_watched_no_more_or_not_read_yet_holds_up_no_other(
    ground: Any, backfiller: Backfiller, row: Channel, running: Any
) -> None:
    gone, fresh = (ground.sandbox.add_channel(name, username=name) for name in ("gone", "fresh"))
    for channel in (gone, fresh):
        await channel.post("Never read")
    off = await ground.watch(gone)
    ground.watchlist.drop(off.id)
    for one in (off, await ground.watch(fresh, scanned=False), row):
        await ask(ground, one)
    async with running(backfiller.run()):
        await ground.wait_texts(*(f"Day {day}" for day in range(8)))
    assert await ground.texts(gone) == await ground.texts(fresh) == []


async def test_what_failed_ends_it_or_is_waited_out(
    ground: Any, backfiller: Backfiller, row: Channel
) -> None:
    cases: list[tuple[Any, float, float, bool]] = [
        ("frozen", 3600.0, 3600.0, False),
        ("flood", 500.0, 500.0, False),
        ("network", 0.1, 60.0, False),
        ("gone", 0.0, 0.0, True),
        ("refused", 0.0, 0.0, True),
        ("unauthorized", 0.1, 60.0, False),
    ]
    for kind, at_least, at_most, is_over in cases:
        await ask(ground, row)
        seconds = 500.0 if kind == "flood" else 0.0
        wait = await backfiller._stopped(row, Failure(kind=kind, reason="WHY", seconds=seconds))
        assert at_least <= wait <= at_most, kind
        backfill = await found(ground, row)
        assert (backfill.finished_at is not None) is is_over, kind
        assert backfill.error == ("WHY" if is_over else None), kind


async def test_what_is_read_is_said_to_be_history_that_was_asked_for(
    ground: Any,
    backfiller: Backfiller,
    row: Channel,
    running: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[tuple[bool, bool]] = []
    submit = Intake.submit

    async def submitted(intake: Intake, posts: Any = (), **how: Any) -> Any:
        given.extend((one.history, one.asked) for one in posts)
        return await submit(intake, posts, **how)

    monkeypatch.setattr(Intake, "submit", submitted)
    await ask(ground, row)
    async with running(backfiller.run()):
        await ground.wait_texts(*(f"Day {day}" for day in range(8)))
    assert given and set(given) == {(True, True)}


async def test_it_begins_at_the_later_of_what_was_asked_for_and_what_is_kept(
    backfiller: Backfiller,
) -> None:
    now = datetime.now(UTC)
    for since, kept, days in ((None, None, None), (5, None, 5), (None, 9, 9), (5, 9, 5), (9, 5, 5)):
        backfiller._kept_for = None if kept is None else timedelta(days=kept)
        asked_at = None if since is None else now - timedelta(days=since)
        oldest = backfiller._oldest(Backfill(channel=1, since=asked_at, asked_at=now))
        if days is None:
            assert oldest is None
        else:
            assert oldest is not None
            assert abs(now - timedelta(days=days) - oldest) < timedelta(hours=12)


async def test_a_history_that_ends_is_reported_as_stopped_no_more_and_its_channel_still_is(
    ground: Any, backfiller: Backfiller, row: Channel
) -> None:
    troubles = Troubles()
    asides = Asides(troubles=troubles)
    backfiller._intake = Intake(ground.db, SavedQueries(), outbox=Outbox(), asides=asides)
    history, posts = (cause_of(row.id, asked=asked) for asked in (True, False))
    for cause in (history, posts):
        troubles.begin(cause, reason="channels", text="cannot be taken in")
    await ask(ground, row, limit=0)
    assert await backfiller.read(row) == 0.0
    assert [one.cause for one in troubles.list_all()] == [posts]


@pytest.mark.parametrize(
    ("limit", "said"),
    [(None, "All is read."), (8, "All is read."), (7, "It goes on with another call.")],
)
async def test_who_asked_is_told_whether_there_is_more(
    ground: Any, backfiller: Backfiller, row: Channel, limit: int | None, said: str
) -> None:
    await ask(ground, row, limit=limit)
    await backfiller.read(row)
    (told,) = await ground.told()
    assert said in told
    assert f"{limit or 8} post" in told


async def test_nobody_is_told_of_what_nobody_asked_for(
    ground: Any, backfiller: Backfiller, row: Channel
) -> None:
    await ask(ground, row)
    async with ground.db.transaction() as tx:
        await tx.execute("UPDATE backfill SET asked_by = NULL")
    await backfiller.read(row)
    assert (await found(ground, row)).finished_at is not None
    assert await ground.told() == []


async def test_a_channel_that_was_never_read_begins_where_its_history_ends(
    ground: Any, backfiller: Backfiller, row: Channel
) -> None:
    other = ground.sandbox.add_channel("Other", username="other", members=[ground.watcher])
    for day in range(2):
        await other.post(f"Day {day}", date=BEGAN + timedelta(days=day))
    fresh = await ground.watch(other, scanned=False)
    await ask(ground, fresh)
    assert await backfiller.read(fresh) == 0.0
    assert await ground.texts(other) == ["Day 0", "Day 1"]
    begun = await ground.row(other)
    assert (begun.cursor, begun.last_scan_at is not None) == (other.posts[-1].id, True)
    assert begun.floor == begun.cursor


async def test_recent_posts_are_read_by_another(
    ground: Any, backfiller: Backfiller, row: Channel
) -> None:
    await ask(ground, row)
    async with ground.db.transaction() as tx:
        await tx.execute("UPDATE backfill SET newest_first = 1")
    assert await backfiller.read(row) == 0.0
    assert (await found(ground, row)).finished_at is None
    assert await ground.texts() == []


async def test_an_album_that_was_the_last_is_not_begun_again(ground: Any, backfiller: Any) -> None:
    photos = [media.photo(), media.photo()]
    await ground.harbour.post_album(photos, "Two views")
    await ground.harbour.post("After")
    row = await ground.watch()
    await ask(ground, row, limit=1)
    await backfiller.read(row)
    assert (await found(ground, row)).next_id == 3
    await ask(ground, row, limit=1)
    await backfiller.read(row)
    assert await ground.texts() == ["Two views", "After"]


async def test_what_a_channel_has_to_wait_for_is_waited_for_and_holds_up_no_other(
    ground: Any, backfiller: Backfiller, row: Channel, running: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill_module, "POLL", 0.01)
    strike = ground.sandbox.faults.flood_wait(HISTORY, 500, times=None, peer=ground.harbour)
    await ask(ground, row)
    async with running(backfiller.run()):
        for name in ("one", "two"):
            other = ground.sandbox.add_channel(name, username=name, members=[ground.watcher])
            await other.post("Read")
            await ask(ground, await ground.watch(other))
            await ground.wait_texts("Read", channel=other)
    assert strike.hits == 1


async def test_what_a_page_left_out_is_read(ground: Any, backfiller: Backfiller) -> None:
    told = await ground.post_in_part()
    row = await ground.watch()
    await ask(ground, row)
    await backfiller.read(row)
    assert await ground.whole() == told
