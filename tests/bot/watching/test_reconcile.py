"""The turns of the channels: each has its own, whatever becomes of another."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.watching import reconcile
from bot.watching.budget import Budget
from bot.watching.reconcile import Reconciler
from bot.watching.registrar import Registrar
from bot.watching.scan import Scanner
from bot.watching.sources import Source
from storage.records import Channel

HISTORY = "messages.getHistory"
PATIENCE = 10.0


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
