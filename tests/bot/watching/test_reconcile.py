"""The turns of the channels: each has its own, whatever becomes of another."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from telethon import events

from bot.telegram.retry import Failure
from bot.watching import reconcile
from bot.watching.budget import Budget
from bot.watching.history import Page
from bot.watching.pushes import Watch
from bot.watching.reconcile import Reconciler
from bot.watching.registrar import Registrar
from bot.watching.scan import Scanned, Scanner
from bot.watching.sources import Source
from handlers.sources.references import NAME_MOVED
from storage.errors import UnavailableError
from storage.records import Channel

HISTORY = "messages.getHistory"
PATIENCE = 60.0
NOW = datetime.now(UTC)


@pytest.fixture
def source(ground: Any) -> Source:
    return Source(history=ground.history, budget=Budget(600))


@pytest.fixture
def reconciler(ground: Any, source: Source) -> Reconciler:
    parts = (ground.db, ground.watchlist, ground.notices, ground.gate)
    return Reconciler(
        ground.watchlist,
        Scanner(ground.db, ground.watchlist, ground.intake, recheck=10),
        {"account": source},
        Registrar(ground.client, *parts),
        ground.gate,
        interval=600.0,
        requests=600,
        account_serves=lambda: True,
    )


async def tried(done: "asyncio.Future[None]") -> None:
    await asyncio.wait_for(done, PATIENCE)


async def test_each_channel_has_its_turn_and_what_it_missed(
    ground: Any, reconciler: Reconciler, running: Any
) -> None:
    other = ground.sandbox.add_channel("Other", username="other", members=[ground.watcher])
    for channel in (ground.harbour, other):
        await ground.watch(channel)
        await channel.post("Missed")
    assert not reconciler.has_come_round()
    async with running(reconciler.run()):
        await ground.wait_texts("Missed")
        await ground.wait_texts("Missed", channel=other)
    assert reconciler.has_come_round()


async def test_who_asks_for_a_scan_has_the_half_of_the_budget_that_is_kept_for_that(
    ground: Any, reconciler: Reconciler, source: Source, running: Any
) -> None:
    row = await ground.watch()
    now = asyncio.get_running_loop().time()
    for _ in range(300):  # From now on all others wait for their turn.
        source.budget.take(now)
    source.budget.take(now + 3600.0)
    async with running(reconciler.run()):
        await tried(reconciler.request(row))


async def test_who_asks_for_a_scan_hears_that_it_was_tried(
    ground: Any, reconciler: Reconciler, running: Any
) -> None:
    row = await ground.watch()
    async with running(reconciler.run()):
        await tried(reconciler.request(row))
        await ground.harbour.post("Missed")
        await tried(reconciler.request(row))
        assert await ground.texts() == ["Missed"]
        ground.watchlist.drop(row.id)
        await tried(reconciler.request(row))


async def test_a_scan_that_fails_is_tried_too_and_again_after_a_while(
    ground: Any, reconciler: Reconciler, running: Any
) -> None:
    row = await ground.watch()
    await ground.harbour.post("Missed")
    ground.sandbox.faults.fail(HISTORY, "INTERNAL", code=500)
    async with running(reconciler.run()):
        await tried(reconciler.request(row))
        await ground.wait_texts("Missed")


@pytest.mark.parametrize("kind", ["500", "flood"])
async def test_what_was_missed_is_stored_first_though_its_first_scan_goes_wrong(
    ground: Any, reconciler: Reconciler, running: Any, listen: Any, kind: str
) -> None:
    pushed = listen(ground.client, events.NewMessage())
    row = await ground.watch()
    parts = (ground.watchlist, ground.intake, ground.gate, reconciler.request, ground.history)
    async with running(reconciler.run()):
        await tried(reconciler.request(row))
        await ground.harbour.post("Missed")
        await pushed.next()
        faults = ground.sandbox.faults
        if kind == "500":
            strike = faults.fail(HISTORY, "INTERNAL", code=500)
        else:
            strike = faults.flood_wait(HISTORY, 1)
        Watch(ground.client, *parts).open()
        await ground.harbour.post("Heard")
        await ground.wait_texts("Missed", "Heard")
    async with ground.db.reader() as conn:
        rows = await conn.fetch_all("SELECT message_id FROM document ORDER BY id")
    numbers = [row["message_id"] for row in rows]
    assert numbers == sorted(numbers)
    assert strike.hits == 1


async def test_a_wait_for_one_channel_holds_up_no_other(
    ground: Any, reconciler: Reconciler, source: Source, running: Any
) -> None:
    other = ground.sandbox.add_channel("Other", username="other", members=[ground.watcher])
    rows = [await ground.watch(channel) for channel in (ground.harbour, other)]
    for channel in (ground.harbour, other):
        await channel.post("Missed")
    ground.sandbox.faults.flood_wait(HISTORY, 500, times=None, peer=ground.harbour)
    async with running(reconciler.run()):
        await tried(reconciler.request(rows[0]))
        await tried(reconciler.request(rows[1]))
        await ground.wait_texts("Missed", channel=other)
        reconciler.wake()
        later = reconciler.request(rows[0])
        await tried(reconciler.request(rows[1]))
        assert not later.done()
    assert await ground.texts() == []


async def test_a_channel_that_can_be_read_no_more_is_told_and_kept(
    ground: Any, reconciler: Reconciler, running: Any
) -> None:
    row = await ground.watch()
    async with ground.db.transaction() as tx:
        await tx.execute("UPDATE channel SET username = NULL, username_key = NULL")
    ground.watchlist.put(await ground.row())
    ground.sandbox.faults.fail(HISTORY, "CHANNEL_PRIVATE", times=None)
    async with running(reconciler.run()):
        await tried(reconciler.request(row))
        async with asyncio.timeout(PATIENCE):
            while (await ground.row()).error is None:  # noqa: ASYNC110 - of the database
                await asyncio.sleep(0.01)
    (told,) = await ground.told()
    assert "private" in told
    assert (await ground.row()).watched


@pytest.mark.parametrize(("age", "is_scanned"), [(None, False), (0, True), (3600, True)])
async def test_a_channel_is_due_since_its_last_scan(age: int | None, is_scanned: bool) -> None:
    now = datetime.now(UTC)
    last = None if age is None else now - timedelta(seconds=age)
    turn = reconcile._new_turn(Channel(id=1, channel_id=1, added_at=now, last_scan_at=last))
    clock = asyncio.get_running_loop().time()
    assert clock - turn.due_at == pytest.approx(age or 0, abs=2)
    assert (turn.scanned_at is not None) is is_scanned


def failure(kind: Any, seconds: float = 0.0) -> Failure:
    return Failure(kind=kind, reason="WHY", seconds=seconds)


async def turn_of(ground: Any, reconciler: Reconciler) -> tuple[Any, Channel]:
    """Harbour is watched; its turn, and the channel."""
    row = await ground.watch()
    reconciler._follow_list()
    return reconciler._turns[row.id], row


def soon(moment: float) -> float:
    """Seconds from now."""
    return moment - asyncio.get_running_loop().time()


async def test_what_is_not_handled_waits_longer_each_time(
    ground: Any, reconciler: Reconciler
) -> None:
    turn, _ = await turn_of(ground, reconciler)
    for wait in (1.0, 2.0, 4.0, 8.0):
        reconciler._put_off(turn)
        assert soon(turn.due_at) == pytest.approx(wait, abs=0.5)
        assert turn.closed_until == turn.due_at


@pytest.mark.parametrize(
    ("kind", "seconds", "due", "closed"),
    [
        ("flood", 50.0, 50.0, True),
        ("flood", 0.0, 1.0, True),
        ("timeout", 0.0, 1.0, False),
        ("network", 0.0, 1.0, False),
        ("server", 0.0, 1.0, False),
    ],
)
async def test_a_failure_puts_a_channel_off(
    ground: Any, reconciler: Reconciler, kind: Any, seconds: float, due: float, closed: bool
) -> None:
    turn, row = await turn_of(ground, reconciler)
    await reconciler._failed(turn, row, "account", failure(kind, seconds))
    assert soon(turn.due_at) == pytest.approx(due, abs=0.5)
    assert (turn.closed_until == turn.due_at) is closed
    assert turn.keeps is (due <= reconcile.SOON)
    assert turn.failed == 1
    assert await ground.told() == []


@pytest.mark.parametrize(("interval", "due"), [(600.0, 5.0), (2.0, 2.0)])
async def test_what_could_not_be_stored_is_scanned_again_in_five_seconds(
    ground: Any,
    reconciler: Reconciler,
    monkeypatch: pytest.MonkeyPatch,
    interval: float,
    due: float,
) -> None:
    async def locked(*_: object, **__: object) -> None:
        raise UnavailableError("the database is locked", cause="lock")

    monkeypatch.setattr(reconciler._scanner, "scan", locked)
    reconciler._interval = interval
    turn, row = await turn_of(ground, reconciler)
    await reconciler._scan(turn, row, urgent=False)
    assert soon(turn.due_at) == pytest.approx(due, abs=0.5)
    assert (turn.failed, await ground.told()) == (0, [])


async def test_a_wait_that_several_channels_meet_is_one_for_all(
    ground: Any, reconciler: Reconciler, source: Source
) -> None:
    turn, row = await turn_of(ground, reconciler)
    now = asyncio.get_running_loop().time()
    await reconciler._failed(turn, row, "account", failure("flood", 50.0))
    assert source.budget.ready_at(now) == now
    for other in range(100, 103):
        await reconciler._failed(reconcile._Turn(other, 0.0), row, "account", failure("flood", 50))
    assert soon(source.budget.ready_at(now)) == pytest.approx(50, abs=1)


async def test_a_scan_that_succeeds_is_planned_again_within_the_interval(
    ground: Any, reconciler: Reconciler
) -> None:
    turn, _ = await turn_of(ground, reconciler)
    turn.failed, turn.refused = 3, "it is private"
    now = asyncio.get_running_loop().time()
    page = Page(items=(), low=1, high=1, is_last=True)
    reconciler._succeeded(turn, "account", Scanned(page=page, is_done=True), now)
    assert (turn.failed, turn.refused, turn.again) == (0, "", False)
    assert soon(turn.scanned_at) == pytest.approx(0, abs=1)
    assert 299 < soon(turn.due_at) < 602
    assert turn.rate is not None
    reconciler._succeeded(turn, "account", Scanned(page=page, is_done=False), now)
    assert turn.again


async def test_what_the_account_may_not_read_is_read_from_its_preview_for_an_hour(
    ground: Any, source: Source
) -> None:
    preview = Source(history=ground.history, budget=Budget(600))
    parts = (ground.db, ground.watchlist, ground.notices, ground.gate)
    reconciler = Reconciler(
        ground.watchlist,
        Scanner(ground.db, ground.watchlist, ground.intake, recheck=10),
        {"account": source, "preview": preview},
        Registrar(ground.client, *parts),
        ground.gate,
        interval=60.0,
        requests=600,
        account_serves=lambda: True,
    )
    turn, row = await turn_of(ground, reconciler)
    now = asyncio.get_running_loop().time()
    assert reconciler._choose(turn, now) == "account"
    await reconciler._failed(turn, row, "account", failure("gone"))
    assert soon(turn.due_at) == pytest.approx(0, abs=0.5)
    assert soon(turn.account_closed_until) == pytest.approx(3600, abs=1)
    assert reconciler._choose(turn, now) == "preview"
    assert reconciler._choose(turn, now + 3602) == "account"
    assert await ground.told() == []
    await reconciler._failed(turn, row, "preview", failure("refused"))
    assert soon(turn.due_at) == pytest.approx(60, abs=1)
    (told,) = await ground.told()
    assert "WHY" in told
    assert (await ground.row()).error == "WHY"


async def test_a_reconnection_makes_every_turn_due_and_has_those_under_way_scanned_again(
    ground: Any, reconciler: Reconciler
) -> None:
    turn, row = await turn_of(ground, reconciler)
    now = asyncio.get_running_loop().time()
    turn.due_at, turn.scanned_at = now + 500, now - 9
    reconciler.wake()
    assert (turn.due_at, turn.again) == (now - 9, False)
    turn.due_at, turn.scanned_at, turn.busy = now + 500, None, True
    reconciler.wake()
    assert (soon(turn.due_at), turn.again) == (pytest.approx(0, abs=0.5), True)
    turn.again = False
    reconciler.request(row)
    assert (turn.urgent, turn.again, len(turn.waiting)) == (True, True, 1)


@pytest.mark.parametrize("again", [False, True])
async def test_what_was_under_way_at_a_reconnection_is_due_at_once_when_it_is_done(
    ground: Any, reconciler: Reconciler, again: bool
) -> None:
    turn, _ = await turn_of(ground, reconciler)
    fault = ground.sandbox.faults.withhold_request(HISTORY)
    turn.busy = True
    scan = asyncio.create_task(reconciler._take(turn))
    await fault.wait_hit()
    if again:
        reconciler.wake()
        turn.due_at += 500.0
    fault.release()
    await asyncio.wait_for(scan, PATIENCE)
    assert (turn.busy, turn.had) == (False, True)
    assert (soon(turn.due_at) < PATIENCE) is again


async def test_at_the_start_what_is_new_is_waited_for(
    ground: Any, reconciler: Reconciler, running: Any
) -> None:
    other = ground.sandbox.add_channel("Other", username="other", members=[ground.watcher])
    known, new = await ground.watch(), await ground.watch(other, scanned=False)
    fault = ground.sandbox.faults.withhold_request(HISTORY, peer=other)
    async with running(reconciler.run()):
        begun = asyncio.create_task(reconciler.begin(PATIENCE))
        await fault.wait_hit()
        assert not begun.done()
        fault.release()
        await asyncio.wait_for(begun, PATIENCE)
    assert ground.watchlist.get(new.id).last_scan_at is not None
    assert known.last_scan_at is not None


async def test_urgent_turns_go_first_then_the_longest_due(
    ground: Any, reconciler: Reconciler
) -> None:
    now = asyncio.get_running_loop().time()
    for number, due in ((1, -1.0), (2, -9.0), (3, -5.0)):
        ground.watchlist.put(Channel(id=number, channel_id=number, access_hash=1, added_at=NOW))
        reconciler._turns[number] = reconcile._Turn(number, due_at=now + due)
    order = []
    for _ in range(3):
        turn = await reconciler._next()
        turn.busy = True
        order.append(turn.row)
    assert order == [2, 3, 1]
    for turn in reconciler._turns.values():
        turn.busy, turn.due_at = False, now + 100
    reconciler._turns[3].urgent = True
    assert (await reconciler._next()).row == 3
    reconciler._turns[3].closed_until = now + 100
    reconciler._turns[1].due_at = now + 0.2
    assert (await reconciler._next()).row == 1


async def test_the_interval_grows_with_the_channels(ground: Any, reconciler: Reconciler) -> None:
    assert (reconciler.interval, reconciler.spare_requests()) == (600.0, 300.0)
    for number in range(1, 12_001):
        ground.watchlist.put(Channel(id=number, added_at=NOW))
    assert reconciler.interval == 1200.0
    assert reconciler.spare_requests() < 300.0


async def test_no_wait_is_longer_than_the_interval_and_a_refusal_lasts_as_long(
    ground: Any, reconciler: Reconciler
) -> None:
    turn, row = await turn_of(ground, reconciler)
    turn.failed, reconciler._interval = 9, 20.0
    reconciler._put_off(turn)
    assert soon(turn.due_at) == pytest.approx(20, abs=0.5)
    await reconciler._failed(turn, row, "account", failure("network"))
    assert soon(turn.due_at) == pytest.approx(20, abs=0.5)
    assert not turn.keeps
    reconciler._interval = 7200.0
    await reconciler._failed(turn, row, "account", failure("gone"))
    assert soon(turn.account_closed_until) == pytest.approx(7200, abs=1)
    reconciler.forgive()
    assert (turn.account_closed_until, turn.refused) == (0.0, "")


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (failure("refused"), "FIRST"),  # what the account was told counts more
        (failure("network"), "FIRST"),
        (Failure(kind="refused", reason=NAME_MOVED), NAME_MOVED),
    ],
)
async def test_a_channel_that_neither_can_read_is_told_with_the_account_s_reason(
    ground: Any, source: Source, reconciler: Reconciler, second: Failure, told: str
) -> None:
    reconciler._sources = {"account": source, "preview": source}
    turn, row = await turn_of(ground, reconciler)
    await reconciler._failed(turn, row, "account", Failure(kind="gone", reason="FIRST"))
    assert (turn.keeps, (await ground.row()).error) == (False, None)
    await reconciler._failed(turn, row, "preview", second)
    assert (await ground.row()).error == told


async def test_waits_of_two_channels_are_their_own_where_a_scan_passed_between(
    ground: Any, reconciler: Reconciler, source: Source
) -> None:
    turn, row = await turn_of(ground, reconciler)
    now = asyncio.get_running_loop().time()
    await reconciler._failed(turn, row, "account", failure("flood", 50.0))
    page = Page(items=(), low=1, high=1, is_last=True)
    reconciler._succeeded(reconcile._Turn(98, 0.0), "account", Scanned(page=page), now)
    await reconciler._failed(reconcile._Turn(99, 0.0), row, "account", failure("flood", 50.0))
    assert source.budget.ready_at(now) == now
